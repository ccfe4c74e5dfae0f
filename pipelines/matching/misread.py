"""Misread: why a query cannot be read, where, and what was probably meant."""

from __future__ import annotations

import re

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

_OPERATORS = {"AND", "OR", "NOT", "NEAR", "NOARTICLE", "NOSENTENCE"}
_LOWER_CASE = {"and", "or", "not", "near", "et", "ou", "sauf"}
_COUNTED = {"NEAR": "NEAR/5", "ATLEAST": "ATLEAST/2", "AUMOINS": "AUMOINS/2"}
_CLOSING = {'"': '"', "«": "»", "“": "”"}
_FIELD = re.compile(r"\w+\s*$")
_FIELDS = "title: lead: text: titre: chapo: texte:"
_LONGEST_SHOWN = 40

Fault = tuple[str, int, int]
"""What is wrong, the line and the column, both from 1."""


def explain(error: UnexpectedInput, text: str) -> Fault:
    """Word a parser's error for who wrote the query."""
    if isinstance(error, UnexpectedCharacters):
        position = error.pos_in_stream or 0
        return _character(text, position), error.line, error.column
    if not isinstance(error, UnexpectedToken):
        return "the query cannot be read", 1, 1
    if error.token.type == "$END":
        lines = text.split("\n")
        return _unfinished(text), len(lines), len(lines[-1]) + 1
    return _misplaced(error, text), error.line, error.column


def _character(text: str, position: int) -> str:
    character = text[position]
    if character in _CLOSING:
        return f"the phrase that begins here is not closed with {_CLOSING[character]}"
    if character == ":":
        name = _FIELD.search(text, max(0, position - _LONGEST_SHOWN), position)
        if name is not None:
            return f"'{name[0].strip()}:' is no field; there are {_FIELDS}"
    return f"{character!r} cannot stand here"


def _unfinished(text: str) -> str:
    if text.count("(") > text.count(")"):
        return "the query ends too early: a ( is not closed"
    return "the query ends too early: a word, a phrase or a ( is missing"


def _misplaced(error: UnexpectedToken, text: str) -> str:
    token: Token = error.token
    expected = error.accepts | error.expected
    if "AND" in expected and token.type != "RPAR":
        return _no_operator(token, text)
    if token.type == "RPAR" and "WORD" not in expected:
        return "this ) closes nothing"
    if token.type in _OPERATORS:
        return f"{_shown(token)} needs a word, a phrase or a ( before it"
    return f"{_shown(token)} cannot stand here: a word, a phrase or a ( is expected"


def _no_operator(token: Token, text: str) -> str:
    """Say that two words stand side by side, and which of them looks like an operator."""
    words = [str(token), _word_before(text, token.start_pos or 0)]
    for word in words:
        if word in _LOWER_CASE:
            return f"operators are in capitals: write {word.upper()} for '{word}'"
        if word in _COUNTED:
            return f"{word} needs a number: {_COUNTED[word]}"
    return f"an operator (AND, OR, NOT, NEAR/n …) is missing before {_shown(token)}"


def _word_before(text: str, position: int) -> str:
    words = text[max(0, position - _LONGEST_SHOWN) : position].split()
    return words[-1] if words else ""


def _shown(token: Token) -> str:
    return f"'{token}'" if len(token) < _LONGEST_SHOWN else f"'{token[: _LONGEST_SHOWN - 1]}…'"
