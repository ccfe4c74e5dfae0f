"""Digest unseen: dark is not blocked, blocked is not quiet, and quiet is not nothing."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from review.digest.records import NotSeen, Unseen
from storage.alarms import BLOCKING
from storage.coverage import Coverage
from storage.health import Health, SourceHealth
from storage.rhythm import LEARNED_DAYS
from storage.times import from_text

BLOCKED_PAGES = 3
"""Fewer refused pages than this are some pages, not a blocked source."""
QUIET = frozenset({"silent", "frozen", "few"})
"""The states of a source that is read and from which too little comes, as `vigie status` tells them."""

_WAY = re.compile("^(feed|sitemap|section)_")
_Kind = Literal["dark", "blocked", "quiet", "not_asked", "too_young", "seen"]


@attrs.frozen(kw_only=True)
class Sight:
    """What is known of one source in the period."""

    row: Mapping[str, Any]
    outcomes: Counter[str]
    """Pages by reason of refusal; `seen` are those that gave an article."""
    health: SourceHealth | None
    """How the source was at the end of the period, None when it was never polled."""


def not_seen(coverage: Coverage, health: Health, since: datetime, until: datetime) -> NotSeen:
    """Return what was not seen between two instants."""
    judged = {source.source: source for source in health.sources(until)}
    outcomes = _outcomes(coverage.settled(since, until))
    sights = [
        Sight(
            row=row,
            outcomes=outcomes.get(row["slug"], Counter()),
            health=judged.get(row["slug"]),
        )
        for row in coverage.sources(since, until)
    ]
    kinds: dict[_Kind, list[Sight]] = {}
    for sight in sights:
        kinds.setdefault(_kind(sight), []).append(sight)
    refused = sum(outcomes.values(), Counter[str]())
    articles = refused.pop("seen", 0)
    return NotSeen(
        sources=len(sights),
        asked=sum(bool(sight.row["polls"]) for sight in sights),
        answered=sum(_answered(sight) for sight in sights),
        articles=articles,
        dark=tuple(_failed(sight) for sight in kinds.get("dark", ())),
        blocked=tuple(_failed(sight) for sight in kinds.get("blocked", ())),
        quiet=tuple(_quiet(sight) for sight in kinds.get("quiet", ())),
        not_asked=tuple(_failed(sight) for sight in kinds.get("not_asked", ())),
        refused=tuple(refused.most_common()),
        waiting=coverage.waiting(),
        too_young=len(kinds.get("too_young", ())),
        weeks_needed=LEARNED_DAYS // 7,
    )


def _outcomes(rows: Iterable[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    outcomes: dict[str, Counter[str]] = {}
    for row in rows:
        if row["outcome"] != "duplicate":
            reasons = outcomes.setdefault(row["source"], Counter())
            reasons[row["reason"] or "seen"] += row["pages"]
    return outcomes


def _answered(sight: Sight) -> bool:
    return bool(sight.row["polls"]) and "source_failed" not in json.loads(sight.row["errors"])


def _problems(sight: Sight) -> Counter[str]:
    """Return how often each class was met on the ways to the articles, in the last poll."""
    errors: dict[str, int] = json.loads(sight.row["errors"] or "{}")
    problems = Counter[str]()
    for key, times in errors.items():
        if _WAY.match(key):
            problems[_WAY.sub("", key)] += times
    return problems


def _kind(sight: Sight) -> _Kind:
    if not sight.row["polls"]:
        return "not_asked"
    if not _answered(sight):
        return "dark" if _problems(sight).keys().isdisjoint(BLOCKING) else "blocked"
    if _pages_blocked(sight):
        return "blocked"
    if sight.health is None or sight.health.per_week is None:
        return "too_young"
    return "quiet" if sight.health.state in QUIET else "seen"


def _pages_blocked(sight: Sight) -> bool:
    """Whether the site lists its articles and refuses most of them."""
    blocked = sum(number for reason, number in sight.outcomes.items() if reason in BLOCKING)
    return blocked >= BLOCKED_PAGES and 2 * blocked > sum(sight.outcomes.values())


def _failed(sight: Sight) -> Unseen:
    reasons = sight.outcomes if _answered(sight) else _problems(sight)
    last = sight.row["last_worked"]
    return Unseen(
        name=sight.row["name"],
        country=sight.row["country"],
        reasons=tuple(reason for reason, _ in reasons.most_common() if reason != "seen"),
        since=from_text(last).date() if last else None,
        pages=sum(number for reason, number in sight.outcomes.items() if reason in BLOCKING),
    )


def _quiet(sight: Sight) -> Unseen:
    assert sight.health is not None  # noqa: S101 - its state made it quiet
    last = sight.health.last_new_at
    return Unseen(
        name=sight.row["name"],
        country=sight.row["country"],
        since=last.date() if last else None,
        pages=sight.health.last_7_days,
        usual=f"{sight.health.per_week:.0f}",
    )
