"""Queries: the language in which analysts say what they look for, parsed into a tree.

The tree is what the matcher evaluates and what the search turns into a full-text query.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs
from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, VisitError

from pipelines.matching.errors import QueryError, TermError
from pipelines.matching.misread import explain
from pipelines.matching.term import patterns_of

MAX_LENGTH = 20_000
MAX_DEPTH = 40
MAX_COUNT = 1_000


@attrs.frozen
class Term:
    """A word or phrase: `mot`, `mot+`, `mot*`, `=VTB`, `accord+ militaire+`."""

    text: str


@attrs.frozen
class Lexicon:
    """Any term of a lexicon, by its name without the `@`."""

    name: str


@attrs.frozen
class And:
    """All parts are in the unit."""

    parts: tuple[Node, ...]


@attrs.frozen
class Or:
    """At least one part is in the unit."""

    parts: tuple[Node, ...]


@attrs.frozen
class Not:
    """The matches of one part that overlap no match of the other."""

    wanted: Node
    masking: Node


@attrs.frozen
class NoArticle:
    """The matches of one part, unless the article holds the other anywhere."""

    wanted: Node
    vetoing: Node


@attrs.frozen
class NoSentence:
    """The matches of one part, unless their sentence (or other unit) holds the other."""

    wanted: Node
    vetoing: Node


@attrs.frozen
class Near:
    """Both parts, at most `distance` words apart (1: next to each other), in either order."""

    left: Node
    right: Node
    distance: int


@attrs.frozen
class Sentence:
    """The body is satisfied within one sentence, or within `count` sentences in a row."""

    body: Node
    count: int = 1


@attrs.frozen
class Paragraph:
    """The body is satisfied within one paragraph."""

    body: Node


@attrs.frozen
class AtLeast:
    """The body has at least `count` matches."""

    body: Node
    count: int


@attrs.frozen
class Field:
    """The body is looked for in one field only: title, lead or text."""

    name: str
    body: Node


Node = (
    Term
    | Lexicon
    | And
    | Or
    | Not
    | NoArticle
    | NoSentence
    | Near
    | Sentence
    | Paragraph
    | AtLeast
    | Field
)


@attrs.frozen
class Query:
    """A parsed query and the text it was parsed from."""

    root: Node
    text: str


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below a node."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(wanted, other) | NoArticle(wanted, other) | NoSentence(wanted, other):
            return (wanted, other)
        case Near(left, right):
            return (left, right)
        case Sentence(body) | Paragraph(body) | AtLeast(body) | Field(_, body):
            return (body,)
    return ()


def nodes_of(query: Query) -> Iterator[tuple[Node, int]]:
    """Walk a query's nodes from the root, each with its depth, without recursion."""
    waiting: list[tuple[Node, int]] = [(query.root, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in reversed(children(node)))


def terms_of(query: Query) -> tuple[Term | Lexicon, ...]:
    """Return the terms and lexicons a query names, in the order of the text, repeats left out."""
    leaves = (node for node, _ in nodes_of(query) if isinstance(node, Term | Lexicon))
    return tuple(dict.fromkeys(leaves))


def parse_query(text: str) -> Query:
    """Parse a query; raise `QueryError` and nothing else where it cannot be read."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query is longer than {MAX_LENGTH} characters", 1, MAX_LENGTH + 1)
    if not text.strip():
        raise QueryError("the query is empty", 1, 1)
    try:
        root = _parser().parse(text)
    except VisitError as error:
        if isinstance(error.orig_exc, QueryError):
            raise error.orig_exc from error
        raise
    except UnexpectedInput as error:
        raise QueryError(*explain(error, text)) from error
    query = Query(root, text)  # type: ignore[arg-type]  # the transformer's result is the root
    if any(depth > MAX_DEPTH for _, depth in nodes_of(query)):
        raise QueryError(f"the query is nested deeper than {MAX_DEPTH} levels", 1, 1)
    return query


_NO_QUOTES = dict.fromkeys(map(ord, '"«»“”'))
_FIELDS = {"titre": "title", "chapo": "lead", "texte": "text"}


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Builds the tree while the parser reads, so that nothing recurses."""

    def term(self, token: Token) -> Node:
        text = str(token).translate(_NO_QUOTES).strip()
        try:
            patterns_of(text)
        except TermError as error:
            raise QueryError(str(error), token.line or 1, token.column or 1) from error
        return Term(text)

    def lexicon(self, token: Token) -> Node:
        return Lexicon(str(token)[1:])

    def both(self, left: Node, _operator: Token, right: Node) -> Node:
        parts = left.parts if isinstance(left, And) else (left,)
        return And((*parts, right))

    def either(self, left: Node, _operator: Token, right: Node) -> Node:
        parts = left.parts if isinstance(left, Or) else (left,)
        return Or((*parts, right))

    def without(self, left: Node, _operator: Token, right: Node) -> Node:
        return Not(left, right)

    def unless_article(self, left: Node, _operator: Token, right: Node) -> Node:
        return NoArticle(left, right)

    def unless_sentence(self, left: Node, _operator: Token, right: Node) -> Node:
        return NoSentence(left, right)

    def near(self, left: Node, operator: Token, right: Node) -> Node:
        return Near(left, right, _count(operator))

    def sentence(self, operator: Token, body: Node) -> Node:
        return Sentence(body, _count(operator) if "/" in operator else 1)

    def paragraph(self, _operator: Token, body: Node) -> Node:
        return Paragraph(body)

    def at_least(self, operator: Token, body: Node) -> Node:
        return AtLeast(body, _count(operator))

    def field(self, operator: Token, body: Node) -> Node:
        name = str(operator)[:-1]
        return Field(_FIELDS.get(name, name), body)


def _count(operator: Token) -> int:
    digits = operator.rpartition("/")[2]
    if len(digits) > 4 or not 1 <= int(digits) <= MAX_COUNT:
        line, column = operator.line or 1, operator.column or 1
        raise QueryError(f"the number in {operator} is not 1 to {MAX_COUNT}", line, column)
    return int(digits)


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", lexer="basic", transformer=_Builder(), propagate_positions=False
    )
