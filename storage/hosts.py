"""Hosts: those that asked us to wait, and until when; remembered from one run to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.connection import writing
from storage.times import from_text, to_text


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
                    not_before = max(not_before, excluded.not_before),
                    reason = excluded.reason, noted_at = excluded.noted_at
                """,
                {"host": host, "until": to_text(until), "reason": reason, "now": to_text(now)},
            )

    def not_before(self, host: str) -> datetime | None:
        """Return the instant before which a host is not to be asked, None when it never said so."""
        row = self._db.execute("select not_before from hosts where host = ?", [host]).fetchone()
        return from_text(row[0]) if row else None

    def waiting(self, now: datetime) -> list[dict[str, Any]]:
        """Return the hosts that are not to be asked at present: host, not_before, reason."""
        return list(
            self._db.query(
                "select host, not_before, reason from hosts where not_before > ? order by host",
                [to_text(now)],
            )
        )
