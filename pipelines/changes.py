"""Changes: what an outlet changed in an article, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

import attrs

from storage.folding import fold_text

COMPARED = 4_000
"""Words compared one by one; beyond it the rest counts as one change."""

_COUNTERS = re.compile(
    r"\b(?:lu|vu|consulte|partage|imprime)e?s? \d[\d .]* fois\b"
    r"|\b\d[\d .]* (?:vues?|lectures?|lecteurs?|visites?|commentaires?|partages?|reactions?|likes?)\b"
    r"|\b(?:publie|mis a jour|poste|modifie)?e? ?il y a \d+ (?:secondes?|minutes?|heures?|jours?|semaines?|mois)\b"
    r"|\b(?:derniere )?(?:mise|mis) a jour ?:? ?(?:le )?\d[\d/. ]*(?:a \d+ ?[h:] ?\d*)?"
    r"|\btemps de lecture ?:? ?\d+ (?:min(?:utes?)?|secondes?)\b"
)
"""What sites count or date anew at every visit, in folded text. Other numbers are news."""
_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"\S+\s*")


@attrs.frozen
class Piece:
    """A stretch of words that stands in both texts, or in one."""

    kind: str
    """same, gone or new."""
    words: str


def is_revision(before: str, after: str) -> bool:
    """Whether two texts differ in words; markup, typography and counters do not count."""
    return _said(before) != _said(after)


def word_diff(before: str, after: str) -> Iterator[Piece]:
    """Yield the two texts as stretches of words, in reading order."""
    old, new = _pieces(before), _pieces(after)
    matcher = SequenceMatcher(None, _keys(old), _keys(new), autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(new[c:d]))
            continue
        if a < b:
            yield Piece("gone", "".join(old[a:b]))
        if c < d:
            yield Piece("new", "".join(new[c:d]))


def added_text(before: str, after: str) -> str:
    """Return the sentences of a new text that hold words it adds, one to a line."""
    known = {_said(sentence) for sentence in _sentences(before)}
    return "\n".join(one for one in _sentences(after) if _said(one) and _said(one) not in known)


def _said(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_COUNTERS.sub(" ", fold_text(text))))


def _pieces(text: str) -> list[str]:
    pieces = _PIECE.findall(text)
    rest = "".join(pieces[COMPARED:])
    return [*pieces[:COMPARED], *([rest] if rest else [])]


def _keys(pieces: list[str]) -> list[str]:
    return [fold_text(piece).strip() for piece in pieces]


def _sentences(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"(?<=[.!?…»])\s+|\n", text)]
