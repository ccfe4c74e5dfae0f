"""Hosts: those that asked us to wait, and until when; remembered from one run to the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.cleaning import clean_line
from storage.connection import writing
from storage.intake import NAME
from storage.times import from_text, to_text

LONGEST_WAIT = timedelta(days=1)
"""No host is left alone for longer; an instant further ahead was noted before a clock was set back."""


class Hosts:
    """The `hosts` table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def wait(self, host: str, until: datetime, reason: str, now: datetime) -> None:
        """Remember that a host is not to be asked before an instant."""
        with writing(self._db):
            self._db.execute(
                """
                insert into hosts (host, not_before, reason, noted_at)
                values (:host, :until, :reason, :now)
                on conflict (host) do update set
                    not_before = iif(not_before > :furthest, excluded.not_before,
                                     max(not_before, excluded.not_before)),
                    reason = excluded.reason, noted_at = excluded.noted_at
                """,
                {
                    "host": clean_line(host, NAME),
                    "until": to_text(min(until, now + LONGEST_WAIT)),
                    "reason": clean_line(reason, NAME),
                    "now": to_text(now),
                    "furthest": to_text(now + LONGEST_WAIT),
                },
            )

    def not_before(self, host: str, now: datetime) -> datetime | None:
        """Return the instant before which a host is not to be asked, None when it may be."""
        row = self._db.execute(
            "select not_before from hosts where host = ? and not_before > ? and not_before <= ?",
            [clean_line(host, NAME), to_text(now), to_text(now + LONGEST_WAIT)],
        ).fetchone()
        return from_text(row[0]) if row else None

    def waiting(self, now: datetime) -> list[dict[str, Any]]:
        """Return the hosts that are not to be asked at present: host, not_before, reason."""
        return list(
            self._db.query(
                """
                select host, not_before, reason from hosts
                 where not_before > ? and not_before <= ? order by host
                """,
                [to_text(now), to_text(now + LONGEST_WAIT)],
            )
        )
