"""Backup: a copy of a living archive that is known to be sound."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one SQLite of the process

from storage.errors import StorageError
from storage.failures import as_storage_error
from storage.files import replacing

COUNTED = ("articles", "verdicts", "pages", "revisions", "raw_pages")


def backup_archive(db: Database, path: Path) -> int:
    """Copy an archive while others use it, check the copy, and return its size in bytes.

    The copy takes the place of `path` once it is sound, and can be opened by itself.
    Raises StorageError when it cannot be written or is not sound.
    """
    if _is_archive_itself(db, path):
        raise StorageError(f"{path}: is the archive itself; name another file")
    with replacing(path) as temporary:
        try:
            _copy(db, temporary)
            _verify(temporary)
        except sqlite3.DatabaseError as e:
            raise as_storage_error(e, path) or e from e
        return temporary.stat().st_size


def _is_archive_itself(db: Database, path: Path) -> bool:
    (_, _, file) = db.execute("pragma database_list").fetchone()
    return bool(file) and path.exists() and path.samefile(file)


def _copy(db: Database, path: Path) -> None:
    _forget_logs(path)  # of a backup that was killed: they would be played into this one
    path.chmod(0o600)
    copy = sqlite3.connect(path, isolation_level=None)
    try:
        # In one step: in several, each write of a crawl would make it begin again.
        db.conn.backup(copy)
        copy.execute("pragma journal_mode = delete")  # one file, nothing beside it
    finally:
        copy.close()
        _forget_logs(path)


def _forget_logs(path: Path) -> None:
    for kind in ("journal", "wal", "shm"):
        path.with_name(f"{path.name}-{kind}").unlink(missing_ok=True)


def _verify(path: Path) -> None:
    copy = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        answers = [row[0] for row in copy.execute("pragma integrity_check")]
        if answers != ["ok"]:
            raise StorageError(f"{path}: the copy is damaged ({answers[0]}); try another disk")
        for table in COUNTED:
            copy.execute(f"select count(*) from {table}").fetchone()  # noqa: S608 - a constant
    finally:
        copy.close()
