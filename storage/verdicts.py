"""Verdicts: what reviewers say of articles; rows are added and never changed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import attrs
from sqlite_utils import Database

from storage.cleaning import clean_line, clean_text
from storage.connection import connect, writing
from storage.errors import StorageError
from storage.intake import NAME, clean_names, clean_or_none
from storage.times import to_text

NOTE = 10_000
"""Characters kept of a note."""
VERDICTS = ("relevant", "irrelevant", "unsure")


@attrs.frozen(kw_only=True)
class Verdict:
    """One reviewer's judgement of one article, with what the reviewer corrects of its flag."""

    article: int
    verdict: str
    """relevant, irrelevant or unsure."""
    reviewer: str
    note: str | None = None
    reason: str | None = None
    themes: tuple[str, ...] | None = None
    """The right themes; None leaves those of the flag."""
    countries: tuple[str, ...] | None = None
    """The states that really take part; None leaves those of the flag."""
    asked_by: str = "queue"
    """queue, or probe when the article came from the daily sample of unflagged ones."""


class Verdicts:
    """The `verdicts` table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an archive so that every commit is on the disk before it is answered."""
        return cls(connect(path, durable=True))

    def record(self, verdict: Verdict, now: datetime) -> int:
        """Add a verdict and return its number.

        Raises StorageError when the archive has no such article.
        """
        clean = _cleaned(verdict)
        with writing(self._db):
            flag = self._db.execute(
                "select rule_set, score from flags where article = ?", [verdict.article]
            ).fetchone()
            if flag is None:
                raise StorageError(f"no article {verdict.article} in the archive")
            row = attrs.asdict(clean) | {
                "themes": _as_json(clean.themes),
                "countries": _as_json(clean.countries),
                "rule_set": flag[0],
                "score": flag[1],
                "at": to_text(now),
            }
            key = self._db.table("verdicts").insert(row).last_pk
        assert isinstance(key, int)  # noqa: S101 - an integer primary key, for the type checker
        return key

    def withdraw(self, reviewer: str, now: datetime, number: int | None = None) -> int | None:
        """Take back a verdict of this reviewer, the latest when none is named.

        Returns its article, or None when there is nothing to take back.
        """
        with writing(self._db):
            row = self._standing(clean_line(reviewer, NAME), number)
            if row is None:
                return None
            taken = row.pop("id")
            self._db.table("verdicts").insert(row | {"withdraws": taken, "at": to_text(now)})
            article: int = row["article"]
            return article

    def _standing(self, reviewer: str, number: int | None) -> dict[str, Any] | None:
        rows = self._db.query(
            """
            select * from verdicts as given
             where reviewer = :reviewer and withdraws is null
               and (:number is null or id = :number)
               and not exists (select 1 from verdicts as undo where undo.withdraws = given.id)
             order by id desc limit 1
            """,
            {"reviewer": reviewer, "number": number},
        )
        return next(rows, None)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


def _cleaned(verdict: Verdict) -> Verdict:
    """Return a verdict with its free texts cleaned."""
    lists = {
        name: None if values is None else clean_names(values)
        for name, values in (("themes", verdict.themes), ("countries", verdict.countries))
    }
    return attrs.evolve(
        verdict,
        reviewer=clean_line(verdict.reviewer, NAME),
        note=clean_text(verdict.note, NOTE) or None if verdict.note else None,
        reason=clean_or_none(verdict.reason),
        themes=lists["themes"],
        countries=lists["countries"],
    )


def _as_json(values: tuple[str, ...] | None) -> str | None:
    return None if values is None else json.dumps(values, ensure_ascii=False)
