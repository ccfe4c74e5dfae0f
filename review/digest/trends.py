"""Digest trends: the numbers behind the charts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from review.digest.records import Series, Trends
from storage.coverage import Coverage
from storage.digest import DigestQuestions
from storage.records import THEMES
from storage.times import from_text

WEEKS = 12
DAYS = 28
COUNTRIES = 12
"""Countries with a row of their own: those with most stories."""
SOURCES = 8
"""Sources in each of the two charts."""
SILENT_DAYS = 3
"""A source is silent after so many days; many outlets rest on a weekend."""


def trends(questions: DigestQuestions, coverage: Coverage, until: datetime) -> Trends:
    """Return stories by week and articles by day, up to an instant."""
    weeks = mondays(until.date(), WEEKS)
    days = tuple(until.date() - timedelta(days=n) for n in reversed(range(DAYS)))
    rows = _first_of_each_story(questions.dated_stories(_midnight(weeks[0], until), until))
    sources = _sources(coverage, days, until)
    countries = _weekly(rows, "countries", weeks)
    return Trends(
        weeks=weeks,
        themes=tuple(sorted(_weekly(rows, "themes", weeks), key=_theme_order)),
        countries=tuple(sorted(countries, key=lambda s: (-s.total, s.name))[:COUNTRIES]),
        days=days,
        loudest=tuple(sorted(sources, key=lambda s: (-s.total, s.name))[:SOURCES]),
        quietest=tuple(
            sorted(
                (s for s in sources if int(s.last) >= SILENT_DAYS),
                key=lambda s: (-int(s.last), s.name),
            )[:SOURCES]
        ),
    )


def mondays(today: date, weeks: int) -> tuple[date, ...]:
    """Return the Mondays of the last weeks, that of today last."""
    monday = today - timedelta(days=today.weekday())
    return tuple(monday - timedelta(weeks=n) for n in reversed(range(weeks)))


def _midnight(day: date, like: datetime) -> datetime:
    return datetime.combine(day, time(), tzinfo=like.tzinfo)


def _first_of_each_story(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Keep the earliest article of each story: copies count once."""
    first: dict[int, Mapping[str, Any]] = {}
    for row in rows:
        first.setdefault(row["story"], row)
    return list(first.values())


def _weekly(rows: Iterable[Mapping[str, Any]], column: str, weeks: Sequence[date]) -> list[Series]:
    """Count the stories of each week under each of their themes or countries."""
    counts: dict[str, Counter[date]] = {}
    for row in rows:
        day = from_text(row["at"]).date()
        for name in json.loads(row[column]):
            counts.setdefault(name, Counter())[day - timedelta(days=day.weekday())] += 1
    return [
        Series(name=name, values=tuple(by_week[week] for week in weeks))
        for name, by_week in counts.items()
    ]


def _theme_order(series: Series) -> int:
    return THEMES.index(series.name) if series.name in THEMES else len(THEMES)


def _sources(coverage: Coverage, days: Sequence[date], until: datetime) -> list[Series]:
    by_day = coverage.days(_midnight(days[0], until), until)
    return [
        Series(
            name=row["name"],
            values=tuple(by_day.get(row["slug"], {}).get(day.isoformat(), 0) for day in days),
            last=str((until - from_text(row["last_article"])).days),
        )
        for row in coverage.last_articles(until)
    ]


def renamed(series: Iterable[Series], name: Callable[[str], str]) -> list[Series]:
    """Return series under the names people read."""
    return [Series(name=name(one.name), values=one.values, last=one.last) for one in series]
