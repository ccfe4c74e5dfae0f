"""Files: results that are there as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import StorageError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, which takes its place, synced, when all went well.

    Whatever goes wrong, an older file of that name stays as it was. A process that is killed
    leaves `.NAME.part`, which the next one writes over.
    Raises StorageError when the file cannot be written, a full disk included, or is a device.
    """
    if path.exists() and not path.is_file():
        raise StorageError(f"{path}: is there already and is no ordinary file")
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.unlink(missing_ok=True)
        yield temporary
        _sync(temporary)
        temporary.replace(path)
        _sync(path.resolve().parent)
    except OSError as e:
        raise StorageError(f"{path}: cannot be written ({e.strerror or e})") from e
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
