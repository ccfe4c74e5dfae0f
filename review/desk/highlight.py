"""Highlight: a text cut into segments, each with the matches that cover it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import attrs

from review.typography import tied


@attrs.frozen(kw_only=True)
class Segment:
    """A stretch of text that is highlighted in one way, or not at all."""

    text: str
    theme: str | None = None
    """The theme that colours it; `core` for rules that have none; None when nothing fired here."""
    masked: str | None = None
    """Why what is here does not count."""
    rules: tuple[str, ...] = ()


def paragraphs(text: str, matches: Sequence[dict[str, Any]]) -> list[list[Segment]]:
    """Return a text's paragraphs as segments."""
    found, start, text = [], 0, tied(text)
    for paragraph in text.split("\n"):
        end = start + len(paragraph)
        if paragraph.strip():
            found.append(_cut(text, start, end, matches))
        start = end + 1
    return found


def segments(text: str, start: int, end: int, matches: Iterable[dict[str, Any]]) -> list[Segment]:
    """Return `text[start:end]` as segments; matches are rows of one field."""
    return _cut(tied(text), start, end, matches)


def _cut(text: str, start: int, end: int, matches: Iterable[dict[str, Any]]) -> list[Segment]:
    inside = [m for m in matches if m["start"] < end and m["end"] > start]
    cuts = {start, end}
    for match in inside:
        cuts.update((max(start, match["start"]), min(end, match["end"])))
    edges = sorted(cuts)
    pieces = [
        _segment(text[left:right], [m for m in inside if m["start"] <= left and m["end"] >= right])
        for left, right in pairwise(edges)
    ]
    return _joined(pieces)


def best_sentence(texts: dict[str, str], matches: Sequence[dict[str, Any]]) -> list[Segment]:
    """Return the sentence in which most fired, the title's aside; empty when nothing did."""
    counts: dict[tuple[str, int, int], set[tuple[str, str | None]]] = {}
    for match in matches:
        if match["masked"] is None and match["field"] != "title":
            place = (match["field"], match["sentence_start"], match["sentence_end"])
            counts.setdefault(place, set()).add((match["words"], match["theme"]))
    if not counts:
        return []
    field, start, end = max(counts, key=lambda place: (len(counts[place]), -place[1]))
    return segments(texts[field], start, end, [m for m in matches if m["field"] == field])


def themes_of(matches: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return how many places each theme coloured, `core` for rules without theme."""
    places: dict[str, set[tuple[str, int]]] = {}
    for match in matches:
        if match["masked"] is None:
            theme = match["theme"] or "core"
            places.setdefault(theme, set()).add((match["field"], match["start"]))
    return {theme: len(found) for theme, found in places.items()}


def _segment(text: str, covering: Sequence[dict[str, Any]]) -> Segment:
    counted = [m for m in covering if m["masked"] is None]
    if not counted:
        masked = next((m["masked"] for m in covering), None)
        return Segment(text=text, masked=masked, rules=_rules(covering))
    themed = [m for m in counted if m["theme"]]
    # The shortest match says most about a word: "instructeurs" rather than its whole clause.
    chosen = min(themed or counted, key=lambda m: (m["end"] - m["start"], m["rule"]))
    return Segment(text=text, theme=chosen["theme"] or "core", rules=_rules(counted))


def _rules(matches: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(sorted({match["rule"] for match in matches}))


def _joined(pieces: Iterable[Segment]) -> list[Segment]:
    """Join neighbours that look the same, so that a screen reader is not interrupted."""
    joined: list[Segment] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and (last.theme, last.masked) == (piece.theme, piece.masked):
            rules = tuple(sorted({*last.rules, *piece.rules}))
            joined[-1] = attrs.evolve(last, text=last.text + piece.text, rules=rules)
        else:
            joined.append(piece)
    return joined
