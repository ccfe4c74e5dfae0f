"""Digest unseen: dark is not blocked, blocked is not quiet, and quiet is not nothing."""

from __future__ import annotations

import json
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import attrs

from review.digest.records import NotSeen, Unseen
from storage.coverage import WINDOWS, Coverage
from storage.times import from_text

BLOCKING = frozenset({"challenge", "forbidden", "rate_limited", "robots"})
"""Classes by which a site refuses the crawler, where others are faults."""
BLOCKED_PAGES = 3
"""Fewer refused pages than this are some pages, not a blocked source."""
EARLIER_NEEDED = 4
"""Comparable periods it takes to call a source quiet."""
CHANCE = 0.005
"""A source is quiet when so few articles come less often than this by chance alone.

With 242 sources that is about one false alarm a day.
"""

_WAY = re.compile("^(feed|sitemap|section)_")
_WEEK = timedelta(weeks=1)
_Kind = Literal["dark", "blocked", "quiet", "not_asked", "too_young", "seen"]


@attrs.frozen(kw_only=True)
class Sight:
    """What is known of one source in the period."""

    row: Mapping[str, Any]
    outcomes: Counter[str]
    """Pages by reason of refusal; `seen` are those that gave an article."""
    counts: Sequence[int]
    """Articles of the last period and of the comparable ones before it."""


def not_seen(coverage: Coverage, since: datetime, until: datetime) -> NotSeen:
    """Return what was not seen between two instants."""
    length = until - since
    step = _WEEK * math.ceil(length / _WEEK)
    counts = coverage.same_windows(until, length, step)
    outcomes = _outcomes(coverage.settled(since, until))
    sights = [
        Sight(
            row=row,
            outcomes=outcomes.get(row["slug"], Counter()),
            counts=_with_history(row, counts.get(row["slug"], [0] * WINDOWS), length, step),
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
        weeks_needed=EARLIER_NEEDED * step // _WEEK + length // _WEEK,
    )


def _outcomes(rows: Iterable[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    outcomes: dict[str, Counter[str]] = {}
    for row in rows:
        if row["outcome"] != "duplicate":
            reasons = outcomes.setdefault(row["source"], Counter())
            reasons[row["reason"] or "seen"] += row["pages"]
    return outcomes


def _with_history(
    row: Mapping[str, Any], counts: Sequence[int], length: timedelta, step: timedelta
) -> Sequence[int]:
    """Leave out the periods that began before the source was first seen."""
    if row["first_worked"] is None:
        return counts[:1]
    seen = from_text(row["last_worked"]) - from_text(row["first_worked"]) - length
    return counts[: 1 + max(0, seen // step)]


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
        return "dark" if BLOCKING.isdisjoint(_problems(sight)) else "blocked"
    if _pages_blocked(sight):
        return "blocked"
    if len(sight.counts) <= EARLIER_NEEDED:
        return "too_young"
    return "quiet" if is_quiet(sight.counts[0], sight.counts[1:]) else "seen"


def _pages_blocked(sight: Sight) -> bool:
    """Whether the site lists its articles and refuses most of them."""
    blocked = sum(number for reason, number in sight.outcomes.items() if reason in BLOCKING)
    return blocked >= BLOCKED_PAGES and 2 * blocked > sum(sight.outcomes.values())


def is_quiet(now: int, earlier: Sequence[int]) -> bool:
    """Whether so few articles are a silence: below half the usual, and not by chance (Poisson)."""
    usual = statistics.median(earlier)
    if now >= usual / 2:
        return False
    logs = (n * math.log(usual) - usual - math.lgamma(n + 1) for n in range(now + 1))
    return sum(map(math.exp, logs)) < CHANCE


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
    low, high = min(sight.counts[1:]), max(sight.counts[1:])
    return Unseen(
        name=sight.row["name"],
        country=sight.row["country"],
        pages=sight.counts[0],
        usual=str(low) if low == high else f"{low}–{high}",
    )
