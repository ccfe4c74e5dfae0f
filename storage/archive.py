"""Archive: the SQLite file that outlives everything else, and what can be asked of it."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import attrs
from sqlite_utils import Database

from storage.articles import Articles
from storage.backfills import Backfills
from storage.cleaning import clean_line
from storage.connection import checkpoint, connect, connect_readonly, writing
from storage.errors import StorageError
from storage.failures import as_storage_error
from storage.feeds import Feeds
from storage.health import Health
from storage.hosts import Hosts
from storage.intake import LINE
from storage.judgements import Judgements
from storage.migrations import is_outdated, migrate
from storage.opening import refuse_foreign, require_archive, telling
from storage.queue import Queue
from storage.records import SourceFacts
from storage.revisions import Revisions
from storage.revisits import Revisits
from storage.robots import Robots
from storage.runs import Runs
from storage.schedules import Schedules
from storage.search import Search
from storage.sweeps import Sweeps


class Archive:
    """One archive over one connection, its questions grouped by what they are about."""

    def __init__(self, db: Database, path: Path | str = "archive") -> None:
        self.db = db
        self._path = path
        self.queue = Queue(db)
        self.feeds = Feeds(db, self.queue)
        self.judgements = Judgements(db)
        self.articles = Articles(db, self.queue, self.judgements)
        self.revisits = Revisits(db)
        self.revisions = Revisions(db, self.judgements)
        self.runs = Runs(db)
        self.hosts = Hosts(db)
        self.robots = Robots(db)
        self.schedules = Schedules(db)
        self.backfills = Backfills(db, self.queue)
        self.sweeps = Sweeps(db)
        self.health = Health(db)
        self.search = Search(db)

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open an archive, creating or migrating it.

        Raises StorageError when the file is not an archive, is newer than this program,
        or cannot be written.
        """
        with telling(path):
            refuse_foreign(path)
            db = connect(path)
            migrate(db, path)
            return cls(db, path)

    @classmethod
    def reopen(cls, path: Path) -> Self:
        """Open an archive that is there already, for writing.

        Raises StorageError like `open`, and when the file is missing.
        """
        cls.read(path).close()
        return cls.open(path)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Open an archive for reading alone, so that a running crawl is never in the way.

        An archive of an older schema is brought up to date first.
        Raises StorageError when the file is missing, is not an archive or is newer.
        """
        with telling(path):
            db = connect_readonly(path)
            require_archive(db, path)
            if is_outdated(db, path):
                cls.open(path).close()  # a reader cannot migrate
            return cls(db, path)

    def know_sources(self, sources: Iterable[SourceFacts]) -> None:
        """Bring the `sources` table in line with catalogue entries; none is ever removed."""
        rows = [
            {
                key: clean_line(value, LINE) if isinstance(value, str) else value
                for key, value in attrs.asdict(source).items()
            }
            for source in sources
        ]
        with writing(self.db):
            self.db.table("sources").upsert_all(rows, pk="slug")

    def knows_source(self, slug: str) -> bool:
        """Whether a source was ever in the archive's catalogue."""
        found = self.db.execute("select 1 from sources where slug = ?", [slug])
        return found.fetchone() is not None

    @property
    def failure(self) -> StorageError | None:
        """What keeps the archive from being written, such as a full disk; None while all is well."""
        failed = getattr(self.db, "failure", None)
        return None if failed is None else as_storage_error(failed, self._path)

    def checkpoint(self) -> None:
        """Empty the write-ahead log; for the crawl alone to call."""
        checkpoint(self.db)

    def close(self) -> None:
        """Close the connection."""
        self.db.close()


@functools.cache
def shared_archive(path: str) -> Archive:
    """Return the archive that all spiders of this process write to.

    Raises StorageError like `Archive.open`.
    """
    return Archive.open(path)
