"""Plans: what nodes of compiled queries promise and return.

Every node returns its evidence: the sentences that satisfy it, each with the subjects whose hits
there do. It is asked for many sentences at once, each on its own (`among`), or for a scope of
several sentences taken as one (`within`). Either way the sentences are sieved by their bits;
hits are looked at only where they have to be apart, near or many.
The promise of a node says which subjects it cannot be satisfied without: alternatives, each a
list of bit sets that all have to be met. Almost every rule fails on it, for the price of one or
two integer operations.
"""

from __future__ import annotations

from typing import Protocol

from pipelines.matching.document import Document, Evidence, Scope, SentenceScope
from pipelines.matching.hits import union

Promise = tuple[tuple[int, ...], ...]


class Plan(Protocol):
    """A compiled node of a query."""

    @property
    def promise(self) -> Promise:
        """What the node needs; within an alternative the leftmost of the query first."""

    def among(self, document: Document, sentences: list[SentenceScope]) -> Evidence:
        """Return the evidence of those of the sentences that satisfy the node, each on its own."""

    def within(self, document: Document, scope: Scope) -> Evidence:
        """Return the evidence of a scope that satisfies the node as one, else none."""


def possible(promise: Promise, bits: int) -> bool:
    """Say whether a scope that holds these subjects can keep the promise."""
    for needs in promise:  # loops: twice as fast as any() and all() with generators
        for need in needs:
            if not bits & need:
                break
        else:
            return True
    return False


def satisfying(plan: Plan, document: Document) -> Evidence:
    """Return the evidence of an article that satisfies a query, else none."""
    whole = document.whole
    return plan.within(document, whole) if possible(plan.promise, whole.bits) else {}


def able(promise: Promise, sentences: list[SentenceScope]) -> list[SentenceScope]:
    """Return the sentences that can keep a promise."""
    if len(promise) > 1:
        return [one for one in sentences if possible(promise, one.bits)]
    for need in promise[0]:
        sentences = [one for one in sentences if one.bits & need]
    return sentences


def first_needs(promise: Promise) -> int:
    """Return the subjects of which a scope must hold one to keep the promise."""
    return union(needs[0] for needs in promise)


def one_by_one(plan: Plan, document: Document, sentences: list[SentenceScope]) -> Evidence:
    """Return the evidence of each sentence that satisfies the node as a scope."""
    return merged([plan.within(document, one) for one in able(plan.promise, sentences)])


def merged(found: list[Evidence]) -> Evidence:
    """Return the evidence of all parts of a query or of an article."""
    if len(found) == 1:
        return found[0]
    together: Evidence = {}
    for evidence in found:
        for number, bits in evidence.items():
            together[number] = together.get(number, 0) | bits
    return together
