"""Robots: what the robots.txt of each site said, kept for later runs."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from storage.connection import writing
from storage.intake import clean_address
from storage.times import to_text


class Robots:
    """The `robots` table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def kept(self, site: str, since: datetime, now: datetime) -> bytes | None:
        """Return the robots.txt of a site if it was fetched between two instants."""
        row = self._db.execute(
            "select body from robots where site = ? and fetched_at > ? and fetched_at <= ?",
            [clean_address(site), to_text(since), to_text(now)],
        ).fetchone()
        return bytes(row[0]) if row else None

    def keep(self, site: str, body: bytes, now: datetime) -> None:
        """Keep the robots.txt of a site, byte for byte, in place of what it said before."""
        with writing(self._db):
            self._db.execute(
                """
                insert into robots (site, body, fetched_at) values (:site, :body, :now)
                on conflict (site) do update set body = excluded.body,
                    fetched_at = excluded.fetched_at
                """,
                {"site": clean_address(site), "body": body, "now": to_text(now)},
            )
