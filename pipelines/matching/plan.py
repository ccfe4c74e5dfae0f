"""Plans: what nodes of compiled queries promise and return.

Every node returns its evidence: the sentences that satisfy it, as the bits of one integer, and the
subjects whose hits there do. It is asked for many sentences at once, each on its own (`among`),
or for a scope of several sentences taken as one (`within`). Either way one operation on integers
looks at all sentences; hits are looked at only where they have to be apart, near or many.
The promise of a node says which subjects it cannot be satisfied without: alternatives, each a
list of bit sets that all have to be met. Almost every rule fails on it, for the price of one or
two integer operations.
"""

from __future__ import annotations

from typing import Protocol

from pipelines.matching.document import NOTHING, Document, Evidence, Scope
from pipelines.matching.hits import numbers_of

Promise = tuple[tuple[int, ...], ...]


class Plan(Protocol):
    """A compiled node of a query."""

    @property
    def promise(self) -> Promise:
        """What the node needs; within an alternative the leftmost of the query first."""

    def among(self, document: Document, sentences: int) -> Evidence:
        """Return the evidence of those of the sentences that satisfy the node, each on its own."""

    def within(self, document: Document, scope: Scope) -> Evidence:
        """Return the evidence of a scope that satisfies the node as one, else none."""


def possible(promise: Promise, bits: int) -> bool:
    """Say whether an article that holds these subjects can keep the promise."""
    for needs in promise:  # loops: twice as fast as any() and all() with generators
        for need in needs:
            if not bits & need:
                break
        else:
            return True
    return False


def satisfying(plan: Plan, document: Document) -> Evidence:
    """Return the evidence of an article that satisfies a query, else none."""
    return plan.within(document, document.whole)


def able(promise: Promise, document: Document, sentences: int) -> int:
    """Return the sentences that can keep a promise."""
    holding, found = document.holding, 0
    for needs in promise:
        left = sentences
        for need in needs:
            left &= holding[need]
        found |= left
    return found


def limited(evidence: Evidence, sentences: int) -> Evidence:
    """Return the evidence that lies in some sentences."""
    found = evidence[0] & sentences
    if found == evidence[0]:
        return evidence
    if not found:
        return NOTHING
    shown: dict[int, int] = {}
    for where, subjects in evidence[1].items():
        rest = where & found
        shown[rest] = shown.get(rest, 0) | subjects
    return found, shown


def one_by_one(plan: Plan, document: Document, sentences: int) -> Evidence:
    """Return the evidence of each sentence that satisfies the node as a scope."""
    scopes = (
        Scope(range(number, number + 1))
        for number in numbers_of(able(plan.promise, document, sentences))
    )
    return merged([plan.within(document, scope) for scope in scopes])


def merged(parts: list[Evidence]) -> Evidence:
    """Return the evidence of all parts of a query or of an article."""
    given = [one for one in parts if one[0]]
    if len(given) < 2:
        return given[0] if given else NOTHING
    together = 0
    shown: dict[int, int] = {}
    for found, its in given:
        together |= found
        for where, subjects in its.items():
            shown[where] = shown.get(where, 0) | subjects
    return together, shown
