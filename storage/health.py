"""Health: each source's state, told from its own history."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import attrs
from sqlite_utils import Database

from storage.alarms import ALARMS, History, PollFacts, judge
from storage.rhythm import Arrival, Rhythm, learn_rhythm, shared_holidays
from storage.times import from_text, to_text

WINDOW_DAYS = 42
"""How far back the history goes that a rhythm is learned from."""


@attrs.frozen(kw_only=True)
class SourceHealth:
    """How a source is."""

    source: str
    name: str
    country: str | None
    state: str
    because: str
    per_week: float | None
    """Articles expected in a week, None while that is not known."""
    last_7_days: int
    last_polled_at: datetime
    last_new_at: datetime | None
    next_poll_at: str | None
    way: str | None
    """The address that works at present."""
    tls_verified: bool

    @property
    def needs_a_person(self) -> bool:
        """Whether the state is an alarm."""
        return self.state in ALARMS


class Health:
    """Questions over `sources`, `polls`, `feeds` and `schedules`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def sources(
        self, now: datetime, min_per_week: Mapping[str, int] | None = None
    ) -> tuple[SourceHealth, ...]:
        """Return how each active source that was ever polled is, by slug.

        `min_per_week` is what the catalogue says of some of them.
        """
        facts = self._facts(now)
        polls = self._polls(now)
        histories = _histories(facts, polls, min_per_week or {}, now)
        return tuple(_health(facts[slug], history, now) for slug, history in histories.items())

    def _facts(self, now: datetime) -> dict[str, dict[str, Any]]:
        rows = self._db.query(
            """
            select sources.slug, sources.name, sources.country, schedules.next_poll_at,
                   (select min(started_at) from polls where polls.source = sources.slug
                       and started_at <= :now) as begun,
                   (select tls_verified from polls where polls.source = sources.slug
                       and started_at <= :now order by started_at desc limit 1) as tls_verified,
                   (select url from feeds where feeds.source = sources.slug
                       and links > 0 and problem is not 'frozen'
                     order by last_worked_at desc limit 1) as way
              from sources left join schedules on schedules.source = sources.slug
             where sources.active = 1 and begun is not null order by sources.slug
            """,
            {"now": to_text(now)},
        )
        return {row["slug"]: row for row in rows}

    def _polls(self, now: datetime) -> dict[str, list[PollFacts]]:
        rows = self._db.query(
            """
            select source, started_at, new_pages, stored, duplicate, refused, characters, errors
              from polls where started_at > :since and started_at <= :now order by started_at, id
            """,
            {"since": to_text(now - timedelta(days=WINDOW_DAYS)), "now": to_text(now)},
        )
        polls: dict[str, list[PollFacts]] = defaultdict(list)
        for row in rows:
            polls[row["source"]].append(_poll(row))
        return polls


def _poll(row: Mapping[str, Any]) -> PollFacts:
    return PollFacts(
        at=from_text(row["started_at"]),
        new=row["new_pages"],
        stored=row["stored"],
        duplicate=row["duplicate"],
        refused=row["refused"],
        characters=row["characters"],
        errors=json.loads(row["errors"]) if row["errors"] != "{}" else {},
    )


def _histories(
    facts: Mapping[str, Mapping[str, Any]],
    polls: Mapping[str, list[PollFacts]],
    minima: Mapping[str, int],
    now: datetime,
) -> dict[str, History]:
    """Learn each rhythm, then the holidays from the rhythms of a country, then the rhythms again."""
    plain = {
        slug: _history(fact, polls[slug], minima.get(slug))
        for slug, fact in facts.items()
        if slug in polls
    }
    rhythms: dict[str, list[tuple[Rhythm, Sequence[Arrival]]]] = defaultdict(list)
    for slug, history in plain.items():
        known = [] if history.rhythm is None else [(history.rhythm, history.arrivals)]
        rhythms[facts[slug]["country"] or ""] += known
    holidays = shared_holidays(rhythms, now, WINDOW_DAYS)
    return {
        slug: _with_holidays(history, holidays[facts[slug]["country"] or ""])
        for slug, history in plain.items()
    }


def _history(
    fact: Mapping[str, Any], polls: Sequence[PollFacts], min_per_week: int | None
) -> History:
    begun = max(from_text(fact["begun"]), polls[0].at)
    later = [poll for poll in polls if poll.at > from_text(fact["begun"])]
    arrivals = [Arrival(at=poll.at, pages=poll.new) for poll in later if poll.new]
    return History(
        begun=begun,
        polls=later or polls,
        arrivals=arrivals,
        rhythm=learn_rhythm(begun, arrivals),
        min_per_week=min_per_week,
    )


def _with_holidays(history: History, holidays: frozenset[date]) -> History:
    if not holidays or history.rhythm is None:
        return history
    rhythm = learn_rhythm(history.begun, history.arrivals, holidays)
    return attrs.evolve(history, rhythm=rhythm, holidays=holidays)


def _health(fact: Mapping[str, Any], history: History, now: datetime) -> SourceHealth:
    state, because = judge(history, now)
    week = now - timedelta(days=7)
    return SourceHealth(
        source=fact["slug"],
        name=fact["name"],
        country=fact["country"],
        state=state,
        because=because,
        per_week=round(history.rhythm.per_week, 1) if history.rhythm else None,
        last_7_days=sum(a.pages for a in history.arrivals if a.at > week),
        last_polled_at=history.polls[-1].at,
        last_new_at=history.last_new,
        next_poll_at=fact["next_poll_at"],
        way=fact["way"],
        tls_verified=bool(fact["tls_verified"]),
    )
