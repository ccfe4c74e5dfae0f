"""Digest sentences: where the rules fired, with the words marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from review.digest.records import Piece, Sentence

SHOWN = 3
"""Sentences of the text shown of one story."""
LONGEST = 600
"""Characters of a sentence shown; what has no full stop for a page is a list."""

Match = Mapping[str, Any]


def mark(text: str, start: int, end: int, matches: Iterable[Match]) -> Sentence:
    """Return `text[start:end]` with the matches in it marked; overlapping matches are one mark."""
    stop = min(end, start + LONGEST)
    pieces, position = [], start
    for first, last, theme in _spans(matches, start, stop):
        pieces += [Piece(text=text[position:first], marked=False)]
        pieces += [Piece(text=text[first:last], marked=True, theme=theme)]
        position = last
    rest = text[position:stop] + ("…" if stop < end else "")
    pieces.append(Piece(text=rest, marked=False))
    return Sentence(pieces=tuple(piece for piece in pieces if piece.text))


def best_sentences(text: str, matches: Sequence[Match]) -> tuple[tuple[Sentence, ...], int]:
    """Return the sentences in which most rules fired, in the order of the text, and how many more did."""
    sentences = [
        (bounds, list(group))
        for bounds, group in groupby(sorted(matches, key=_bounds), key=_bounds)
    ]
    sentences.sort(key=lambda one: -_weight(one[1]))
    shown = sorted(sentences[:SHOWN], key=lambda one: one[0])
    marked = tuple(mark(text, start, end, inside) for (start, end), inside in shown)
    return marked, len(sentences) - len(shown)


def _bounds(match: Match) -> tuple[int, int]:
    return match["sentence_start"], match["sentence_end"]


def _weight(matches: Iterable[Match]) -> int:
    """Count the rules of a sentence; one that speaks of a theme counts twice."""
    rules = {(match["rule"], match["theme"] is not None) for match in matches}
    return sum(2 if themed else 1 for _, themed in rules)


def _spans(matches: Iterable[Match], start: int, stop: int) -> list[tuple[int, int, str | None]]:
    spans: list[tuple[int, int, str | None]] = []
    for match in sorted(matches, key=lambda m: (m["start"], -m["end"])):
        first, last = match["start"], min(match["end"], stop)
        if first < start or first >= last:
            continue
        if spans and first < spans[-1][1]:
            before = spans.pop()
            spans.append((before[0], max(before[1], last), before[2] or match["theme"]))
        else:
            spans.append((first, last, match["theme"]))
    return spans
