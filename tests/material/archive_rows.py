"""What an archive answers to plain SQL, read while any other process uses it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of an answer; the archive is opened for reading alone."""
    with closing(sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()
