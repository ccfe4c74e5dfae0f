"""Segmentation: the sentences and paragraphs of a French press text, in linear time."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

_LONGEST = 1_500
"""A stretch this long without an end is cut at a space: it is a table or a broken extraction."""

# The end of a sentence: its marks, closing quotes, then white space and something that can begin
# another. Each run of marks is entered once (no mark before it) and taken possessively, so that
# ten million dots stay linear. A character class stands first, which lets `re` skip to the next
# candidate: twice as fast as a look-behind there.
_END = re.compile(
    r"""
    [.!?…\n]
    (?: (?<=\n)\n*+
      | (?<![.!?…].)(?<!\n)
        (?P<more>[.!?…]*+)
        (?:[\u00a0\u202f\ ]?[»”"’')\]])*+
        (?P<space>[^\S\n]++)
        (?=[«“"‘'(\[—–•-]*+[\u00a0\u202f\ ]?[^\W_a-zà-öø-ÿœæ])
    )
    """,
    re.VERBOSE,
)
_TOKEN = re.compile(r"[^\s(«“\"\[’']*$")
_LONGEST_TOKEN = 8
"""How far back to look for an abbreviation: the longest, "S.E.Mme", has seven characters."""
_PLAIN_WORD = 6
"""Half the sentences end in a word of so many letters; the longest of an abbreviation has five."""

_PERSONS = "m mm mme mmes mlle mlles dr drs pr prs me mes mgr st ste sts ing prof hon rev amb min"
_RANKS = "gal gén gen col lt cdt cne cap adj sgt"
_EXCELLENCIES = "s.e s.e.m s.e.mme s.m s.a ll.ee l.l.e.e s.exc"
_REFERENCES = "art al av bd no n° nos vol p pp cf ex chap éd fig réf tél dép arr env"
_MONTHS = "janv févr avr juil sept oct nov déc"
_ABBREVIATIONS = frozenset(
    " ".join((_PERSONS, _RANKS, _EXCELLENCIES, _REFERENCES, _MONTHS)).split()
)
_INITIALS = re.compile(r"(?:[^\W\d_a-zà-öø-ÿœæ]\.?-)?[^\W\d_a-zà-öø-ÿœæ]")
_NUMBERING = re.compile(r"[0-9]{1,3}|[a-z]\)?")


class Sentence(NamedTuple):
    """Where a sentence stands, and in which paragraph."""

    start: int
    end: int
    paragraph: int


_sentence = partial(tuple.__new__, Sentence)
"""Makes a sentence of a tuple, in half the time."""


def sentences(text: str) -> list[Sentence]:
    """Split a text, whose paragraphs end with a newline, into sentences that are not blank."""
    found: list[Sentence] = []
    start = paragraph = 0
    for mark in _END.finditer(text):
        stop, after = mark.span()
        ends_line = text[stop] == "\n"
        end = stop if ends_line else mark.start("space")
        if end == stop + 1 and text[stop] == "." and _is_abbreviation(text, start, stop):
            continue
        if end - start > _LONGEST or text[start:end].isspace():
            _append(found, text, start, end, paragraph)
        elif start < end:
            found.append(_sentence((start, end, paragraph)))
        paragraph += ends_line
        start = after
    _append(found, text, start, len(text), paragraph)
    return found


def _append(found: list[Sentence], text: str, start: int, end: int, paragraph: int) -> None:
    """Add a sentence, in pieces where it is too long to be one."""
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        cut = start + _LONGEST if cut < 0 else cut
        found.append(Sentence(start, cut, paragraph))
        start = cut
    if start < end and not text[start:end].isspace():
        found.append(Sentence(start, end, paragraph))


def _is_abbreviation(text: str, start: int, stop: int) -> bool:
    """Say whether a full stop in a sentence that starts so belongs to the word before it."""
    if stop > _PLAIN_WORD and text[stop - _PLAIN_WORD : stop].isalpha():
        return False
    token = _token(text, start, stop)
    if len(token) >= _LONGEST_TOKEN:
        return False
    if token.lower() in _ABBREVIATIONS or _INITIALS.fullmatch(token):
        return True
    return stop - len(token) <= start and _NUMBERING.fullmatch(token) is not None


def _token(text: str, start: int, stop: int) -> str:
    """Return the word that ends at a full stop, or so much of it as is too long already."""
    before = text[max(start, stop - _LONGEST_TOKEN) : stop]
    word = before.rpartition(" ")[2]
    if word.isalnum():
        return word
    token = _TOKEN.search(before)
    return token[0] if token else ""
