"""Evaluation: a query, compiled to look at bits first, on the hits of a document.

Every node returns the hits that satisfy it within a scope, none where it is not satisfied.
The promise of a node says which subjects it cannot be satisfied without: alternatives, each a
list of bit sets that all have to be met. Almost every rule fails on it, for the price of one or
two integer operations.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Protocol

import attrs

from pipelines.matching.automaton import Hit
from pipelines.matching.document import Document, Scope
from pipelines.matching.hits import chained, in_order, outside, union

_LETTERS_PER_WORD = 40
"""A stretch longer than this many characters per word allowed is taken for too far."""
_LONGEST_JOINT = 10
_JOINTS = str.maketrans("'’-–/", "     ")

Promise = tuple[tuple[int, ...], ...]


class Plan(Protocol):
    """A compiled node of a query."""

    @property
    def promise(self) -> Promise:
        """What the node needs; within an alternative the leftmost of the query first."""

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        """Return the hits that satisfy the node within the scope, in any order, some twice."""


def possible(promise: Promise, bits: int) -> bool:
    """Say whether a scope that holds these subjects can keep the promise."""
    for needs in promise:  # loops: twice as fast as any() and all() with generators
        for need in needs:
            if not bits & need:
                break
        else:
            return True
    return False


@attrs.frozen
class Leaf:
    """The hits of a term or a lexicon."""

    bits: int
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        del document
        return scope.of(self.bits)


@attrs.frozen
class All:
    """The hits of all parts, where every part has some."""

    parts: tuple[Plan, ...]
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        if not possible(self.promise, scope.bits):
            return []
        found: list[list[Hit]] = []
        for part in self.parts:
            hits = part.hits(document, scope)
            if not hits:
                return []
            found.append(hits)
        return chained(found)


@attrs.frozen
class AllLeaves:
    """As `All` on leaves: bits decide, and the hits are those of one wider leaf."""

    bits: int
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        del document
        return scope.of(self.bits) if possible(self.promise, scope.bits) else []


@attrs.frozen
class Any:
    """The hits of the parts that have some."""

    parts: tuple[Plan, ...]
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        bits = scope.bits
        found = [part.hits(document, scope) for part in self.parts if possible(part.promise, bits)]
        return chained([hits for hits in found if hits])


@attrs.frozen
class Unmasked:
    """The wanted hits that overlap no masking one."""

    wanted: Plan
    masking: Plan
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        wanted = self.wanted.hits(document, scope)
        masks = self.masking.hits(document, scope) if wanted else []
        return outside(in_order(wanted), in_order(masks)) if masks else wanted


@attrs.frozen
class UnlessArticle:
    """The wanted hits, where the article holds no vetoing ones."""

    wanted: Plan
    vetoing: Plan
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        wanted = self.wanted.hits(document, scope)
        return [] if wanted and self.vetoing.hits(document, document.whole) else wanted


@attrs.frozen
class UnlessUnit:
    """The wanted hits, where their unit (at article level: sentence) holds no vetoing ones."""

    wanted: Plan
    vetoing: Plan
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        if scope is not document.whole:
            if possible(self.vetoing.promise, scope.bits) and self.vetoing.hits(document, scope):
                return []
            return self.wanted.hits(document, scope)
        return self._sentence_by_sentence(document, self.wanted.hits(document, scope))

    def _sentence_by_sentence(self, document: Document, wanted: list[Hit]) -> list[Hit]:
        barred = {
            number
            for number in {document.sentence_of(hit) for hit in wanted}
            if self.vetoing.hits(document, document.scopes[number])
        }
        return [hit for hit in wanted if document.sentence_of(hit) not in barred]


@attrs.frozen
class Near:
    """The hits of either side that have one of the other side near."""

    left: Plan
    right: Plan
    distance: int
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        if not possible(self.promise, scope.bits):
            return []
        left = in_order(self.left.hits(document, scope))
        right = in_order(self.right.hits(document, scope))
        near = [self._beside(document, left, right), self._beside(document, right, left)]
        return chained([hits for hits in near if hits])

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
        if second.start - first.end > _LONGEST_JOINT + (self.distance - 1) * _LETTERS_PER_WORD:
            return False
        between = document.text[first.end : second.start].translate(_JOINTS)
        words = sum(1 for word in between.split() if any(map(str.isalnum, word)))
        return words < self.distance


@attrs.frozen
class Sentences:
    """The hits of the sentences, or runs of sentences, that satisfy the body."""

    body: Plan
    count: int
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        promise, body = self.promise, self.body
        key = id(body)
        found = []
        for part in self._parts(document, scope):
            if possible(promise, part.bits):
                hits = part.remembered.get(key)
                if hits is None:
                    hits = part.remembered[key] = body.hits(document, part)
                if hits:
                    found.append(hits)
        return chained(found)

    def _parts(self, document: Document, scope: Scope) -> Iterable[Scope]:
        if scope is document.whole:
            return document.holding(union(needs[0] for needs in self.promise), self.count)
        if self.count > 1:
            return [part for part in document.runs(self.count) if part.is_within(scope)]
        return [document.scopes[number] for number in scope.sentences]


@attrs.frozen
class Paragraphs:
    """The hits of the paragraphs that satisfy the body."""

    body: Plan
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        parts = document.paragraphs if scope is document.whole else [scope]
        found = [
            self.body.hits(document, part) for part in parts if possible(self.promise, part.bits)
        ]
        return chained([hits for hits in found if hits])


@attrs.frozen
class AtLeast:
    """The hits of the body, where they are many enough."""

    body: Plan
    count: int
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        found = self.body.hits(document, scope)
        return found if len({hit.start for hit in found}) >= self.count else []


@attrs.frozen
class Field:
    """The hits of the body within one field."""

    body: Plan
    field: int
    promise: Promise

    def hits(self, document: Document, scope: Scope) -> list[Hit]:
        part = document.part(self.field) if scope is document.whole else self._part(document, scope)
        return self.body.hits(document, part) if possible(self.promise, part.bits) else []

    def _part(self, document: Document, scope: Scope) -> Scope:
        return document.joined([n for n in scope.sentences if document.fields[n] == self.field])


def satisfying(plan: Plan, document: Document) -> list[Hit]:
    """Return the hits that satisfy a query in an article, each once, in the order of the text.

    They are empty where the article does not satisfy it.
    """
    whole = document.whole
    if not possible(plan.promise, whole.bits):
        return []
    hits = plan.hits(document, whole)
    return in_order(hits) if hits else hits
