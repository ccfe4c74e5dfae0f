"""Lock: one crawl at a time on one archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storage.errors import ArchiveBusyError, StorageError


@contextmanager
def crawl_lock(archive: Path) -> Iterator[None]:
    """Hold the archive for one crawl.

    The lock is the kernel's (`flock`), so a crawl that was killed frees it.
    Raises ArchiveBusyError at once when another process holds it, StorageError when the archive
    has no folder.
    """
    if not archive.resolve().parent.is_dir():
        raise StorageError(f"{archive}: its folder does not exist; create it first")
    lock = FileLock(f"{archive}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as e:
        raise ArchiveBusyError(
            f"{archive}: a crawl is already running on this archive; wait for it to end"
        ) from e
    except OSError as e:
        raise StorageError(f"{archive}.lock: cannot be written ({e.strerror})") from e
    try:
        yield
    finally:
        lock.release()
