"""Aside: the words of a stored article that a search leaves aside, because no rule counts them.

"Guinée" does not stand for itself in « golfe de Guinée », nor "russes" in « montagnes russes ».
A query that names the longer words themselves finds them.
"""

from __future__ import annotations

from pipelines.matching.automaton import Hit, Place, Scan
from pipelines.matching.engine import Engine
from pipelines.matching.masks import mask_spans, split_masked, without_rivals


class Aside:
    """The names and masks of a rule set, held against the hits of a query."""

    def __init__(self, engine: Engine) -> None:
        self._automaton = engine.automaton
        self._bits = engine.bits

    def counting(self, asked: Scan, hits: list[Hit]) -> list[Hit]:
        """Return the hits that stand for themselves, of a scan's hits in the order of the text."""
        scan = self._automaton.scan_folded(asked.text, asked.folded)
        known = self._automaton.hits(scan)
        masks = mask_spans(scan, without_rivals(known, self._bits), self._bits, None)
        named = {hit[:2] for hit in hits}  # a mask that the query names as a whole hides nothing
        within = _within_other_names(known)
        apart = [hit for hit in hits if hit[:2] not in within]
        counting, _ = split_masked(apart, [mask for mask in masks if mask[:2] not in named])
        return counting


def _within_other_names(known: list[Hit]) -> set[tuple[int, int]]:
    """Return where a name stands within a longer one that names something else."""
    within: set[tuple[int, int]] = set()
    end, longest = -1, None
    for hit in known:
        place = hit.entry.place
        if place is None:
            continue
        if longest is None or hit.end > end:
            end, longest = hit.end, place
        elif _is_another(place, longest):
            within.add((hit.start, hit.end))
    return within


def _is_another(place: Place, longer: Place) -> bool:
    """Whether a longer name is no name of the same: « Afrique de l'Ouest » is in Africa."""
    return longer.kind != "group" and set(place.codes).isdisjoint(longer.codes)
