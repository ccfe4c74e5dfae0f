"""Check: whether an archive is sound, and how much it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one SQLite of the process

from storage.articles import content_digest

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
    "articles missing from the full-text index": """
        select count(*) from articles left join articles_fts_docsize as indexed
            on indexed.id = articles.id
         where indexed.id is null
    """,
}


def check_archive(db: Database) -> list[str]:
    """Return what is wrong with an archive, one sentence each; empty when it is sound.

    SQLite's own check does not see damage inside a value, so the texts' digests are compared too.
    """
    return list(_problems(db))


def _problems(db: Database) -> Iterator[str]:
    for (answer,) in db.execute("pragma integrity_check"):
        if answer != "ok":
            yield f"integrity: {answer}"
    for table, row, parent, _ in db.execute("pragma foreign_key_check"):
        yield f"links: {table} row {row} names a missing row of {parent}"
    for what, sql in _ORPHANS.items():
        count = db.execute(sql).fetchone()[0]
        if count:
            yield f"{what}: {count}"
    yield from _altered(db)


def _altered(db: Database) -> Iterator[str]:
    for row in db.query("select id, title, standfirst, text, digest from articles"):
        if content_digest(row["title"], row["standfirst"], row["text"]) != row["digest"]:
            yield f"article {row['id']}: its text does not match its digest"


def describe_archive(db: Database, path: Path) -> dict[str, object]:
    """Return counts, dates and sizes, in the order in which they are shown."""
    tables = ("sources", "pages", "articles", "flags", "matches", "verdicts", "runs", "raw_pages")
    counts = {
        table: db.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 - a constant
        for table in tables
    }
    flagged = db.execute("select count(*) from flags where flagged = 1").fetchone()[0]
    first, last = db.execute("select min(first_seen), max(first_seen) from articles").fetchone()
    return {
        "archive": str(path.resolve()),
        "bytes": path.stat().st_size,
        **counts,
        "flagged": flagged,
        "first_article": first,
        "last_article": last,
        "sqlite": sqlite3.sqlite_version,
    }
