"""Rhythm: what a source is expected to publish, learned from what it published.

Silence is measured in articles that should have come and not in hours: a night, a Sunday and a
holiday of a country cost little of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import attrs

LEARNED_DAYS, LEARNED_ARRIVALS = 7, 5
"""Before so many days and arrivals nothing is expected of a source."""
HOLIDAY_SHARE = 0.35
"""A day on which a country's sources together give less than this share is a holiday there."""
HOLIDAY_SOURCES, HOLIDAY_ARTICLES = 3, 10
HOLIDAY_WEIGHT = 0.1

_DAY = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Arrival:
    """New pages of a source, when they were first announced to us."""

    at: datetime
    pages: int


@attrs.frozen(kw_only=True)
class Rhythm:
    """How much a source publishes on each day of the week, and how long it is silent at most."""

    per_weekday: tuple[float, ...]
    """Articles expected on a Monday, …, a Sunday."""
    longest: float
    """The longest silence of its history, in articles that should have come meanwhile."""

    @property
    def per_week(self) -> float:
        """Articles expected in a week."""
        return sum(self.per_weekday)

    def expected(self, since: datetime, until: datetime, holidays: Collection[date] = ()) -> float:
        """Return how many articles should have come in a stretch of time."""
        return sum(
            self.per_weekday[day.weekday()] * share * (HOLIDAY_WEIGHT if day in holidays else 1)
            for day, share in _days(since, until)
        )


def learn_rhythm(
    begun: datetime, arrivals: Sequence[Arrival], holidays: Collection[date] = ()
) -> Rhythm | None:
    """Return the rhythm of a source, None while too little is known of it.

    `begun` is its first poll, whose own arrivals are a backlog and are not to be among them.
    """
    if len(arrivals) < LEARNED_ARRIVALS or arrivals[-1].at - begun < LEARNED_DAYS * _DAY:
        return None
    rates = Rhythm(per_weekday=_rates(begun, arrivals, holidays), longest=0)
    moments = [begun, *(arrival.at for arrival in arrivals)]
    gaps = [rates.expected(earlier, later, holidays) for earlier, later in pairwise(moments)]
    return attrs.evolve(rates, longest=max(*gaps, 1.0))


def shared_holidays(
    by_country: Mapping[str, Sequence[tuple[Rhythm, Sequence[Arrival]]]], until: datetime, days: int
) -> dict[str, frozenset[date]]:
    """Return the holidays of each country; those of most countries also count where few are known.

    A country of less than three sources of known rhythm cannot tell its holidays from faults. Where
    no country can, the sources of all of them are judged together.
    """
    known = {
        country: holidays_of(rhythms, until, days)
        for country, rhythms in by_country.items()
        if len(rhythms) >= HOLIDAY_SOURCES
    }
    times = Counter(day for holidays in known.values() for day in holidays)
    shared = frozenset(day for day, countries in times.items() if 2 * countries > len(known))
    if not known:
        shared = holidays_of(
            [one for rhythms in by_country.values() for one in rhythms], until, days
        )
    return {country: known.get(country, shared) for country in by_country}


def holidays_of(
    rhythms: Sequence[tuple[Rhythm, Sequence[Arrival]]], until: datetime, days: int
) -> frozenset[date]:
    """Return the days of the last `days` on which some sources together hardly published.

    Needs three sources of known rhythm; the present day is judged by the part of it that is over.
    """
    if len(rhythms) < HOLIDAY_SOURCES:
        return frozenset()
    first = datetime.combine(until.date(), time(), UTC) - days * _DAY
    came: dict[date, int] = {}
    for _, arrivals in rhythms:
        for arrival in arrivals:
            came[arrival.at.date()] = came.get(arrival.at.date(), 0) + arrival.pages
    starts = [first + number * _DAY for number in range(days + 1)]
    return frozenset(
        start.date()
        for start in starts
        if _is_holiday(rhythms, start, min(start + _DAY, until), came.get(start.date(), 0))
    )


def _is_holiday(
    rhythms: Iterable[tuple[Rhythm, Sequence[Arrival]]],
    start: datetime,
    end: datetime,
    came: int,
) -> bool:
    seen = [rhythm for rhythm, arrivals in rhythms if arrivals[0].at < start]
    expected = sum(rhythm.expected(start, end) for rhythm in seen)
    return expected >= HOLIDAY_ARTICLES and came < HOLIDAY_SHARE * expected


def _rates(
    begun: datetime, arrivals: Sequence[Arrival], holidays: Collection[date]
) -> tuple[float, ...]:
    """Return articles a day by weekday, drawn towards the mean as if a week more had been seen."""
    days, pages = [0.0] * 7, [0.0] * 7
    for day, share in _days(begun, arrivals[-1].at):
        days[day.weekday()] += 0 if day in holidays else share
    for arrival in arrivals:
        if arrival.at.date() not in holidays:
            pages[arrival.at.weekday()] += arrival.pages
    mean = sum(pages) / max(sum(days), 1)
    return tuple((p + mean) / (d + 1) for p, d in zip(pages, days, strict=True))


def _days(since: datetime, until: datetime) -> Iterator[tuple[date, float]]:
    """Yield each day of a stretch of time with the share of it that lies within."""
    day = datetime.combine(since.date(), time(), UTC)
    while day < until:
        share = (min(until, day + _DAY) - max(since, day)) / _DAY
        yield day.date(), share
        day += _DAY
