"""Hits: what nodes of a query do with lists of them, and sets of subjects and sentences as bits."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.matching.automaton import Hit

BLOCK = 1024
"""Sets of so many numbers are quick to change bit by bit; a larger one would be copied each time."""
_BLOCK = (1 << BLOCK) - 1


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


def bits_of(numbers: list[int]) -> int:
    """Return the set of some numbers, the last of which is the largest."""
    if not numbers or numbers[-1] < BLOCK:
        return union(1 << number for number in numbers)
    octets = bytearray(numbers[-1] // 8 + 1)
    for number in numbers:
        octets[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(octets, "little")


def numbers_of(bits: int) -> list[int]:
    """Return the numbers in a set, in order."""
    if not bits & bits - 1:
        return [bits.bit_length() - 1] if bits else []
    found: list[int] = []
    first = 0
    while bits:
        block = bits & _BLOCK
        while block:
            lowest = block & -block
            found.append(first + lowest.bit_length() - 1)
            block ^= lowest
        bits >>= BLOCK
        first += BLOCK
    return found
