"""Evaluation: the nodes that combine terms; see `pipelines.matching.plan` for what all nodes do."""

from __future__ import annotations

from bisect import bisect_left

import attrs

from pipelines.matching.automaton import Hit
from pipelines.matching.document import Document, Evidence, Scope, SentenceScope
from pipelines.matching.hits import outside
from pipelines.matching.plan import Plan, Promise, able, merged, possible, satisfying

_LETTERS_PER_WORD = 40
"""A stretch longer than this many characters per word allowed is taken for too far."""
_LONGEST_JOINT = 10
_JOINTS = str.maketrans("'’-–/", "     ")


@attrs.frozen
class Leaf:
    """The hits of a term or a lexicon."""

    bits: int
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        del document
        bits = self.bits
        return {one.number: its for one in sentences if (its := one.bits & bits)}

    def within(self, document: Document, scope: Scope) -> Evidence:
        return self.among(document, document.parts(scope))


@attrs.frozen
class All:
    """The hits of all parts, where every part has some."""

    parts: tuple[Plan, ...]
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        left = able(self.promise, sentences)
        evidence: Evidence = {one.number: 0 for one in left}
        for part in self.parts:
            its = part.among(document, [one for one in left if one.number in evidence])
            evidence = {number: evidence[number] | bits for number, bits in its.items()}
        return evidence

    def within(self, document: Document, scope: Scope) -> Evidence:
        found: list[Evidence] = []
        for part in self.parts:
            its = part.within(document, scope)
            if not its:
                return its
            found.append(its)
        return merged(found)


@attrs.frozen
class AllLeaves:
    """As `All` on leaves: bits decide, and the hits are those of one wider leaf."""

    bits: int
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        del document
        bits = self.bits
        return {one.number: one.bits & bits for one in able(self.promise, sentences)}

    def within(self, document: Document, scope: Scope) -> Evidence:
        if not possible(self.promise, scope.bits):
            return {}
        bits = self.bits
        return {one.number: its for one in document.parts(scope) if (its := one.bits & bits)}


@attrs.frozen
class Any:
    """The hits of the parts that have some."""

    parts: tuple[Plan, ...]
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        return merged([part.among(document, sentences) for part in self.parts])

    def within(self, document: Document, scope: Scope) -> Evidence:
        bits = scope.bits
        return merged(
            [part.within(document, scope) for part in self.parts if possible(part.promise, bits)]
        )


@attrs.frozen
class Unmasked:
    """The wanted hits that overlap no masking one."""

    wanted: Plan
    masking: Plan
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        evidence = self.wanted.among(document, sentences)
        masked = self.masking.among(document, [one for one in sentences if one.number in evidence])
        if not masked:
            return evidence
        clear = {number: its for number, its in evidence.items() if number not in masked}
        rest = [self.within(document, document.scopes[number]) for number in masked]
        return merged([clear, *rest])

    def within(self, document: Document, scope: Scope) -> Evidence:
        wanted = self.wanted.within(document, scope)
        masks = self.masking.within(document, scope) if wanted else {}
        if not masks:
            return wanted
        kept = outside(document.hits_of(wanted), document.hits_of(masks))
        return document.claimed(kept, wanted)


@attrs.frozen
class UnlessArticle:
    """The wanted hits, where the article holds no vetoing ones."""

    wanted: Plan
    vetoing: Plan
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        wanted = self.wanted.among(document, sentences)
        return {} if wanted and satisfying(self.vetoing, document) else wanted

    def within(self, document: Document, scope: Scope) -> Evidence:
        wanted = self.wanted.within(document, scope)
        return {} if wanted and satisfying(self.vetoing, document) else wanted


@attrs.frozen
class UnlessUnit:
    """The wanted hits, where their unit (at article level: sentence) holds no vetoing ones."""

    wanted: Plan
    vetoing: Plan
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        return self._unbarred(document, self.wanted.among(document, sentences))

    def within(self, document: Document, scope: Scope) -> Evidence:
        if scope is document.whole:
            return self._unbarred(document, self.wanted.within(document, scope))
        if possible(self.vetoing.promise, scope.bits) and self.vetoing.within(document, scope):
            return {}
        return self.wanted.within(document, scope)

    def _unbarred(self, document: Document, wanted: Evidence) -> Evidence:
        barred = self.vetoing.among(document, [document.scopes[number] for number in wanted])
        if not barred:
            return wanted
        return {number: its for number, its in wanted.items() if number not in barred}


@attrs.frozen
class Near:
    """The hits of either side that have one of the other side near."""

    left: Plan
    right: Plan
    distance: int
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        holding = able(self.promise, sentences)
        left = self.left.among(document, holding)
        right = self.right.among(document, [one for one in holding if one.number in left])
        near = [
            self._near(document, {number: left[number]}, {number: its})
            for number, its in right.items()
        ]
        return merged(near)

    def within(self, document: Document, scope: Scope) -> Evidence:
        left = self.left.within(document, scope)
        return self._near(document, left, self.right.within(document, scope)) if left else left

    def _near(self, document: Document, left: Evidence, right: Evidence) -> Evidence:
        some, others = document.hits_of(left), document.hits_of(right)
        near = self._beside(document, some, others) + self._beside(document, others, some)
        return document.claimed(near, left | right) if near else {}

    def _beside(self, document: Document, some: list[Hit], others: list[Hit]) -> list[Hit]:
        """Return those hits that have one of the others near, before or after."""
        starts = [hit.start for hit in others]
        found: list[Hit] = []
        for hit in some:
            place = bisect_left(starts, hit.start)
            around = others[max(0, place - 2) : place + 2]
            if any(self._is_near(document, hit, other) for other in around):
                found.append(hit)
        return found

    def _is_near(self, document: Document, one: Hit, other: Hit) -> bool:
        if one is other:
            return False
        first, second = (one, other) if one.start <= other.start else (other, one)
        if second.start - first.end > furthest(self.distance):
            return False
        if document.field_of(first.start) != document.field_of(second.start):
            return False
        between = document.text[first.end : second.start].translate(_JOINTS)
        words = sum(1 for word in between.split() if any(map(str.isalnum, word)))
        return words < self.distance


def furthest(distance: int) -> int:
    """Return how many characters may stand between words that are so many words apart."""
    return _LONGEST_JOINT + (distance - 1) * _LETTERS_PER_WORD
