"""Desk queue: the desk's stories filtered, counted by facet, and one per story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import chain

import attrs

from storage.desk import Judged, Story

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

    stories: list[Story]
    facets: dict[str, Counter[str]]
    """Stories by facet and value, each facet counted as if it were not filtered itself."""

    @property
    def articles(self) -> list[int]:
        """The articles that are read, one per story, in order."""
        return [story.article for story in self.stories]


Values = Callable[[Story], Collection[str]]


def view_queue(
    stories: Sequence[Story], judged: Judged, filters: QueueFilters, found: set[int] | None = None
) -> QueueView:
    """Filter the stories and count them; `found` are the articles a search allows."""
    if filters.order == "date":
        stories = sorted(stories, key=lambda story: (story.date, story.article), reverse=True)
    values = _values(judged, filters.reviewer)
    wanted = {facet: value for facet in FACETS if (value := getattr(filters, facet)) is not None}
    passing: list[Story] = []
    nearly: dict[str, list[Story]] = {facet: [] for facet in FACETS}
    for story in stories:
        if not _allowed(story, filters, found):
            continue
        failed = [facet for facet, value in wanted.items() if value not in values[facet](story)]
        if not failed:
            passing.append(story)
        elif len(failed) == 1:
            nearly[failed[0]].append(story)
    facets = {
        facet: Counter(chain.from_iterable(map(values[facet], chain(passing, nearly[facet]))))
        for facet in FACETS
    }
    return QueueView(stories=passing, facets=facets)


def neighbours(order: Sequence[int], article: int) -> tuple[int | None, int | None]:
    """Return the articles before and after one; of one that is not there, None and the first."""
    if article not in order:
        return None, order[0] if order else None
    place = order.index(article)
    before = order[place - 1] if place else None
    return before, order[place + 1] if place + 1 < len(order) else None


def states_of(verdicts: Sequence[tuple[str, str]], reviewer: str | None) -> set[str]:
    """Return the states of a story with these verdicts, for one reviewer."""
    given = {verdict for _, verdict in verdicts}
    states = {"all", *given} if given else {"all", "unreviewed"}
    if len(given) > 1:
        states.add("disputed")
    if any(name == reviewer for name, _ in verdicts):
        states.add("mine")
    return states


def _values(judged: Judged, reviewer: str | None) -> dict[str, Values]:
    """Return how to read the values of each facet."""
    waiting = states_of((), reviewer)
    states = {story: states_of(given, reviewer) for story, given in judged.verdicts.items()}
    return {
        "state": lambda story: states.get(story.number, waiting),
        "country": lambda story: judged.countries.get(story.number, story.countries),
        "theme": lambda story: judged.themes.get(story.number, story.themes),
        "source": lambda story: story.sources,
        "alignment": lambda story: story.alignments,
        "rule": lambda story: story.rules,
    }


def _allowed(story: Story, filters: QueueFilters, found: set[int] | None) -> bool:
    if found is not None and found.isdisjoint(story.articles):
        return False
    day = story.date[:10]
    return (filters.since or day) <= day <= (filters.until or day)
