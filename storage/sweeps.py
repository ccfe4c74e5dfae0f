"""Sweeps: how far the files of saved pages have been read, so that none is read twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs
from sqlite_utils import Database

from storage.cleaning import clean_text
from storage.connection import writing
from storage.intake import ADDRESS
from storage.times import to_text

EVERYTHING = "all"
"""The selection that passes nothing over: a file read under it needs no other."""


@attrs.frozen
class SweptFile:
    """A file as it was found; another size or date means that it has to be read anew."""

    name: str
    """Its absolute path, and after a `!` the name in its pack."""
    size: int
    """In bytes."""
    modified: int
    """Nanoseconds since 1970."""


@attrs.frozen
class Progress:
    """How far a file has been read."""

    position: int = 0
    """The byte where the first record begins whose pages may not be settled yet."""
    done: bool = False


class Sweeps:
    """The `sweeps` table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def progress(self, file: SweptFile, selection: str) -> Progress:
        """Return how far a file has been read under a selection of its pages.

        `selection` is a digest of what decides which pages are read.
        """
        rows = self._db.query(
            """
            select position, done from sweeps
             where file = :name and size = :size and modified = :modified
               and (selection = :selection or (selection = :everything and done))
             order by done desc, position desc limit 1
            """,
            _row(file) | {"selection": selection, "everything": EVERYTHING},
        )
        return next((Progress(row["position"], bool(row["done"])) for row in rows), Progress())

    def reach(self, file: SweptFile, selection: str, progress: Progress, now: datetime) -> None:
        """Remember how far a file has been read; what was known of it before it changed goes."""
        row = _row(file) | attrs.asdict(progress)
        with writing(self._db):
            self._db.execute(
                """
                insert into sweeps (file, selection, size, modified, position, done, updated_at)
                values (:name, :selection, :size, :modified, :position, :done, :now)
                on conflict (file, selection) do update
                   set size = excluded.size, modified = excluded.modified,
                       position = excluded.position, done = excluded.done,
                       updated_at = excluded.updated_at
                """,
                row | {"selection": selection, "now": to_text(now)},
            )

    def passed_over(self, run: int, pages: int) -> None:
        """Add pages that were not extracted to a run's total."""
        with writing(self._db):
            self._db.execute(
                "update runs set passed_over = passed_over + ? where id = ?", [pages, run]
            )


def _row(file: SweptFile) -> dict[str, Any]:
    """Return a file as it is kept; a name may hold bytes that are no text at all."""
    return attrs.asdict(file) | {"name": clean_text(file.name, ADDRESS)}
