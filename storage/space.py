"""Space: whether there is room for what a crawl will store."""

from __future__ import annotations

import shutil
from pathlib import Path

from storage.errors import StorageError

LEAST_BYTES = 200_000_000
"""A crawl that begins with less may fill the disk before it ends."""


def require_space(archive: Path) -> None:
    """Do nothing where there is room for a crawl.

    Raises StorageError where less than 200 MB are free, or the archive has no folder.
    """
    try:
        free = shutil.disk_usage(archive.resolve().parent).free
    except OSError as e:
        raise StorageError(f"{archive}: its folder cannot be read ({e.strerror})") from e
    if free < LEAST_BYTES:
        raise StorageError(
            f"{archive}: {free // 1_000_000} MB are free where it lies,"
            f" {LEAST_BYTES // 1_000_000} MB are needed; make room first"
        )
