"""Index: which sentences of an article hold which subjects.

A set of sentences is an integer in which the bit of each sentence's number is set.
"""

from __future__ import annotations

import sys

from pipelines.matching.automaton import Hit
from pipelines.matching.hits import BLOCK, numbers_of

_OCTETS = BLOCK // 8


class _Numbers(dict[int, tuple[int, ...]]):
    """The numbers of the subjects in a set, worked out when it is first met.

    There are as many sets as a vocabulary combines: 700 in the shipped rules.
    """

    def __missing__(self, subjects: int) -> tuple[int, ...]:
        return self.setdefault(subjects, tuple(numbers_of(subjects)))


_NUMBERS = _Numbers()


class Holding(dict[int, int]):
    """By subjects the sentences that hold any of them; worked out once, as rules share them."""

    __slots__ = ("_single", "_subjects")

    def __init__(self, subjects: int, single: list[int]) -> None:
        super().__init__()
        self._subjects = subjects
        self._single = single
        """By the number of a subject, as far as there are any."""

    def __missing__(self, subjects: int) -> int:
        single, sentences = self._single, 0
        for number in _NUMBERS[subjects & self._subjects]:
            sentences |= single[number]
        self[subjects] = sentences
        return sentences


def divide(starts: list[int], hits: list[Hit], subjects: int) -> tuple[list[int], Holding]:
    """Return the place of each sentence's first hit, and which sentences hold which subjects.

    Sentences are given by where they begin. No hit has a subject that is not among those given.
    """
    ends = [*starts[1:], sys.maxsize]
    firsts: list[int] = []
    blocks: list[list[int]] = []
    known, size, end, bit = _NUMBERS, subjects.bit_length(), 0, 0
    for position, (start, _, its, _) in enumerate(hits):
        while start >= end:
            bit <<= 1
            if len(firsts) % BLOCK == 0:
                block, bit = [0] * size, 1
                blocks.append(block)
            end = ends[len(firsts)]
            firsts.append(position)
        for number in known[its]:
            block[number] |= bit
    firsts += [len(hits)] * (len(starts) + 1 - len(firsts))
    return firsts, Holding(subjects, _joined(blocks, size))


def _joined(blocks: list[list[int]], size: int) -> list[int]:
    """Join what was found in blocks of sentences: to change a long set bit by bit is quadratic."""
    if len(blocks) < 2:
        return blocks[0] if blocks else [0] * size
    return [
        int.from_bytes(b"".join(one.to_bytes(_OCTETS, "little") for one in its), "little")
        for its in zip(*blocks, strict=True)
    ]
