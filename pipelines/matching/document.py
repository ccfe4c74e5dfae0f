"""Documents: one article's fields in one string, with its sentences and the hits in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from pipelines.matching.automaton import Hit, Scan
from pipelines.matching.hits import union
from pipelines.matching.segment import Sentence, sentences
from storage.folding import fold_words

FIELDS = ("title", "lead", "text")

Evidence = dict[int, int]
"""What satisfies a node of a query: by the number of a sentence, the subjects whose hits there do."""

_position = itemgetter(0, 1)


class Scope:
    """A run of sentences, a paragraph, a field or the whole article, as the rules see it."""

    __slots__ = ("bits", "numbers")

    def __init__(self, numbers: range, bits: int) -> None:
        self.numbers = numbers
        """Those of its sentences."""
        self.bits = bits
        """The subjects of all hits."""


class SentenceScope(Scope):
    """One sentence, as the rules see it."""

    __slots__ = ("_claimed", "_claims", "_ordered", "hits", "number")

    def __init__(self, number: int, hits: list[Hit], bits: int, claimed: dict[int, int]) -> None:
        self.numbers = range(number, number + 1)
        self.number = number
        self.bits = bits
        self.hits = hits
        """In the order of the text, of those that begin together the longer first."""
        self._ordered: list[Hit] | None = None
        self._claims = 0
        self._claimed = claimed
        """The subjects claimed for hits of the document, by the hits' identity."""

    @property
    def ordered(self) -> list[Hit]:
        """The hits in the order of the text, of those that begin together the shorter first."""
        if self._ordered is None:
            self._ordered = sorted(self.hits, key=_position)
        return self._ordered

    def subjects(self, hit: Hit) -> int:
        """Return the subjects of a hit, with those that were claimed for it."""
        return hit[2] | self._claimed.get(id(hit), 0)

    def of(self, subjects: int) -> list[Hit]:
        """Return the hits, in order, that any of the subjects has."""
        if self._claims:
            return [hit for hit in self.ordered if self.subjects(hit) & subjects]
        return [hit for hit in self.ordered if hit[2] & subjects]

    def places(self, subjects: int) -> int:
        """Return in how many places hits of the subjects begin."""
        if self._claims:
            return len({hit[0] for hit in self.hits if self.subjects(hit) & subjects})
        return len({hit[0] for hit in self.hits if hit[2] & subjects})

    def claim(self, hits: list[Hit]) -> int:
        """Return a new subject, which these hits and no others have."""
        subject = 1 << self.bits.bit_length() + self._claims
        self._claims += 1
        for hit in hits:
            self._claimed[id(hit)] = self._claimed.get(id(hit), 0) | subject
        return subject


class Document:
    """An article ready for evaluation: its fields, sentences and hits that count."""

    def __init__(
        self,
        scan: Scan,
        bases: tuple[int, int, int],
        hits: list[Hit],
        *,
        undivided: bool = False,
    ) -> None:
        """Divide an article into sentences; undivided it is one, all that some queries need."""
        self.text = scan.text
        """Title, lead and text, one newline between them."""
        self._folded = scan.folded
        self.bases = bases
        """Where the title, the lead and the text begin."""
        self.sentences = [Sentence(0, len(scan.text), 0)] if undivided else sentences(scan.text)
        self._starts = [sentence.start for sentence in self.sentences]
        self.fields = [self.field_of(start) for start in self._starts]
        """Each sentence's field, as its number in `FIELDS`."""
        self.numbers_of = [
            range(bisect_left(self.fields, field), bisect_right(self.fields, field))
            for field in range(len(FIELDS))
        ]
        """The numbers of each field's sentences."""
        self.scopes = _scopes(self.sentences, hits)
        """One per sentence."""
        self.whole = self.joined(range(len(self.sentences)))
        """The whole article as one scope."""
        self.remembered: dict[int, Evidence] = {}
        """The evidence for bodies of `SENTENCE`, by their identity: rules share many of them."""
        self._holding: dict[int, list[SentenceScope]] = {}

    @cached_property
    def paragraphs(self) -> list[Scope]:
        """The paragraphs in order."""
        numbers = range(len(self.sentences))
        grouped = groupby(numbers, key=lambda number: self.sentences[number].paragraph)
        runs = [list(run) for _, run in grouped]
        return [self.joined(range(run[0], run[-1] + 1)) for run in runs]

    def holding(self, bits: int) -> list[SentenceScope]:
        """Return the sentences that hold any of the subjects; remembered, as rules share them."""
        known = self._holding.get(bits)
        if known is None:
            known = self._holding[bits] = [scope for scope in self.scopes if scope.bits & bits]
        return known

    def runs(self, count: int, around: Iterable[int], scope: Scope) -> list[range]:
        """Return the runs of so many sentences of one field that hold any of some sentences.

        Those not within the scope are left out. A field of fewer sentences is one run.
        """
        firsts = {
            first for number in around for first in range(max(0, number - count + 1), number + 1)
        }
        runs = [self._run(first, count) for first in sorted(firsts)]
        numbers = scope.numbers
        return [run for run in runs if run and run[0] in numbers and run[-1] in numbers]

    def _run(self, first: int, count: int) -> range:
        """Return the run that begins at a sentence, empty where its field has not so many left."""
        field = self.numbers_of[self.fields[first]]
        run = range(first, min(first + count, field.stop))
        return run if len(run) == count or first == field.start else range(0)

    def joined(self, numbers: range) -> Scope:
        """Return several sentences as one scope."""
        return Scope(
            numbers, union(scope.bits for scope in self.scopes[numbers.start : numbers.stop])
        )

    def part(self, field: int, scope: Scope) -> Scope:
        """Return the sentences of a scope that belong to a field."""
        its = self.numbers_of[field]
        return self.joined(
            range(max(its.start, scope.numbers.start), min(its.stop, scope.numbers.stop))
        )

    def parts(self, scope: Scope) -> list[SentenceScope]:
        """Return the sentences of a scope."""
        return self.scopes[scope.numbers.start : scope.numbers.stop]

    def hits_of(self, evidence: Evidence) -> list[Hit]:
        """Return the hits of some evidence in the order of the text, the shorter first."""
        found: list[Hit] = []
        for number in sorted(evidence):
            found += self.scopes[number].of(evidence[number])
        return found

    def claimed(self, hits: list[Hit], numbers: Iterable[int]) -> Evidence:
        """Return the evidence that consists of these hits of some sentences and no others."""
        ids = set(map(id, hits))
        evidence = {}
        for number in numbers:
            scope = self.scopes[number]
            its = [hit for hit in scope.hits if id(hit) in ids]
            if its:
                evidence[number] = scope.claim(its)
        return evidence

    def words_before(self, offset: int, length: int) -> str:
        """Return the folded words in so many characters before an offset."""
        start = max(0, offset - length)
        if self._folded.aligned:
            return self._folded.text[start:offset]
        return fold_words(self.text[start:offset]).text

    def field_of(self, offset: int) -> int:
        """Return the number of the field (see `FIELDS`) an offset lies in."""
        return bisect_right(self.bases, offset) - 1

    def sentence_of(self, hit: Hit) -> int:
        """Return the number of the sentence in which a hit begins."""
        return max(0, bisect_right(self._starts, hit.start) - 1)


def join(title: str, lead: str, text: str) -> str:
    """Put the fields of an article into one string."""
    return f"{title}\n{lead}\n{text}"


def _scopes(segmented: list[Sentence], hits: list[Hit]) -> list[SentenceScope]:
    scopes: list[SentenceScope] = []
    claimed: dict[int, int] = {}
    position, count = 0, len(hits)
    for number, sentence in enumerate(segmented):
        first, bits, end = position, 0, sentence.end
        while position < count and hits[position][0] < end:
            bits |= hits[position][2]
            position += 1
        scopes.append(SentenceScope(number, hits[first:position], bits, claimed))
    return scopes
