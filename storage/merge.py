"""Merge: another archive's articles, verdicts and queue taken over into this one.

Every number is given anew; rows are known by what they say: pages and articles by canonical
address, verdicts by who said what of which article when. So a merge may be killed and repeated,
and a second merge of the same archive adds nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
from sqlite_utils import Database

from storage import merge_sql as sql
from storage.archive import Archive
from storage.connection import connect, connect_readonly, writing
from storage.copies import Copies
from storage.errors import StorageError
from storage.fingerprints import unpacked
from storage.migrations import migrate, migrations
from storage.opening import require_archive, telling
from storage.times import from_text

BATCH = 200
"""Articles taken over in one transaction, of about a tenth of a second."""


@attrs.frozen(kw_only=True)
class Merged:
    """How many rows a merge added."""

    sources: int
    runs: int
    articles: int
    revisions: int
    pages: int
    verdicts: int


class Merge:
    """Takes over one other archive, which is only read."""

    def __init__(self, archive: Archive) -> None:
        self._db = archive.db
        self._copies = Copies(archive.db)

    def run(self, other: Path) -> Merged:
        """Take over an archive. Raises StorageError when it is none, newer, or this one itself."""
        with _present(other, self._folder(other)) as path, self._attached(path):
            with writing(self._db):
                sources = self._take(sql.SOURCES)
                self._take(sql.RULE_SETS)
                runs = self._take(sql.RUNS)
                self._take(sql.POLLS)
                self._take(sql.FEEDS)
                self._take(sql.HOSTS)
                self._take(sql.SCHEDULES)
            articles, revisions = self._articles()
            with writing(self._db):
                pages = self._take(sql.PAGES)
                self._take(sql.SETTLE)
                self._take(sql.STORED_ONCE)
            verdicts = self._verdicts()
            return Merged(
                sources=sources,
                runs=runs,
                articles=articles,
                revisions=revisions,
                pages=pages,
                verdicts=verdicts,
            )

    def _folder(self, other: Path) -> Path:
        (_, _, file) = self._db.execute("pragma database_list").fetchone()
        if file and other.exists() and other.samefile(file):
            raise StorageError(f"{other}: is the archive itself; name another one")
        return Path(file).parent if file else other.resolve().parent

    @contextmanager
    def _attached(self, other: Path) -> Iterator[None]:
        self._db.execute("attach ? as other", [str(other)])
        try:
            self._db.execute(sql.NUMBERS)
            yield
        finally:
            self._db.execute("drop table if exists temp.numbers")
            self._db.execute("detach other")

    def _take(self, statement: str) -> int:
        return self._db.execute(statement).rowcount

    def _articles(self) -> tuple[int, int]:
        """Take over articles in the order of their numbers, so that the first stays the first."""
        added = revisions = after = 0
        while True:
            rows = self._db.execute(sql.NEXT_ARTICLES, [after, BATCH]).fetchall()
            if not rows:
                return added, revisions
            with writing(self._db):
                added += sum(self._article(theirs) for (theirs,) in rows)
                bounds = {"first": rows[0][0], "last": rows[-1][0]}
                revisions += self._db.execute(sql.REVISIONS, bounds).rowcount
                revisions += self._db.execute(sql.OTHER_TEXTS, bounds).rowcount
                self._db.execute(sql.RAW_PAGES, bounds)
            after = rows[-1][0]

    def _article(self, theirs: int) -> int:
        """Give an article its number here; take it over when it has none. Return 1 when it had none."""
        known = self._db.execute(sql.KNOWN_ARTICLE, [theirs]).fetchone()
        ours = known[0] if known else self._db.execute(sql.ARTICLE, [theirs]).lastrowid
        numbers = {"theirs": theirs, "ours": ours}
        self._db.execute("insert into temp.numbers values (:theirs, :ours)", numbers)
        if known:
            return 0
        for statement in sql.OF_AN_ARTICLE:
            self._db.execute(statement, numbers)
        (first_seen,) = self._db.execute(
            "select first_seen from articles where id = ?", [ours]
        ).fetchone()
        (hashes,) = self._db.execute(
            "select hashes from other.fingerprints where article = ?", [theirs]
        ).fetchone() or (b"",)
        assert ours is not None  # noqa: S101 - a row was inserted, for the type checker
        self._copies.add(ours, unpacked(hashes), from_text(first_seen))
        return 1

    def _verdicts(self) -> int:
        """Take over verdicts in the order in which they were given; withdrawals follow what they withdraw."""
        added = 0
        with writing(self._db):
            self._db.execute(sql.VERDICT_NUMBERS)
            for (theirs,) in self._db.execute(sql.NEW_VERDICTS).fetchall():
                ours = self._db.execute(sql.VERDICT, [theirs]).lastrowid
                self._db.execute("insert into temp.given values (?, ?)", [theirs, ours])
                added += 1
            self._db.execute("drop table temp.given")
        return added


@contextmanager
def _present(path: Path, folder: Path) -> Iterator[Path]:
    """Give a path at which the archive has the present schema: its own, or that of a copy."""
    with telling(path):
        db = connect_readonly(path)
        require_archive(db, path)
    try:
        if not _is_present(db):
            with tempfile.TemporaryDirectory(dir=folder, prefix=".merge-") as temporary:
                copy = Path(temporary) / path.name
                _copy(db, copy, path)
                yield copy
            return
    finally:
        db.close()
    yield path


def _is_present(db: Database) -> bool:
    return {m.name for m in migrations.applied(db)} == {
        m.name for m in migrations.pending(Database(memory=True))
    }


def _copy(db: Database, copy: Path, path: Path) -> None:
    target = connect(copy)
    try:
        db.conn.backup(target.conn)
        migrate(target, path)
    finally:
        target.close()
