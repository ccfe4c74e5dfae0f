"""Index: the sentences of short and long articles in which subjects are found again."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.matching.automaton import Entry, Hit
from pipelines.matching.hits import BLOCK, bits_of, numbers_of
from pipelines.matching.index import divide
from pipelines.matching.term import Pattern

ENTRY = Entry("mot", Pattern("mot"))
LENGTH = 10
"""Characters of a sentence."""


@given(st.sets(st.integers(0, 3 * BLOCK)))
@example({BLOCK - 1, BLOCK, 3 * BLOCK})
@settings(deadline=None)
def test_a_set_of_numbers_comes_back_in_order(numbers: set[int]) -> None:
    assert numbers_of(bits_of(sorted(numbers))) == sorted(numbers)


@given(st.integers(1, 3 * BLOCK), st.lists(st.tuples(st.integers(0), st.integers(0, 7))))
@example(BLOCK, [(BLOCK - 1, 3)])
@example(2 * BLOCK + 5, [(0, 3), (BLOCK - 1, 1), (BLOCK, 2), (2 * BLOCK + 1, 5)])
@settings(deadline=None)
def test_each_subject_is_found_in_its_sentences(count: int, placed: list[tuple[int, int]]) -> None:
    starts = [number * LENGTH for number in range(count)]
    given = sorted((number % count, subjects) for number, subjects in placed)
    hits = [Hit(number * LENGTH, number * LENGTH + 3, bits, ENTRY) for number, bits in given]

    firsts, holding = divide(starts, hits, 7)

    for subject in (1, 2, 4, 3, 8):
        expected = {number for number, bits in given if bits & subject}
        assert numbers_of(holding[subject]) == sorted(expected)
    for number in range(count):
        its = hits[firsts[number] : firsts[number + 1]]
        assert its == [hit for hit in hits if hit.start // LENGTH == number]
