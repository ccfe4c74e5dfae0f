"""Coverage: what the archive knows of what was not seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.times import to_text


class Coverage:
    """Questions over `sources`, `polls`, `pages` and the dates of `articles`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def sources(self, since: datetime, until: datetime) -> list[dict[str, Any]]:
        """Return the active sources with how their polls went.

        `polls` counts those in `since` ≤ t < `until`; `errors` is the JSON of the last of these,
        None when there was none. `first_worked` and `last_worked` are the polls, at any time
        before `until`, that found a way in.
        """
        return list(
            self._db.query(
                """
                with past as (
                    select source, max(case when started_at >= :since then id end) as last,
                           sum(started_at >= :since) as polls,
                           min(case when errors not like '%"source_failed"%'
                                    then started_at end) as first_worked,
                           max(case when errors not like '%"source_failed"%'
                                    then started_at end) as last_worked
                      from polls where started_at < :until group by source
                )
                select sources.slug, sources.name, sources.country, past.polls,
                       past.first_worked, past.last_worked, polls.errors
                  from sources
                  left join past on past.source = sources.slug
                  left join polls on polls.id = past.last
                 where sources.active = 1 order by sources.slug
                """,
                {"since": to_text(since), "until": to_text(until)},
            )
        )

    def last_articles(self, until: datetime) -> list[dict[str, Any]]:
        """Return when each active source last had an article: slug, name, last_article."""
        return list(
            self._db.query(
                """
                with last as (
                    select slug, name,
                           (select max(date) from articles
                             where source = slug and date < :until) as last_article
                      from sources where active = 1
                )
                select slug, name, last_article from last
                 where last_article is not null order by slug
                """,
                {"until": to_text(until)},
            )
        )

    def settled(self, since: datetime, until: datetime) -> list[dict[str, Any]]:
        """Return how pages ended in `since` ≤ t < `until`: source, outcome, reason, pages.

        Those of a backfill say nothing of the time.
        """
        return list(
            self._db.query(
                """
                select source, outcome, reason, count(*) as pages from pages
                 where state = 'settled' and settled_at >= :since and settled_at < :until
                   and backfill is null
                 group by source, outcome, reason order by source, outcome, reason
                """,
                {"since": to_text(since), "until": to_text(until)},
            )
        )

    def waiting(self) -> int:
        """Return how many pages were refused for now and wait for another try."""
        row = self._db.execute(
            "select count(*) from pages where state = 'queued' and attempts > 0"
        ).fetchone()
        return int(row[0])

    def days(self, since: datetime, until: datetime) -> dict[str, dict[str, int]]:
        """Return how many articles each source has by day (`2026-11-22`), by date of publication."""
        rows = self._db.query(
            """
            select source, substr(coalesce(published_at, first_seen), 1, 10) as day,
                   count(*) as articles
              from articles indexed by articles_first_seen
             where first_seen >= :since
               and coalesce(published_at, first_seen) >= :since
               and coalesce(published_at, first_seen) < :until
             group by source, day
            """,
            {"since": to_text(since), "until": to_text(until)},
        )
        days: dict[str, dict[str, int]] = {}
        for row in rows:
            days.setdefault(row["source"], {})[row["day"]] = row["articles"]
        return days
