"""Check: whether an archive is sound, and how much it holds."""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one SQLite of the process

from storage.articles import content_digest
from storage.times import to_text

_ORPHANS = {
    "stored pages without their article": """
        select count(*) from pages left join articles on articles.id = pages.article
         where outcome in ('stored', 'duplicate') and articles.id is null
    """,
    "articles without a page": """
        select count(*) from articles
         where not exists (select 1 from pages where pages.article = articles.id)
    """,
    "articles without a flag": """
        select count(*) from articles left join flags on flags.article = articles.id
         where flags.article is null
    """,
    "verdicts without their article": """
        select count(*) from verdicts left join articles on articles.id = verdicts.article
         where articles.id is null
    """,
    "clusters without articles": """
        select count(*) from clusters
         where not exists (select 1 from articles where articles.cluster = clusters.id)
    """,
    "passages without their fingerprint": """
        select (select count(*) from passages
                 where article not in (select article from fingerprints))
             + (select count(*) from lasting_passages
                 where article not in (select article from fingerprints))
    """,
    "articles missing from the full-text index": """
        select count(*) from articles left join articles_fts_docsize as indexed
            on indexed.id = articles.id
         where indexed.id is null
    """,
}


LEAST_FREE = 200_000_000
"""Bytes free on the archive's disk below which a person should act."""

AHEAD = timedelta(days=1)
"""How far in the future an article may have been stored: the clocks of two machines may differ."""

Step = Callable[[int], object]


def check_steps(db: Database) -> int:
    """Return how many texts and pages `check_archive` looks at."""
    row = db.execute(
        """
        select (select count(*) from articles) + (select count(*) from revisions)
             + (select count(*) from raw_pages)
        """
    ).fetchone()
    return int(row[0])


def check_archive(db: Database, on_step: Step = lambda _: None) -> list[str]:
    """Return what is wrong with an archive, one sentence each; empty when it is sound.

    SQLite's own check does not see damage inside a value, so the digests of texts, revisions and
    pages as fetched are compared too; `on_step` is told how many more were looked at.
    """
    return list(_problems(db, on_step))


def stored_ahead(db: Database, now: datetime) -> list[str]:
    """Return, in a sentence, how many articles were stored by a clock that ran ahead; else nothing.

    They are not put right unasked: it may as well be the present clock that is wrong.
    """
    count, first = db.execute(
        "select count(*), min(first_seen) from articles where first_seen > ?",
        [to_text(now + AHEAD)],
    ).fetchone()
    if not count:
        return []
    return [f"articles of the future: {count}, first seen from {first} on: the clock ran ahead"]


def _problems(db: Database, on_step: Step) -> Iterator[str]:
    for (answer,) in db.execute("pragma integrity_check"):
        if answer != "ok":
            yield f"integrity: {answer}"
    for table, row, parent, _ in db.execute("pragma foreign_key_check"):
        yield f"links: {table} row {row} names a missing row of {parent}"
    for what, sql in _ORPHANS.items():
        count = db.execute(sql).fetchone()[0]
        if count:
            yield f"{what}: {count}"
    yield from _altered(db, on_step)
    yield from _altered_pages(db, on_step)
    yield from _short_of_space(db)


def _altered(db: Database, on_step: Step) -> Iterator[str]:
    for table in ("articles", "revisions"):
        rows = db.query(f"select id, title, standfirst, text, digest from {table}")  # noqa: S608 - constants
        for row in rows:
            on_step(1)
            if content_digest(row["title"], row["standfirst"], row["text"]) != row["digest"]:
                yield f"{table} {row['id']}: its text does not match its digest"


def _altered_pages(db: Database, on_step: Step) -> Iterator[str]:
    for article, body, sha256 in db.execute("select article, body, sha256 from raw_pages"):
        on_step(1)
        if not _is_page(body, sha256):
            yield f"raw_pages {article}: the page does not match its digest"


def _is_page(body: bytes, sha256: str) -> bool:
    try:
        return hashlib.sha256(zlib.decompress(body)).hexdigest() == sha256
    except zlib.error:
        return False


def _short_of_space(db: Database) -> Iterator[str]:
    (_, _, file) = db.execute("pragma database_list").fetchone()
    free = shutil.disk_usage(Path(file).parent).free if file else LEAST_FREE
    if free < LEAST_FREE:
        yield f"{free // 1_000_000} MB are free on its disk: free some space or prune"


def describe_archive(db: Database, path: Path) -> dict[str, object]:
    """Return counts, dates and sizes, in the order in which they are shown."""
    tables = ("sources", "pages", "articles", "revisions", "clusters", "flags", "matches",
              "verdicts", "runs", "raw_pages")  # fmt: skip
    counts = {
        table: db.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 - a constant
        for table in tables
    }
    flagged = db.execute("select count(*) from flags where flagged = 1").fetchone()[0]
    raw = db.execute("select coalesce(sum(length(body)), 0) from raw_pages").fetchone()[0]
    first, last = db.execute("select min(first_seen), max(first_seen) from articles").fetchone()
    return {
        "archive": str(path.resolve()),
        "bytes": path.stat().st_size,
        "bytes_raw_pages": raw,
        "bytes_free": shutil.disk_usage(path.resolve().parent).free,
        **counts,
        "flagged": flagged,
        "first_article": first,
        "last_article": last,
        "sqlite": sqlite3.sqlite_version,
    }
