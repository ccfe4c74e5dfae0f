"""Glance: whether an article can satisfy a query, told from where its terms stand.

Finding the sentences of a text costs more than finding the terms; most candidates of
a full-text index hold all terms of a query, and no two of them in one paragraph.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import groupby

from pipelines.matching import query as q
from pipelines.matching.automaton import Hit
from pipelines.matching.evaluate import furthest

Bits = Callable[[q.Term | q.Lexicon], int]


def could_satisfy(node: q.Node, bits_of: Bits, hits: Sequence[Hit], text: str) -> bool:
    """Whether hits may satisfy a node of a query; False only where they cannot.

    `bits_of` gives the subject of a term or lexicon.
    """
    match node:
        case q.Term() | q.Lexicon():
            return any(hit.bits & bits_of(node) for hit in hits)
        case q.Or(parts):
            return any(could_satisfy(part, bits_of, hits, text) for part in parts)
        case q.Near(q.Term() | q.Lexicon() as left, q.Term() | q.Lexicon() as right, distance):
            some, others = ([h for h in hits if h.bits & bits_of(side)] for side in (left, right))
            most = furthest(distance)
            return _are_close(some, others, most) or _are_close(others, some, most)
        case q.And() | q.Near():
            return all(could_satisfy(part, bits_of, hits, text) for part in q.children(node))
        case q.Paragraph(body) | q.Sentence(body, 1):
            return any(could_satisfy(body, bits_of, line, text) for line in _lines(hits, text))
    # Of several sentences some may stand on the next line, for a PARAGRAPH within them too.
    return isinstance(node, q.Sentence) or could_satisfy(q.children(node)[0], bits_of, hits, text)


def _are_close(some: list[Hit], others: list[Hit], most: int) -> bool:
    """Whether one of some hits has another beside it, at most so many characters away."""
    starts = [hit.start for hit in others]
    for hit in some:
        place = bisect_left(starts, hit.start)
        for other in others[max(0, place - 2) : place + 2]:
            first, second = (hit, other) if hit.start <= other.start else (other, hit)
            if hit is not other and second.start - first.end <= most:
                return True
    return False


def _lines(hits: Sequence[Hit], text: str) -> list[list[Hit]]:
    """Return the hits of each line; no sentence goes beyond one, and no hit."""
    ends: list[int] = []
    at = 0
    for hit in hits:
        if hit.start >= at:
            end = text.find("\n", hit.start)
            at = len(text) if end < 0 else end
        ends.append(at)
    together = groupby(zip(ends, hits, strict=True), key=lambda one: one[0])
    return [[hit for _, hit in line] for _, line in together]
