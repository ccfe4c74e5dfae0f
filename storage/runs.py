"""Runs: each crawl and, within it, what each source gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs
from sqlite_utils import Database

from storage.cleaning import clean_line
from storage.connection import writing
from storage.intake import NAME, clean_counts
from storage.profiles import RunProfile
from storage.times import to_text


@attrs.frozen(kw_only=True)
class Poll:
    """What one source gave in one run."""

    source: str
    started_at: datetime
    seconds: float
    requests: int = 0
    new_pages: int = 0
    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    flagged: int = 0
    errors: Mapping[str, int] = attrs.field(factory=dict)
    """Refusals and feed problems by class."""
    characters: int = 0
    """Characters of text in the articles stored."""
    tls_verified: bool = True
    """Whether certificates were verified; the catalogue may make an exception of a source."""


class Runs:
    """The `runs`, `polls` and `rule_sets` tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(self, command: str, rule_set: str, rule_text: str, now: datetime) -> int:
        """Open a run under a rule set, which is kept with its text, and return its number."""
        with writing(self._db):
            self.keep_rule_set(rule_set, rule_text, now)
            cursor = self._db.execute(
                "insert into runs (command, started_at, rule_set) values (?, ?, ?)",
                [clean_line(command, NAME), to_text(now), rule_set],
            )
        return int(cursor.lastrowid or 0)

    def keep_rule_set(self, digest: str, text: str, now: datetime) -> None:
        """Keep the text of a rule set, so that a flag made under it can be explained for good."""
        self._db.execute(
            """
            insert into rule_sets (digest, version, first_used, text)
            values (:digest, :version, :now, :text) on conflict do nothing
            """,
            {"digest": digest, "version": digest[:12], "now": to_text(now), "text": text},
        )

    def record(self, run: int, poll: Poll) -> None:
        """Keep what a source gave and add it to the run's totals."""
        row = attrs.asdict(poll) | {"run": run, "started_at": to_text(poll.started_at)}
        row["errors"] = clean_counts(poll.errors)
        with writing(self._db):
            self._db.table("polls").insert(row)
            self.count(run, poll)

    def count(self, run: int, poll: Poll) -> None:
        """Add what a source gave to the run's totals alone: the past says nothing of how it is."""
        with writing(self._db):
            self._db.execute(
                """
                update runs set sources = sources + 1, requests = requests + :requests,
                       stored = stored + :stored, duplicate = duplicate + :duplicate,
                       refused = refused + :refused, flagged = flagged + :flagged
                 where id = :run
                """,
                attrs.asdict(poll, filter=attrs.filters.include(int)) | {"run": run},
            )

    def end(self, run: int, exit_code: int, reason: str, now: datetime) -> None:
        """Close a run with its exit code and the reason it ended for."""
        with writing(self._db):
            self._db.execute(
                "update runs set ended_at = ?, exit_code = ?, reason = ? where id = ?",
                [to_text(now), exit_code, clean_line(reason, NAME), run],
            )

    def keep_profile(self, run: int, profile: RunProfile) -> None:
        """Keep where the time of a run went."""
        with writing(self._db):
            self._db.execute("update runs set profile = ? where id = ?", [profile.to_json(), run])

    def last_profile(self) -> RunProfile | None:
        """Return where the time of the last run that read pages went, None before there is one."""
        row = self._db.execute(
            """
            select profile from runs where profile ->> 'pages' > 0 order by id desc limit 1
            """
        ).fetchone()
        return RunProfile.from_json(row[0]) if row else None

    def latest(self, limit: int) -> list[dict[str, Any]]:
        """Return the last runs, the latest first."""
        rows = self._db.query("select * from runs order by id desc limit ?", [limit])
        return [_with_profile(row) for row in rows]

    def get(self, run: int) -> dict[str, Any]:
        """Return one run."""
        row = next(self._db.query("select * from runs where id = ?", [run]))
        return _with_profile(row)

    def polls_of(self, run: int) -> list[dict[str, Any]]:
        """Return what each source gave in a run."""
        return list(self._db.query("select * from polls where run = ? order by source", [run]))

    def errors(self, run: int) -> Counter[str]:
        """Return how often each class of refusal or feed problem was met in a run."""
        rows = self._db.query(
            """
            select key, sum(value) as times from polls, json_each(polls.errors)
             where run = ? group by key
            """,
            [run],
        )
        return Counter({row["key"]: row["times"] for row in rows})


def _with_profile(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of `runs` with its profile as values, not as the text that is kept."""
    text = row["profile"]
    return row | {"profile": RunProfile.from_json(text).facts() if text else None}
