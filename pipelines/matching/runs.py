"""Runs: several neighbouring sentences of one field; a field of fewer sentences is one run."""

from __future__ import annotations

from pipelines.matching.document import Document, Scope
from pipelines.matching.hits import numbers_of


def first_of_runs(document: Document, count: int, scope: Scope) -> int:
    """Return the sentences with which runs of so many sentences within a scope begin."""
    firsts = scope.sentences
    for _ in range(count - 1):
        firsts &= firsts >> 1 & document.followed
    for field in document.parts:
        its = field.sentences
        if len(field.numbers) < count and its & scope.sentences == its:
            firsts |= its & -its
    return firsts


def reaching(document: Document, count: int, sentences: int) -> int:
    """Return from where on a run of so many sentences holds one of some sentences."""
    for _ in range(count - 1):
        sentences |= sentences >> 1 & document.followed
    return sentences


def reached(document: Document, count: int, firsts: int) -> int:
    """Return the sentences of the runs that begin with some sentences."""
    for _ in range(count - 1):
        firsts |= (firsts & document.followed) << 1
    return firsts


def runs(document: Document, count: int, around: int, scope: Scope) -> list[Scope]:
    """Return the runs of so many sentences within a scope that hold any of some sentences."""
    firsts = first_of_runs(document, count, scope) & reaching(document, count, around)
    ends = [field.numbers.stop for field in document.parts]
    return [
        Scope(range(first, min(first + count, ends[document.fields[first]])))
        for first in numbers_of(firsts)
    ]
