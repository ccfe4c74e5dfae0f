"""Opening: whether a file is an archive, told in one sentence where it is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one SQLite of the process

from storage.connection import connect_readonly
from storage.errors import StorageError
from storage.failures import as_storage_error


@contextmanager
def telling(path: Path | str) -> Iterator[None]:
    """Say in one sentence what keeps a file from being opened as an archive."""
    try:
        yield
    except sqlite3.DatabaseError as e:
        told = as_storage_error(e, path)
        raise told or StorageError(f"{path}: cannot be used as an archive ({e})") from e
    except OSError as e:
        raise StorageError(f"{path}: cannot be opened ({e.strerror})") from e


def require_archive(db: Database, path: Path | str) -> None:
    """Raise StorageError when a database is no archive."""
    if "articles" not in db.table_names() or not _has_our_migrations(db):
        raise StorageError(f"{path}: not a Vigie archive, and left as it is")


def refuse_foreign(path: Path | str) -> None:
    """Raise StorageError when a file is another program's database, before anything is written to it.

    A file without tables is an archive to be: one that was made by `touch`, or by a killed start.
    """
    file = Path(path)
    if not file.is_file() or not file.stat().st_size:
        return
    db = connect_readonly(file)
    try:
        if any(not name.startswith("_") for name in db.table_names()):
            require_archive(db, path)
    finally:
        db.close()


def _has_our_migrations(db: Database) -> bool:
    """Whether Vigie made the tables; other programs keep migrations in a table of that name too."""
    if "_sqlite_migrations" not in db.table_names():
        return False
    found = db.execute("select 1 from _sqlite_migrations where migration_set = 'vigie' limit 1")
    return found.fetchone() is not None
