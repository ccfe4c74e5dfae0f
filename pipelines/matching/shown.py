"""Shown: under which of the rules that fired each hit is shown."""

from __future__ import annotations

from collections import defaultdict

from pipelines.matching.automaton import Hit
from pipelines.matching.document import Document, by_sentence
from pipelines.matching.hits import numbers_of, union
from pipelines.matching.judge import Firing

Shown = list[tuple[int, Hit]]
"""Hits, each with the number of its sentence, in the order of the text."""
_Takers = dict[int, list[tuple[int, Shown]]]
"""By sentence: the subjects whose hits a rule takes there, and where it puts them."""


def shown_hits(document: Document, firings: list[Firing]) -> list[Shown]:
    """Return for each rule the hits that no rule of its theme before it shows.

    A rule all of whose hits are shown by others keeps its first.
    """
    shown: list[Shown] = [[] for _ in firings]
    themes: defaultdict[str | None, _Takers] = defaultdict(dict)
    for firing, its in zip(firings, shown, strict=True):
        takers = themes[firing.rule.theme]
        for where, subjects in firing.evidence[1].items():
            for number in numbers_of(where):
                takers.setdefault(number, []).append((subjects, its))
    for takers in themes.values():
        for number in sorted(takers):
            _deal(document, number, takers[number])
    return [its or _first(document, firing) for firing, its in zip(firings, shown, strict=True)]


def _deal(document: Document, number: int, takers: list[tuple[int, Shown]]) -> None:
    """Give each hit of a sentence to the first that takes one of its subjects."""
    wanted = union(subjects for subjects, _ in takers)
    for hit, its in document.told_at(number, wanted):
        for subjects, taken in takers:
            if its & subjects:
                taken.append((number, hit))
                break


def _first(document: Document, firing: Firing) -> Shown:
    number, subjects = min(by_sentence(firing.evidence).items())
    return [(number, document.hits_at(number, subjects)[0])]
