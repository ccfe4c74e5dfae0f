"""Hits: what nodes of a query do with lists of them, and with the bits of their subjects."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.matching.automaton import Hit


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
