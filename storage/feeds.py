"""Feeds: what is remembered of each way to a source's articles between two polls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import attrs
from sqlite_utils import Database

from storage.connection import writing
from storage.intake import clean_address, clean_feed
from storage.queue import Queue
from storage.records import FeedState, Link
from storage.times import from_text, optional_text, to_text


class Feeds:
    """The `feeds` table: feeds, sitemaps and section pages."""

    def __init__(self, db: Database, queue: Queue) -> None:
        self._db = db
        self._queue = queue

    def state(self, source: str, url: str, kind: str) -> FeedState:
        """Return what is remembered of one of them, or a blank memory."""
        rows = self._db.query(
            """
            select url, source, kind, etag, last_modified, body_hash, polls, links, problem
              from feeds where source = ? and url = ?
            """,
            [source, clean_address(url)],
        )
        return next(
            (FeedState(**row) for row in rows), FeedState(url=url, source=source, kind=kind)
        )

    def that_work(self, source: str) -> tuple[FeedState, ...]:
        """Return those that gave links at their last reading, the latest first.

        A frozen feed still gives its old links; it does not work.
        """
        rows = self._db.query(
            """
            select url, source, kind, etag, last_modified, body_hash, polls, links, problem
              from feeds where source = ? and links > 0 and problem is not 'frozen'
             order by last_worked_at desc
            """,
            [source],
        )
        return tuple(FeedState(**row) for row in rows)

    def ways(self, source: str) -> list[dict[str, Any]]:
        """Return all of a source's, those that work first: kind, url, links, problem, newest_at."""
        return list(
            self._db.query(
                """
                select kind, url, links, problem, newest_at from feeds where source = ?
                 order by links > 0 and problem is null desc, newest_at desc, rowid
                """,
                [source],
            )
        )

    def newest(self, source: str, url: str) -> datetime | None:
        """Return the date of the newest entry that one of them ever announced."""
        row = self._db.execute(
            "select newest_at from feeds where source = ? and url = ?",
            [source, clean_address(url)],
        ).fetchone()
        return from_text(row[0]) if row and row[0] else None

    def remember(
        self,
        state: FeedState,
        links: Iterable[Link],
        now: datetime,
        newest: datetime | None = None,
    ) -> int:
        """Queue what a feed announces and remember the feed, in one transaction.

        The ETag is never kept without the links: the next answer, 304, would hide them for good.
        `newest` is the date of the newest entry, None when it was not read.
        Returns how many pages are new.
        """
        state = clean_feed(state)
        with writing(self._db):
            new = self._queue.add(state.source, links, now)
            self._db.execute(
                """
                insert into feeds (url, source, kind, etag, last_modified, body_hash, polls, links,
                                   problem, last_polled_at, last_worked_at, last_new_at, newest_at)
                values (:url, :source, :kind, :etag, :last_modified, :body_hash, :polls, :links,
                        :problem, :now, iif(:problem is null, :now, null), iif(:new, :now, null), :newest)
                on conflict (source, url) do update set
                    kind = excluded.kind, etag = excluded.etag,
                    last_modified = excluded.last_modified, body_hash = excluded.body_hash,
                    polls = excluded.polls, links = excluded.links, problem = excluded.problem,
                    last_polled_at = excluded.last_polled_at,
                    last_worked_at = coalesce(excluded.last_worked_at, last_worked_at),
                    last_new_at = coalesce(excluded.last_new_at, last_new_at),
                    newest_at = coalesce(excluded.newest_at, newest_at)
                """,
                attrs.asdict(state)
                | {"new": new, "now": to_text(now), "newest": optional_text(newest)},
            )
        return new
