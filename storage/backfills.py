"""Backfills: how far the past of a source has been walked, one step after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.cleaning import clean_line
from storage.connection import writing
from storage.intake import NAME
from storage.queue import Queue
from storage.records import Link, QueuedPage
from storage.steps import Steps, touch
from storage.times import from_text, to_text
from storage.window import Window

MAX_PAGES = 200_000
"""Of one backfill; what more is announced is not queued."""


class Backfills:
    """The `backfills` table, and the pages that belong to one."""

    def __init__(self, db: Database, queue: Queue) -> None:
        self._db = db
        self._queue = queue
        self.steps = Steps(db)

    def ended(self, source: str, window: Window) -> bool:
        """Whether a window of a source was walked to its end, by a way that led to articles."""
        row = self._db.execute(
            """
            select 1 from backfills
             where source = :source and since = :since and until = :until
               and ended_at is not null and problem is null
            """,
            _named(source, window),
        ).fetchone()
        return row is not None

    def begin(self, source: str, window: Window, now: datetime) -> int:
        """Return the number of a backfill, begun, gone on with, or begun again where it failed."""
        values = _named(source, window) | {"now": to_text(now)}
        with writing(self._db):
            self._db.execute(
                """
                insert into backfills (source, since, until, begun_at, last_activity_at)
                values (:source, :since, :until, :now, :now)
                on conflict (source, since, until) do nothing
                """,
                values,
            )
            backfill, problem = self._db.execute(
                "select id, problem from backfills"
                " where source = :source and since = :since and until = :until",
                values,
            ).fetchone()
            if problem is not None:
                self._begin_again(backfill)
        return int(backfill)

    def _begin_again(self, backfill: int) -> None:
        self._db.execute("delete from backfill_steps where backfill = ?", [backfill])
        self._db.execute(
            "update backfills set way = null, takes_texts = null, ended_at = null, problem = null where id = ?",
            [backfill],
        )

    def way(self, backfill: int) -> str | None:
        """Return the way that is being gone, None before the first."""
        row = self._db.execute("select way from backfills where id = ?", [backfill]).fetchone()
        return None if row[0] is None else str(row[0])

    def take_way(self, backfill: int, way: str, steps: Iterable[str], now: datetime) -> None:
        """Go another way from here on, beginning with some steps."""
        with writing(self._db):
            self._db.execute("update backfills set way = ? where id = ?", [way, backfill])
            self.steps.add(backfill, way, steps)
            touch(self._db, backfill, now)

    def takes_texts(self, backfill: int) -> bool | None:
        """Whether texts are taken from the site's REST API, None while that is not decided."""
        row = self._db.execute(
            "select takes_texts from backfills where id = ?", [backfill]
        ).fetchone()
        return None if row[0] is None else bool(row[0])

    def decide_texts(self, backfill: int, *, takes: bool) -> None:
        """Decide whether texts are taken from the site's REST API."""
        with writing(self._db):
            self._db.execute("update backfills set takes_texts = ? where id = ?", [takes, backfill])

    def queue(self, backfill: int, source: str, links: Sequence[Link], now: datetime) -> int:
        """Queue articles that may be of the window and return how many were not known yet."""
        with writing(self._db):
            known = self._db.execute(
                "select count(*) from pages where backfill = ?", [backfill]
            ).fetchone()[0]
            return self._queue.add(source, links[: max(MAX_PAGES - known, 0)], now, backfill)

    def due(self, backfill: int, now: datetime, limit: int) -> tuple[QueuedPage, ...]:
        """Return pages of a backfill whose turn has come, in the order they were found."""
        return self._queue.due_of_backfill(backfill, now, limit)

    def waits(self, backfill: int) -> bool:
        """Whether pages of a backfill are not settled, due or not."""
        row = self._db.execute(
            "select 1 from pages where backfill = ? and state = 'queued' limit 1", [backfill]
        ).fetchone()
        return row is not None

    def end(self, backfill: int, problem: str | None, now: datetime) -> None:
        """Close a backfill, with what kept it from leading anywhere, and forget its answers."""
        with writing(self._db):
            self._db.execute(
                """
                update backfills set ended_at = :now, problem = :problem,
                       way = iif(:problem is null, way, null) where id = :backfill
                """,
                {
                    "backfill": backfill,
                    "problem": None if problem is None else clean_line(problem, NAME),
                    "now": to_text(now),
                },
            )
            self._db.execute(
                "update backfill_steps set answer = null where backfill = ?", [backfill]
            )
            touch(self._db, backfill, now)

    def all(self) -> list[dict[str, Any]]:
        """Return how far each backfill is, the latest activity first.

        source, window, way, steps_done, steps, failed, articles, outside, duplicates, refused,
        waiting, left_out, begun_at, last_activity_at, ended_at, problem.
        """
        return [_shown(row) for row in self._db.query(_PROGRESS)]


def _named(source: str, window: Window) -> dict[str, str]:
    return {"source": source, "since": to_text(window.since), "until": to_text(window.until)}


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    window = Window(since=from_text(row.pop("since")), until=from_text(row.pop("until")))
    return {"source": row.pop("source"), "window": str(window)} | row


_PROGRESS = """
    with steps as (
        select backfill, way, count(*) as steps, sum(state = 'done') as steps_done,
               sum(problem is not null and problem <> 'gone') as failed, sum(left_out) as left_out
          from backfill_steps group by backfill, way
    ), ends as (
        select pages.backfill, sum(state = 'queued') as waiting,
               sum(outcome is 'stored') as articles, sum(outcome is 'duplicate') as duplicates,
               sum(outcome is 'refused') as refused,
               sum(outcome is 'stored' and (published_at < since or published_at >= until))
                   as outside,
               max(settled_at) as settled_at
          from pages
          join backfills on backfills.id = pages.backfill
          left join articles on articles.id = pages.article
         where pages.backfill is not null group by pages.backfill
    )
    select source, since, until, backfills.way, coalesce(steps_done, 0) as steps_done,
           coalesce(steps, 0) as steps, coalesce(failed, 0) as failed,
           coalesce(articles, 0) as articles, coalesce(outside, 0) as outside,
           coalesce(duplicates, 0) as duplicates, coalesce(refused, 0) as refused,
           coalesce(waiting, 0) as waiting, coalesce(left_out, 0) as left_out,
           begun_at, max(last_activity_at, coalesce(settled_at, '')) as last_activity_at,
           ended_at, problem
      from backfills
      left join steps on steps.backfill = backfills.id and steps.way = backfills.way
      left join ends on ends.backfill = backfills.id
     order by last_activity_at desc, source
"""
