"""Units: the nodes that say where in an article their body has to be satisfied, or how often."""

from __future__ import annotations

import attrs

from pipelines.matching.document import NOTHING, Document, Evidence, Scope, by_sentence
from pipelines.matching.evaluate import Leaf
from pipelines.matching.hits import bits_of
from pipelines.matching.plan import Plan, Promise, able, limited, merged, one_by_one
from pipelines.matching.runs import first_of_runs, reached, reaching, runs


@attrs.frozen
class Sentences:
    """The hits of the sentences that satisfy the body and hold none of the barring subjects."""

    body: Plan
    barring: int
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        left = able(self.promise, document, sentences) & ~document.holding[self.barring]
        if not left:
            return NOTHING
        known = document.remembered.get(id(self))
        if known is not None:
            return limited(known, left)
        evidence = self.body.among(document, left)
        if sentences == document.whole.sentences:
            document.remembered[id(self)] = evidence
        return evidence

    def within(self, document: Document, scope: Scope) -> Evidence:
        return self.among(document, scope.sentences)


@attrs.frozen
class Runs:
    """The hits of the runs of so many sentences that satisfy the body."""

    body: Plan
    count: int
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        return one_by_one(self, document, sentences)

    def within(self, document: Document, scope: Scope) -> Evidence:
        around = 0
        for needs in self.promise:
            around |= document.holding[needs[0]]
        return merged(
            [self.body.within(document, run) for run in runs(document, self.count, around, scope)]
        )


@attrs.frozen
class RunsOfAll:
    """As `Runs` on an `All` of parts that are the same in a run as in its sentences."""

    parts: tuple[Leaf | Sentences, ...]
    count: int
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        return one_by_one(self, document, sentences)

    def within(self, document: Document, scope: Scope) -> Evidence:
        firsts = first_of_runs(document, self.count, scope)
        sentences = scope.sentences
        found: list[Evidence] = []
        for part in self.parts:
            found.append(part.among(document, sentences))
            firsts &= reaching(document, self.count, found[-1][0])
            if not firsts:
                return NOTHING
            sentences = reached(document, self.count, firsts)
        return limited(merged(found), sentences)


@attrs.frozen
class Paragraphs:
    """The hits of the paragraphs that satisfy the body."""

    body: Plan
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        return self.body.among(document, sentences)

    def within(self, document: Document, scope: Scope) -> Evidence:
        parts = document.paragraphs if scope is document.whole else [scope]
        return merged([self.body.within(document, part) for part in parts])


@attrs.frozen
class AtLeast:
    """The hits of the body, where they are many enough."""

    body: Plan
    count: int
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        evidence = self.body.among(document, sentences)
        many = [
            number
            for number, subjects in sorted(by_sentence(evidence).items())
            if document.places(number, subjects) >= self.count
        ]
        return limited(evidence, bits_of(many))

    def within(self, document: Document, scope: Scope) -> Evidence:
        evidence = self.body.within(document, scope)
        places = sum(
            document.places(number, subjects) for number, subjects in by_sentence(evidence).items()
        )
        return evidence if places >= self.count else NOTHING


@attrs.frozen
class Field:
    """The hits of the body within one field."""

    body: Plan
    field: int
    promise: Promise

    def among(self, document: Document, sentences: int) -> Evidence:
        return self.body.among(document, sentences & document.parts[self.field].sentences)

    def within(self, document: Document, scope: Scope) -> Evidence:
        part = document.parts[self.field]
        if scope is not document.whole:
            its, numbers = part.numbers, scope.numbers
            first, stop = max(its.start, numbers.start), min(its.stop, numbers.stop)
            part = Scope(range(first, max(first, stop)))
        return self.body.within(document, part)
