"""Documents: one article's fields in one string, with its sentences and the hits in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import pairwise
from operator import itemgetter

from pipelines.matching.automaton import Hit, Scan
from pipelines.matching.hits import bits_of, numbers_of, union
from pipelines.matching.index import divide
from pipelines.matching.segment import begins_line, sentence_end, sentence_starts

FIELDS = ("title", "lead", "text")

Evidence = tuple[int, dict[int, int]]
"""What satisfies a node of a query: sentences, and for sets of them the subjects whose hits do.

A set of sentences is an integer, in which the bit of each sentence's number is set.
"""
NOTHING: Evidence = (0, {})

_position = itemgetter(0, 1)


class Scope:
    """A run of sentences, a paragraph, a field or the whole article, as the rules see it."""

    __slots__ = ("numbers", "sentences")

    def __init__(self, numbers: range) -> None:
        self.numbers = numbers
        """Those of its sentences."""
        self.sentences = (1 << len(numbers)) - 1 << numbers.start
        """The same as a set."""


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
        self.subjects = scan.bits
        """Those of all hits, and maybe more."""
        self.hits = hits
        """In the order of the text, of those that begin together the longer first."""
        self._starts = [0] if undivided else sentence_starts(scan.text)
        count = len(self._starts)
        lead, text = (bisect_left(self._starts, base) for base in bases[1:])
        self.fields = [0] * lead + [1] * (text - lead) + [2] * (count - text)
        """Each sentence's field, as its number in `FIELDS`."""
        self.whole = Scope(range(count))
        """The whole article as one scope."""
        self.parts = (Scope(range(lead)), Scope(range(lead, text)), Scope(range(text, count)))
        """Its fields."""
        self.followed = union(part.sentences & part.sentences >> 1 for part in self.parts)
        """The sentences that are not the last of their field."""
        self._firsts, self.holding = divide(self._starts, hits, scan.bits)
        """By subjects the sentences that hold any of them."""
        self._first_claim = self._unclaimed = 1 << scan.bits.bit_length()
        self._claimed: dict[int, int] = {}
        """The subjects claimed for hits, by the hits' identity."""
        self._ordered: dict[int, list[Hit]] = {}
        self.remembered: dict[int, Evidence] = {}
        """The evidence for bodies of `SENTENCE`, by their identity: rules share many of them."""

    @cached_property
    def paragraphs(self) -> list[Scope]:
        """The paragraphs in order."""
        starts = enumerate(self._starts)
        firsts = [number for number, start in starts if begins_line(self.text, start)]
        return [Scope(range(*run)) for run in pairwise([*firsts, len(self._starts)])]

    def span(self, number: int) -> tuple[int, int]:
        """Return where a sentence begins and ends."""
        return self._starts[number], sentence_end(self.text, self._starts, number)

    def hits_in(self, number: int) -> list[Hit]:
        """Return the hits of a sentence, of those that begin together the longer first."""
        return self.hits[self._firsts[number] : self._firsts[number + 1]]

    def ordered(self, number: int) -> list[Hit]:
        """Return the hits of a sentence, of those that begin together the shorter first."""
        known = self._ordered.get(number)
        if known is None:
            known = self._ordered[number] = sorted(self.hits_in(number), key=_position)
        return known

    def hits_of(self, evidence: Evidence) -> list[Hit]:
        """Return the hits of some evidence in the order of the text, the shorter first."""
        found: list[Hit] = []
        for number, subjects in sorted(by_sentence(evidence).items()):
            found += self.hits_at(number, subjects)
        return found

    def hits_at(self, number: int, subjects: int) -> list[Hit]:
        """Return the hits of a sentence, in order, that any of the subjects has."""
        return self._having(self.ordered(number), subjects)

    def places(self, number: int, subjects: int) -> int:
        """Return in how many places of a sentence hits of the subjects begin."""
        return len({hit[0] for hit in self._having(self.hits_in(number), subjects)})

    def _having(self, hits: list[Hit], subjects: int) -> list[Hit]:
        if subjects < self._first_claim:
            return [hit for hit in hits if hit[2] & subjects]
        return [hit for hit in hits if self._subjects_of(hit) & subjects]

    def told_at(self, number: int, subjects: int) -> list[tuple[Hit, int]]:
        """Return the hits of a sentence that any of the subjects has, with all of their own."""
        hits = self.hits_at(number, subjects)
        if subjects < self._first_claim:
            return [(hit, hit[2]) for hit in hits]
        return [(hit, self._subjects_of(hit)) for hit in hits]

    def _subjects_of(self, hit: Hit) -> int:
        """Return the subjects of a hit, with those that were claimed for it."""
        return hit[2] | self._claimed.get(id(hit), 0)

    def claimed(self, hits: list[Hit]) -> Evidence:
        """Return the evidence that consists of these hits and no others, by a subject of its own."""
        if not hits:
            return NOTHING
        subject, self._unclaimed = self._unclaimed, self._unclaimed << 1
        for hit in hits:
            self._claimed[id(hit)] = self._claimed.get(id(hit), 0) | subject
        found = bits_of(sorted({self.sentence_of(hit) for hit in hits}))
        return found, {found: subject}

    def words_before(self, offset: int, length: int) -> str:
        """Return the folded words in so many characters before an offset."""
        start = max(0, offset - length)
        return self._folded.text[self._folded.place(start) : self._folded.place(offset)]

    def field_of(self, offset: int) -> int:
        """Return the number of the field (see `FIELDS`) an offset lies in."""
        return bisect_right(self.bases, offset) - 1

    def sentence_of(self, hit: Hit) -> int:
        """Return the number of the sentence in which a hit begins."""
        return max(0, bisect_right(self._starts, hit.start) - 1)


def join(title: str, lead: str, text: str) -> str:
    """Put the fields of an article into one string."""
    return f"{title}\n{lead}\n{text}"


def by_sentence(evidence: Evidence) -> dict[int, int]:
    """Return by sentence the subjects whose hits are the evidence."""
    if len(evidence[1]) == 1:
        where, subjects = next(iter(evidence[1].items()))
        return dict.fromkeys(numbers_of(where), subjects)
    together: dict[int, int] = {}
    for where, subjects in evidence[1].items():
        for number in numbers_of(where):
            together[number] = together.get(number, 0) | subjects
    return together
