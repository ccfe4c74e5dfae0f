"""Hits: what nodes of a query do with lists of them, and with the bits of their subjects."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from pipelines.matching.automaton import Hit


def chained(found: list[list[Hit]]) -> list[Hit]:
    """Return the hits of all lists; what two of them hold stands twice until `satisfying`."""
    return found[0] if len(found) == 1 else [hit for hits in found for hit in hits]


_position = itemgetter(0, 1)


def in_order(hits: list[Hit]) -> list[Hit]:
    """Return each hit once, in the order of the text."""
    return sorted({id(hit): hit for hit in hits}.values(), key=_position)


def outside(hits: list[Hit], masks: list[Hit]) -> list[Hit]:
    """Return the hits that overlap no mask, given both in the order of the text."""
    kept: list[Hit] = []
    position, reach = 0, -1
    for hit in hits:
        while position < len(masks) and masks[position].start < hit.end:
            reach = max(reach, masks[position].end)
            position += 1
        if reach <= hit.start:
            kept.append(hit)
    return kept


def union(sets: Iterable[int]) -> int:
    """Return the bits of all sets."""
    bits = 0
    for one in sets:
        bits |= one
    return bits
