"""Files: results that are there as a whole or not at all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import StorageError, WrongInputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, which takes its place, synced, when all went well.

    Whatever goes wrong, an older file of that name stays as it was. A process that is killed
    leaves `.NAME.part`, which the next one writes over.
    Raises WrongInputError when its folder is missing, StorageError when the file cannot be
    written, a full disk included, is a device, or is being written by somebody else.
    """
    if path.exists() and not path.is_file():
        raise StorageError(f"{path}: is there already and is no ordinary file")
    if not path.resolve().parent.is_dir():
        raise WrongInputError(f"{path}: there is no such folder")
    target = path.resolve()  # what a link leads to is written, and the link stays
    temporary = target.with_name(f".{path.name}.part")
    try:
        with _alone(temporary, path):
            try:
                yield temporary
                _sync(temporary)
                temporary.replace(target)
                _sync(target.parent)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as e:
        raise StorageError(f"{path}: cannot be written ({e.strerror or e})") from e


@contextmanager
def _alone(temporary: Path, path: Path) -> Iterator[None]:
    """Hold an empty temporary file: two writers would put half of each other's file in place."""
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as e:
            raise StorageError(f"{path}: another command is writing it; wait for it") from e
        os.ftruncate(descriptor, 0)
        yield
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
