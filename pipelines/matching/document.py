"""Documents: one article's fields in one string, with its sentences and the hits in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby

from pipelines.matching.automaton import Hit
from pipelines.matching.segment import Sentence, sentences

FIELDS = ("title", "lead", "text")


class Scope:
    """A sentence, a run of sentences, a paragraph or the whole article, as the rules see it."""

    __slots__ = ("_by_bits", "bits", "hits", "remembered", "sentences")

    def __init__(self, numbers: Sequence[int], hits: list[Hit], bits: int) -> None:
        self.sentences = numbers
        self.hits = hits
        self.bits = bits
        """The subjects of all hits."""
        self._by_bits: dict[int, list[Hit]] = {}
        self.remembered: dict[int, list[Hit]] = {}
        """What nodes of queries found here, by their identity: rules share many nodes."""

    def is_within(self, other: Scope) -> bool:
        """Say whether all sentences of this scope are in another."""
        return self.sentences[0] in other.sentences and self.sentences[-1] in other.sentences

    def of(self, bits: int) -> list[Hit]:
        """Return the hits of the subjects; remembered, for many rules ask for the same."""
        known = self._by_bits.get(bits)
        if known is None:
            known = [hit for hit in self.hits if hit[2] & bits]
            self._by_bits[bits] = known
        return known


class Document:
    """An article ready for evaluation: its fields, sentences and hits that count."""

    def __init__(self, text: str, bases: tuple[int, int, int], hits: list[Hit]) -> None:
        self.text = text
        """Title, lead and text, one newline between them."""
        self.bases = bases
        """Where the title, the lead and the text begin."""
        self.hits = hits
        self.sentences = sentences(text)
        self._starts = [sentence.start for sentence in self.sentences]
        self.fields = [self.field_of(start) for start in self._starts]
        """Each sentence's field, as its number in `FIELDS`."""
        self.scopes = _scopes(self.sentences, hits)
        """One per sentence."""
        self._holding: dict[tuple[int, int], list[Scope]] = {}
        self._runs: dict[int, list[Scope]] = {1: self.scopes}
        self._parts: dict[int, Scope] = {}

    @cached_property
    def whole(self) -> Scope:
        """The whole article as one scope."""
        return self.joined(range(len(self.sentences)))

    @cached_property
    def paragraphs(self) -> list[Scope]:
        """The paragraphs in order."""
        numbers = range(len(self.sentences))
        grouped = groupby(numbers, key=lambda number: self.sentences[number].paragraph)
        return [self.joined(list(run)) for _, run in grouped]

    def holding(self, bits: int, count: int = 1) -> list[Scope]:
        """Return the sentences, or runs of so many, that hold any of the subjects.

        They are remembered, as rules share them.
        """
        known = self._holding.get((bits, count))
        if known is None:
            known = [scope for scope in self.runs(count) if scope.bits & bits]
            self._holding[bits, count] = known
        return known

    def runs(self, count: int) -> list[Scope]:
        """Return all runs of so many sentences of one field, a shorter field as one run."""
        known = self._runs.get(count)
        if known is None:
            known = [self.joined(numbers) for numbers in self._run_numbers(count)]
            self._runs[count] = known
        return known

    def _run_numbers(self, count: int) -> list[range]:
        fields = self.fields
        total = len(fields)
        runs = []
        for first in range(total):
            end = first + 1
            while end < min(total, first + count) and fields[end] == fields[first]:
                end += 1
            starts_inside = first > 0 and fields[first - 1] == fields[first]
            if end - first == count or not starts_inside:
                runs.append(range(first, end))
        return runs

    def part(self, field: int) -> Scope:
        """Return the sentences of one field as one scope."""
        known = self._parts.get(field)
        if known is None:
            numbers = [number for number, its in enumerate(self.fields) if its == field]
            known = self._parts[field] = self.joined(numbers)
        return known

    def joined(self, numbers: Sequence[int]) -> Scope:
        """Return several sentences as one scope."""
        hits: list[Hit] = []
        bits = 0
        for number in numbers:
            hits += self.scopes[number].hits
            bits |= self.scopes[number].bits
        return Scope(numbers, hits, bits)

    def field_of(self, offset: int) -> int:
        """Return the number of the field (see `FIELDS`) an offset lies in."""
        return bisect_right(self.bases, offset) - 1

    def sentence_of(self, hit: Hit) -> int:
        """Return the number of the sentence in which a hit begins."""
        number = self._numbers.get(id(hit))
        return max(0, bisect_right(self._starts, hit.start) - 1) if number is None else number

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {id(hit): number for number, scope in enumerate(self.scopes) for hit in scope.hits}


def join(title: str, lead: str, text: str) -> str:
    """Put the fields of an article into one string."""
    return f"{title}\n{lead}\n{text}"


def _scopes(segmented: list[Sentence], hits: list[Hit]) -> list[Scope]:
    scopes: list[Scope] = []
    position, count = 0, len(hits)
    for number, sentence in enumerate(segmented):
        first, bits, end = position, 0, sentence.end
        while position < count and hits[position][0] < end:
            bits |= hits[position][2]
            position += 1
        scopes.append(Scope((number,), hits[first:position], bits))
    return scopes
