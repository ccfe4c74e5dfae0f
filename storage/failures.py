"""Failures: what SQLite says when the machine is in the way, in words for the person who must act."""

from __future__ import annotations

from typing import TypeGuard

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one SQLite of the process

from storage.errors import StorageError

DatabaseError = sqlite3.DatabaseError

_ADVICE = {
    sqlite3.SQLITE_BUSY: "another program writes to it and does not stop; wait for it or end it",
    sqlite3.SQLITE_LOCKED: "another program writes to it and does not stop; wait for it or end it",
    sqlite3.SQLITE_FULL: "the disk is full; free some space, nothing half-written remains",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written, or is full; free some space",
    sqlite3.SQLITE_READONLY: "it may not be written to; look at its owner and its folder's",
    sqlite3.SQLITE_CANTOPEN: "it or its folder cannot be opened; look at their owner",
    sqlite3.SQLITE_CORRUPT: "it is damaged; put the last backup in its place",
}

_LASTING = {code for code in _ADVICE if code not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)}


def as_storage_error(error: Exception, what: object) -> StorageError | None:
    """Return what a SQLite error means to a person; None when it is a fault of the program."""
    code = getattr(error, "sqlite_errorcode", None)
    advice = None if code is None else _ADVICE.get(code & 0xFF)
    return None if advice is None else StorageError(f"{what}: {advice} ({error})")


def is_lasting(error: BaseException) -> TypeGuard[sqlite3.DatabaseError]:
    """Whether an error says that nothing can be written until a person acts."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _LASTING
