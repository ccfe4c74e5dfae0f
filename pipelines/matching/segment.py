"""Segmentation: where the sentences of a French press text begin and end, in linear time."""

from __future__ import annotations

import re
from itertools import groupby
from operator import sub

_LONGEST = 1_500
"""A stretch this long without an end is cut at a space: it is a table or a broken extraction."""
_LONGEST_TOKEN = 8
"""How far back to look for an abbreviation: the longest, "S.E.Mme", has seven characters."""

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
_TOKEN = re.compile(r"[^\s(«“\"\[’']*$")


def _no_abbreviation() -> str:
    """Return an expression for the end of a word that cannot be an abbreviation's last.

    Two letters rule out initials and numbering. Looking behind takes one width at a time.
    """
    words = {one.rpartition(".")[2] for one in _ABBREVIATIONS}
    widths = groupby(sorted(words, key=len), key=len)
    behind = (rf"(?<!\b(?i:{'|'.join(sorted(its))})\.)" for width, its in widths if width > 1)
    return rf"(?<=[^\W\d_]{{2}}\.){''.join(behind)}"


# The end of a sentence: its marks, closing quotes, then white space and something that can begin
# another. Each run of marks is entered once (no mark before it) and taken possessively, so that
# ten million dots stay linear. A character class stands first, which lets `re` skip to the next
# candidate: twice as fast as a look-behind there. Only a full stop alone may be an abbreviation's.
_BLANK_LINES = r"(?:[^\S\n]*+\n)*+"
_BEGINNING = r"""(?=[«“"‘'(\[—–•-]*+[\u00a0\u202f\ ]?[^\W_a-zà-öø-ÿœæ])"""
_CLOSING = r"""(?:[\u00a0\u202f\ ]?[»”"’')\]])"""
_END = re.compile(
    rf"""
    [.!?…\n]
    (?: (?<=\n){_BLANK_LINES}
      | {_no_abbreviation()}(?!{_CLOSING})[^\S\n]++{_BEGINNING}
      | (?<![.!?…].)(?<!\n)
        (?: (?<=\.)(?!{_CLOSING})[^\S\n]++(?P<alone>)
          | [.!?…]*+{_CLOSING}*+[^\S\n]++
        )
        {_BEGINNING}
    )
    """,
    re.VERBOSE,
)
_FIRST_LINE = re.compile(_BLANK_LINES)


def sentence_starts(text: str) -> list[int]:
    """Return where the sentences of a text begin, whose paragraphs end with a newline.

    Blank lines are no sentences. Most of a long text is never shown, so that only `sentence_end`
    looks for where a sentence ends.
    """
    first = _FIRST_LINE.match(text)
    starts = [first.end() if first else 0]
    for mark in _END.finditer(text, starts[0]):
        if mark.lastgroup and _is_abbreviation(text, starts[-1], mark.start()):
            continue
        starts.append(mark.end())
    if not text[starts[-1] :].strip():
        starts.pop()
    longest = max(map(sub, [*starts[1:], len(text)], starts), default=0)
    return _cut(text, starts) if longest > _LONGEST else starts


def sentence_end(text: str, starts: list[int], number: int) -> int:
    """Return where a sentence ends, given where all of them begin."""
    start = starts[number]
    following = starts[number + 1] if number + 1 < len(starts) else len(text)
    line_end = text.find("\n", start, following)
    if line_end >= 0:
        return line_end
    return following if following == len(text) else start + len(text[start:following].rstrip())


def begins_line(text: str, start: int) -> bool:
    """Say whether the sentence that begins here is the first of its paragraph."""
    return start == 0 or text[start - 1] == "\n"


def _cut(text: str, starts: list[int]) -> list[int]:
    """Cut the stretches that are too long to be sentences."""
    cut: list[int] = []
    for number, start in enumerate(starts):
        cut += _pieces(text, start, sentence_end(text, starts, number))
    return cut


def _pieces(text: str, start: int, end: int) -> list[int]:
    pieces = [start]
    while end - pieces[-1] > _LONGEST:
        space = text.rfind(" ", pieces[-1] + 1, pieces[-1] + _LONGEST)
        pieces.append(pieces[-1] + _LONGEST if space < 0 else space)
    return pieces if text[pieces[-1] : end].strip() else pieces[:-1]


def _is_abbreviation(text: str, start: int, stop: int) -> bool:
    """Say whether a full stop in a sentence that starts so belongs to the word before it."""
    found = _TOKEN.search(text[max(start, stop - _LONGEST_TOKEN) : stop])
    token = found[0] if found else ""
    if len(token) >= _LONGEST_TOKEN:
        return False
    if token.lower() in _ABBREVIATIONS or _INITIALS.fullmatch(token):
        return True
    return stop - len(token) <= start and _NUMBERING.fullmatch(token) is not None
