"""Connection: SQLite as this project opens it, and the one way to write."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one SQLite of the process

from storage.errors import StorageError
from storage.failures import is_lasting

BUSY_SECONDS = 10
PATIENCE = 0.02
"""Seconds for which a checkpoint keeps writers out while it waits for readers; the next one comes anyway."""
CACHE_KIB = 65_536
"""Pages kept in memory by a connection; with SQLite's 2 MB the index of a million articles is read
from the disk's cache again and again."""


class ArchiveFile(Database):
    """An archive's file, which remembers what kept it from being written."""

    failure: sqlite3.DatabaseError | None = None
    """The first time that the disk was full or broken; None while all is well."""


def connect(path: Path | str, *, durable: bool = False) -> ArchiveFile:
    """Open a SQLite file for reading and writing, creating it readable by its owner alone.

    `durable` syncs each commit (verdicts); otherwise a power cut may lose the last commits (crawl).
    Automatic checkpoints are off: SQLite before 3.51.3 can lose a commit when two connections
    checkpoint at once, so the crawl alone does it (`checkpoint`).
    """
    if str(path) != ":memory:" and not Path(path).exists():
        Path(path).touch(mode=0o600)
    connection = sqlite3.connect(str(path), timeout=BUSY_SECONDS, isolation_level=None)
    db = ArchiveFile(connection)
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
    _begin(db)
    try:
        yield
        db.execute("commit")
    except BaseException as e:
        if db.conn.in_transaction:  # a full disk has rolled it back already
            db.execute("rollback")
        if isinstance(db, ArchiveFile) and is_lasting(e):
            db.failure = db.failure or e
        raise


def _begin(db: Database) -> None:
    """Take the write lock, asking for it every millisecond.

    SQLite's own wait asks at last every 50 ms and more, so that a verdict beside a crawl, whose
    transactions take 3 ms, waited for ten of them.
    """
    until = time.monotonic() + BUSY_SECONDS
    db.execute("pragma busy_timeout = 0")
    try:
        while True:
            try:
                db.execute("begin immediate")
            except sqlite3.OperationalError as e:
                if e.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.001)
            else:
                return
    finally:
        _wait_at_most(db, BUSY_SECONDS)


def _wait_at_most(db: Database, seconds: float) -> None:
    db.execute(f"pragma busy_timeout = {int(seconds * 1000)}")


def checkpoint(db: Database) -> bool:
    """Move the write-ahead log into the file and empty it; False when a reader was in the way.

    What can be moved is moved first while others write: emptying the log keeps them out, and with
    the whole log to move that took 50 ms, with a reader of an older state as long as it read.
    """
    db.execute("pragma wal_checkpoint(passive)").fetchone()
    _wait_at_most(db, PATIENCE)
    try:
        busy, _, _ = db.execute("pragma wal_checkpoint(truncate)").fetchone()
    finally:
        _wait_at_most(db, BUSY_SECONDS)
    return not busy
