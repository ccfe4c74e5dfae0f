"""Evaluation: the nodes that combine terms; see `pipelines.matching.plan` for what all nodes do."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice

import attrs

from pipelines.matching.automaton import Hit
from pipelines.matching.document import NOTHING, Document, Evidence, Scope, by_sentence
from pipelines.matching.hits import outside
from pipelines.matching.plan import Plan, Promise, able, limited, merged, satisfying

_LETTERS_PER_WORD = 40
"""A stretch longer than this many characters per word allowed is taken for too far."""
_LONGEST_JOINT = 10
_WORD = re.compile(r"[^\s'’\-–/]*[^\W_][^\s'’\-–/]*")
"""What stands between spaces and joints, and holds a letter or a digit."""


@attrs.frozen
class Leaf:
    """The hits of a term or a lexicon."""

    bits: int
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        found = document.holding[self.bits] & sentences
        return found, {found: self.bits & document.subjects}

    def within(self, document: Document, scope: Scope) -> Evidence:
        return self.among(document, scope.sentences)


@attrs.frozen
class All:
    """The hits of all parts, where every part has some."""

    parts: tuple[Plan, ...]
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        found: list[dict[int, int]] = []
        for part in self.parts:
            sentences, its = part.among(document, sentences)
            if not sentences:
                return NOTHING
            found.append(its)
        shown: dict[int, int] = {}
        for its in found:
            for where, subjects in its.items():
                left = where & sentences
                shown[left] = shown.get(left, 0) | subjects
        return sentences, shown

    def within(self, document: Document, scope: Scope) -> Evidence:
        found: list[Evidence] = []
        for part in self.parts:
            found.append(part.within(document, scope))
            if not found[-1][0]:
                return NOTHING
        return merged(found)


@attrs.frozen
class AllLeaves:
    """As `All` on leaves: the hits are those of one wider leaf."""

    bits: int
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        found = able(self.promise, document, sentences)
        return found, {found: self.bits & document.subjects}

    def within(self, document: Document, scope: Scope) -> Evidence:
        for need in self.promise[0]:
            if not document.holding[need] & scope.sentences:
                return NOTHING
        found = document.holding[self.bits] & scope.sentences
        return found, {found: self.bits & document.subjects}


@attrs.frozen
class Any:
    """The hits of the parts that have some."""

    parts: tuple[Plan, ...]
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        return merged([part.among(document, sentences) for part in self.parts])

    def within(self, document: Document, scope: Scope) -> Evidence:
        return merged([part.within(document, scope) for part in self.parts])


@attrs.frozen
class Unmasked:
    """The wanted hits that overlap no masking one."""

    wanted: Plan
    masking: Plan
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        wanted = self.wanted.among(document, sentences)
        masks = self.masking.among(document, wanted[0]) if wanted[0] else NOTHING
        if not masks[0]:
            return wanted
        among, masking = by_sentence(wanted), by_sentence(masks)
        kept: list[Hit] = []
        for number, subjects in masking.items():
            kept += outside(
                document.hits_at(number, among[number]), document.hits_at(number, subjects)
            )
        return merged([limited(wanted, ~masks[0]), document.claimed(kept)])

    def within(self, document: Document, scope: Scope) -> Evidence:
        wanted = self.wanted.within(document, scope)
        masks = self.masking.within(document, scope) if wanted[0] else NOTHING
        if not masks[0]:
            return wanted
        return document.claimed(outside(document.hits_of(wanted), document.hits_of(masks)))


@attrs.frozen
class UnlessArticle:
    """The wanted hits, where the article holds no vetoing ones."""

    wanted: Plan
    vetoing: Plan
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        wanted = self.wanted.among(document, sentences)
        return NOTHING if wanted[0] and satisfying(self.vetoing, document)[0] else wanted

    def within(self, document: Document, scope: Scope) -> Evidence:
        wanted = self.wanted.within(document, scope)
        return NOTHING if wanted[0] and satisfying(self.vetoing, document)[0] else wanted


@attrs.frozen
class UnlessUnit:
    """The wanted hits, where their unit (at article level: sentence) holds no vetoing ones."""

    wanted: Plan
    vetoing: Plan
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        """Look at the vetoing hits first: most are those of a lexicon, which costs least."""
        left = sentences & ~self.vetoing.among(document, sentences)[0]
        return self.wanted.among(document, left) if left else NOTHING

    def within(self, document: Document, scope: Scope) -> Evidence:
        wanted = self.wanted.within(document, scope)
        if scope is document.whole:
            barred = self.vetoing.among(document, wanted[0])[0] if wanted[0] else 0
            return limited(wanted, ~barred) if barred else wanted
        return NOTHING if wanted[0] and self.vetoing.within(document, scope)[0] else wanted


@attrs.frozen
class Near:
    """The hits of either side that have one of the other side near."""

    left: Plan
    right: Plan
    distance: int
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        left = self.left.among(document, able(self.promise, document, sentences))
        right = self.right.among(document, left[0])
        some, others = by_sentence(left), by_sentence(right)
        near: list[Hit] = []
        for number, subjects in others.items():
            near += self._near(
                document,
                document.hits_at(number, some[number]),
                document.hits_at(number, subjects),
            )
        return document.claimed(near)

    def within(self, document: Document, scope: Scope) -> Evidence:
        left = document.hits_of(self.left.within(document, scope))
        right = document.hits_of(self.right.within(document, scope)) if left else []
        return document.claimed(self._near(document, left, right))

    def _near(self, document: Document, some: list[Hit], others: list[Hit]) -> list[Hit]:
        return self._beside(document, some, others) + self._beside(document, others, some)

    def _beside(self, document: Document, some: list[Hit], others: list[Hit]) -> list[Hit]:
        """Return those hits that have one of the others near, before or after."""
        starts = [hit.start for hit in others]
        found: list[Hit] = []
        for hit in some:
            place = bisect_left(starts, hit.start)
            for other in others[max(0, place - 2) : place + 2]:
                if self._is_near(document, hit, other):
                    found.append(hit)
                    break
        return found

    def _is_near(self, document: Document, one: Hit, other: Hit) -> bool:
        if one is other:
            return False
        first, second = (one, other) if one.start <= other.start else (other, one)
        if second.start - first.end > furthest(self.distance):
            return False
        if document.field_of(first.start) != document.field_of(second.start):
            return False
        between = _WORD.finditer(document.text, first.end, second.start)
        return sum(1 for _ in islice(between, self.distance)) < self.distance


def furthest(distance: int) -> int:
    """Return how many characters may stand between words that are so many words apart."""
    return _LONGEST_JOINT + (distance - 1) * _LETTERS_PER_WORD
