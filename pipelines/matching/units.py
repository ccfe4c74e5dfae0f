"""Units: the nodes that say where in an article their body has to be satisfied, or how often."""

from __future__ import annotations

import attrs

from pipelines.matching.document import Document, Evidence, Scope, SentenceScope
from pipelines.matching.evaluate import Leaf
from pipelines.matching.plan import Plan, Promise, able, first_needs, merged, one_by_one, possible


@attrs.frozen
class Sentences:
    """The hits of the sentences that satisfy the body."""

    body: Plan
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        return self.body.among(document, sentences)

    def within(self, document: Document, scope: Scope) -> Evidence:
        evidence = document.remembered.get(id(self.body))
        if evidence is None:
            sentences = able(self.promise, document.holding(first_needs(self.promise)))
            evidence = self.body.among(document, sentences) if sentences else {}
            document.remembered[id(self.body)] = evidence
        if scope is document.whole or not evidence:
            return evidence
        return {number: evidence[number] for number in scope.numbers if number in evidence}


@attrs.frozen
class Runs:
    """The hits of the runs of so many sentences that satisfy the body."""

    body: Plan
    count: int
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        return one_by_one(self, document, sentences)

    def within(self, document: Document, scope: Scope) -> Evidence:
        around = [one.number for one in document.holding(first_needs(self.promise))]
        runs = [document.joined(run) for run in document.runs(self.count, around, scope)]
        return merged(
            [self.body.within(document, run) for run in runs if possible(self.promise, run.bits)]
        )


@attrs.frozen
class RunsOfAll:
    """As `Runs` on an `All` of parts that are the same in a run as in its sentences."""

    parts: tuple[Leaf | Sentences, ...]
    count: int
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        return one_by_one(self, document, sentences)

    def within(self, document: Document, scope: Scope) -> Evidence:
        found: list[Evidence] = []
        for part in self.parts:
            found.append(part.within(document, document.whole))
            if not found[-1]:
                return {}
        held: set[int] = set()
        fewest: Evidence = min(found, key=len)
        for run in document.runs(self.count, fewest, scope):
            for its in found:
                if its.keys().isdisjoint(run):
                    break
            else:
                held.update(run)
        evidence = merged(found) if held else {}
        return {number: evidence[number] for number in held if number in evidence}


@attrs.frozen
class Paragraphs:
    """The hits of the paragraphs that satisfy the body."""

    body: Plan
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        return self.body.among(document, sentences)

    def within(self, document: Document, scope: Scope) -> Evidence:
        parts = document.paragraphs if scope is document.whole else [scope]
        return merged(
            [
                self.body.within(document, part)
                for part in parts
                if possible(self.promise, part.bits)
            ]
        )


@attrs.frozen
class AtLeast:
    """The hits of the body, where they are many enough."""

    body: Plan
    count: int
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        return {
            number: its
            for number, its in self.body.among(document, sentences).items()
            if document.scopes[number].places(its) >= self.count
        }

    def within(self, document: Document, scope: Scope) -> Evidence:
        evidence = self.body.within(document, scope)
        places = sum(document.scopes[number].places(its) for number, its in evidence.items())
        return evidence if places >= self.count else {}


@attrs.frozen
class Field:
    """The hits of the body within one field."""

    body: Plan
    field: int
    promise: Promise

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        numbers = document.numbers_of[self.field]
        return self.body.among(document, [one for one in sentences if one.number in numbers])

    def within(self, document: Document, scope: Scope) -> Evidence:
        part = document.part(self.field, scope)
        return self.body.within(document, part) if possible(self.promise, part.bits) else {}
