"""Schedules: when each source is asked again, by how often it publishes and how it failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlite_utils import Database

from storage.connection import writing
from storage.times import from_text, to_text

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(days=1)
"""However much or little a source publishes, it is asked neither more often nor more rarely."""
UNKNOWN = timedelta(hours=1)
"""How often a source is asked whose rhythm is not known yet."""
LEARNED_AFTER = timedelta(days=1)
WINDOW = timedelta(days=14)
PATIENCE = 3
"""After so many failures in a row the pause between two polls doubles each time."""
REDISCOVERIES = (timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""How long to wait before another way is looked for again, after each time it was in vain."""
FROZEN_AT_LEAST, FROZEN_AT_MOST = timedelta(days=4), timedelta(days=30)
SLACK = 10
"""A tenth of the pause may be missing: a run by the hour begins a few seconds early."""


class Schedules:
    """The `schedules` table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def due(self, sources: Iterable[str], now: datetime) -> tuple[str, ...]:
        """Return the sources whose turn has come, in the order given: the unknown ones too.

        A source with pages in the queue that are due is due itself; those of a backfill do not count.
        A turn further ahead than any is planned was planned by a clock that has been set back since:
        it has come.
        """
        later = {
            row[0]
            for row in self._db.execute(
                """
                select source from schedules
                 where unixepoch(next_poll_at) - every / :slack > unixepoch(:now)
                   and next_poll_at <= :furthest
                   and not exists (select 1 from pages where pages.source = schedules.source
                                    and state = 'queued' and next_attempt_at <= :now
                                    and backfill is null)
                """,
                {"now": to_text(now), "slack": SLACK, "furthest": to_text(now + LONGEST)},
            )
        }
        return tuple(source for source in sources if source not in later)

    def first_due(self) -> datetime | None:
        """Return when the next source is due, None when no source was ever asked."""
        row = self._db.execute("select min(next_poll_at) from schedules").fetchone()
        return from_text(row[0]) if row[0] else None

    def plan(
        self, source: str, now: datetime, *, failed: bool, not_before: datetime | None = None
    ) -> timedelta:
        """Decide when a source is asked again, and return the pause.

        `not_before` is what its host asked for.
        """
        with writing(self._db):
            failures = self._failures(source) + 1 if failed else 0
            doublings = max(0, failures - PATIENCE)
            every = min(self._rhythm(source, now) * int(2**doublings), LONGEST)
            at = max(now + every, not_before or now)
            self._db.execute(
                """
                insert into schedules (source, next_poll_at, every, failures)
                values (:source, :at, :every, :failures)
                on conflict (source) do update set next_poll_at = excluded.next_poll_at,
                    every = excluded.every, failures = excluded.failures
                """,
                {
                    "source": source,
                    "at": to_text(at),
                    "every": int(every.total_seconds()),
                    "failures": min(failures, 10),
                },
            )
        return at - now

    def may_rediscover(self, source: str, now: datetime) -> bool:
        """Whether it is time to look for another way to a source's articles."""
        row = self._db.execute(
            "select rediscover_at from schedules where source = ?", [source]
        ).fetchone()
        if row is None or row[0] is None:
            return True
        at = from_text(row[0])
        return at <= now or at > now + REDISCOVERIES[-1]

    def note_rediscovery(self, source: str, now: datetime, *, worked: bool) -> None:
        """Remember that another way was looked for; the next look waits longer if it was in vain."""
        with writing(self._db):
            row = self._db.execute(
                "select rediscoveries from schedules where source = ?", [source]
            ).fetchone()
            before = row[0] if row else 0
            wait = REDISCOVERIES[min(before, len(REDISCOVERIES) - 1)]
            self._db.execute(
                """
                insert into schedules (source, next_poll_at, every, rediscover_at, rediscoveries)
                values (:source, :now, 0, :at, :times)
                on conflict (source) do update set rediscover_at = excluded.rediscover_at,
                    rediscoveries = excluded.rediscoveries
                """,
                {
                    "source": source,
                    "now": to_text(now),
                    "at": None if worked else to_text(now + wait),
                    "times": 0 if worked else before + 1,
                },
            )

    def patience(self, source: str) -> timedelta:
        """Return how old the newest entry of a feed may be before the feed counts as frozen.

        Six usual gaps, four days at least; thirty days where little or nothing is known.
        """
        row = self._db.execute("select every from schedules where source = ?", [source]).fetchone()
        every = timedelta(seconds=row[0]) if row else timedelta()
        if not timedelta() < every < LONGEST:
            return FROZEN_AT_MOST
        return min(max(12 * every, FROZEN_AT_LEAST), FROZEN_AT_MOST)

    def _failures(self, source: str) -> int:
        row = self._db.execute(
            "select failures from schedules where source = ?", [source]
        ).fetchone()
        return int(row[0]) if row else 0

    def _rhythm(self, source: str, now: datetime) -> timedelta:
        """Return half the usual gap between two new pages; a first poll brings a whole feed."""
        first, begun, new = self._db.execute(
            """
            select min(id), min(started_at), coalesce(sum(new_pages) filter (
                       where id > (select min(id) from polls where source = :source)), 0)
              from polls
             where source = :source and started_at >= :since and started_at <= :now
            """,
            {"source": source, "since": to_text(now - WINDOW), "now": to_text(now)},
        ).fetchone()
        if first is None or now - from_text(begun) < LEARNED_AFTER:
            return UNKNOWN
        if not new:
            return LONGEST
        gap: timedelta = (now - from_text(begun)) / new
        return max(SHORTEST, min(gap / 2, LONGEST))
