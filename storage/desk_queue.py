"""Desk queue: the desk's items filtered, counted by facet, and one per story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import attrs

from storage.desk import Item

STATES = ("unreviewed", "mine", "disputed", "relevant", "irrelevant", "unsure", "all")
FACETS = ("state", "country", "theme", "source", "alignment", "rule")
ORDERS = ("score", "date")


@attrs.frozen(kw_only=True)
class QueueFilters:
    """What the reviewer wants to see; None leaves a filter open."""

    state: str = "unreviewed"
    country: str | None = None
    theme: str | None = None
    source: str | None = None
    alignment: str | None = None
    """An alignment, or `none` for sources that have none."""
    rule: str | None = None
    since: str | None = None
    """First day, 2026-11-22."""
    until: str | None = None
    """Last day."""
    reviewer: str | None = None
    """Who asks: what `mine` means."""
    order: str = "score"


@attrs.frozen(kw_only=True)
class QueueView:
    """What a reviewer sees of the queue."""

    items: list[Item]
    """One per story, in order."""
    facets: dict[str, Counter[str]]
    """Stories by facet and value, each facet counted as if it were not filtered itself."""


def view_queue(
    items: Sequence[Item], filters: QueueFilters, found: set[int] | None = None
) -> QueueView:
    """Filter the items and count them; `found` are the articles a search allows."""
    if filters.order == "date":
        items = sorted(items, key=lambda item: (item.date, item.article), reverse=True)
    shown: dict[int, Item] = {}
    seen: dict[str, set[tuple[str, int]]] = {facet: set() for facet in FACETS}
    for item in items:
        if not _dated(item, filters) or (found is not None and item.article not in found):
            continue
        values = _values(item, filters.reviewer)
        failed = [facet for facet in FACETS if not _passes(values[facet], facet, filters)]
        if not failed:
            shown.setdefault(item.story, item)
        for facet in FACETS if not failed else failed if len(failed) == 1 else ():
            seen[facet].update((value, item.story) for value in values[facet])
    counts = {facet: Counter(value for value, _ in pairs) for facet, pairs in seen.items()}
    return QueueView(items=list(shown.values()), facets=counts)


def states_of(item: Item, reviewer: str | None) -> Iterator[str]:
    """Yield the states of a story for one reviewer; a story may have several."""
    yield "all"
    if not item.verdicts:
        yield "unreviewed"
        return
    given = {verdict for _, verdict in item.verdicts}
    yield from given
    if len(given) > 1:
        yield "disputed"
    if any(name == reviewer for name, _ in item.verdicts):
        yield "mine"


def neighbours(order: Sequence[int], article: int) -> tuple[int | None, int | None]:
    """Return the articles before and after one; of one that is not there, None and the first."""
    if article not in order:
        return None, order[0] if order else None
    place = order.index(article)
    before = order[place - 1] if place else None
    return before, order[place + 1] if place + 1 < len(order) else None


def _dated(item: Item, filters: QueueFilters) -> bool:
    day = item.date[:10]
    return (filters.since is None or day >= filters.since) and (
        filters.until is None or day <= filters.until
    )


_VALUES: dict[str, Callable[[Item], Sequence[str]]] = {
    "country": lambda item: item.countries,
    "theme": lambda item: item.themes,
    "source": lambda item: (item.source,),
    "alignment": lambda item: (item.alignment or "none",),
    "rule": lambda item: tuple(item.rules),
}


def _values(item: Item, reviewer: str | None) -> dict[str, Sequence[str]]:
    values = {facet: of(item) for facet, of in _VALUES.items()}
    return values | {"state": tuple(states_of(item, reviewer))}


def _passes(values: Sequence[str], facet: str, filters: QueueFilters) -> bool:
    wanted = getattr(filters, facet)
    return wanted is None or wanted in values
