"""Connection: SQLite as this project opens it, and the one way to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one SQLite of the process

from storage.errors import StorageError

BUSY_SECONDS = 10
CACHE_KIB = 65_536
"""Pages kept in memory by a connection; with SQLite's 2 MB the index of a million articles is read
from the disk's cache again and again."""


def connect(path: Path | str, *, durable: bool = False) -> Database:
    """Open a SQLite file for reading and writing, creating it readable by its owner alone.

    `durable` syncs each commit (verdicts); otherwise a power cut may lose the last commits (crawl).
    Automatic checkpoints are off: SQLite before 3.51.3 can lose a commit when two connections
    checkpoint at once, so the crawl alone does it (`checkpoint`).
    """
    if str(path) != ":memory:" and not Path(path).exists():
        Path(path).touch(mode=0o600)
    connection = sqlite3.connect(str(path), timeout=BUSY_SECONDS, isolation_level=None)
    db = Database(connection)
    for pragma in (
        "journal_mode = wal",
        "foreign_keys = on",
        "wal_autocheckpoint = 0",
        "journal_size_limit = 16777216",
        f"cache_size = -{CACHE_KIB}",
        f"synchronous = {'full' if durable else 'normal'}",
    ):
        db.execute(f"pragma {pragma}")
    return db


def connect_readonly(path: Path) -> Database:
    """Open a SQLite file for reading alone.

    Raises StorageError when there is no such file.
    """
    if not path.is_file():
        raise StorageError(f"{path}: no such archive; run 'vigie crawl' or name one with --db")
    uri = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, timeout=BUSY_SECONDS, isolation_level=None, uri=True)
    connection.execute(f"pragma cache_size = -{CACHE_KIB}")
    return Database(connection)


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """Run one write transaction, or join the one that is open.

    `begin immediate` takes the write lock at once and waits for it;
    a deferred transaction that reads first fails at once when somebody else wrote meanwhile.
    """
    if db.conn.in_transaction:
        yield
        return
    db.execute("begin immediate")
    try:
        yield
        db.execute("commit")
    except BaseException:
        if db.conn.in_transaction:  # a full disk has rolled it back already
            db.execute("rollback")
        raise


def checkpoint(db: Database) -> bool:
    """Move the write-ahead log into the file and empty it; False when a reader was in the way."""
    busy, _, _ = db.execute("pragma wal_checkpoint(truncate)").fetchone()
    return not busy
