"""Migrations: the schema of the archive, grown by appending and never edited once landed."""

from __future__ import annotations

import struct
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one SQLite of the process

from storage.connection import writing
from storage.errors import StorageError
from storage.fingerprints import INDEXED, lasting, shortened, unpacked

migrations = Migrations("vigie")

_SCHEMA = Path(__file__).parent / "schema"
_FTS_COLUMNS = ("title", "standfirst", "text")
_LIGATURES = (("œ", "oe"), ("Œ", "Oe"), ("æ", "ae"), ("Æ", "Ae"))


@migrations()
def m001_first_schema(db: Database) -> None:
    """Create the tables of the design, the full-text index and the first views."""
    _run_script(db, (_SCHEMA / "m001_first_schema.sql").read_text(encoding="utf-8"))
    _create_full_text_index(db)


@migrations()
def m002_review_desk(db: Database) -> None:
    """Let verdicts be withdrawn, and add the views of the review desk."""
    _run_script(db, (_SCHEMA / "m002_review_desk.sql").read_text(encoding="utf-8"))


@migrations()
def m003_archive_at_scale(db: Database) -> None:
    """Add dates to walk along, agencies, and the articles to look at again."""
    _run_script(db, (_SCHEMA / "m003_archive_at_scale.sql").read_text(encoding="utf-8"))


@migrations()
def m004_unattended(db: Database) -> None:
    """Remember hosts that asked us to wait, when each source is asked again, frozen feeds."""
    _run_script(db, (_SCHEMA / "m004_unattended.sql").read_text(encoding="utf-8"))


def is_outdated(db: Database, path: Path | str) -> bool:
    """Whether an archive has an older schema than this program's.

    Raises StorageError when it holds migrations that this program does not know.
    """
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    unknown = sorted({m.name for m in migrations.applied(db)} - known)
    if unknown:
        raise StorageError(
            f"{path}: written by a newer Vigie (it has {unknown[0]}); upgrade this one first"
        )
    return bool(migrations.pending(db))


@migrations()
def m005_rule_precision(db: Database) -> None:
    """Make the precision of rules quick to read."""
    _run_script(db, (_SCHEMA / "m005_rule_precision.sql").read_text(encoding="utf-8"))


@migrations()
def m006_run_profiles(db: Database) -> None:
    """Keep where the time of a run went, and what robots.txt said."""
    _run_script(db, (_SCHEMA / "m006_run_profiles.sql").read_text(encoding="utf-8"))


@migrations()
def m007_backfills(db: Database) -> None:
    """Remember how far the past of a source has been walked."""
    _run_script(db, (_SCHEMA / "m007_backfills.sql").read_text(encoding="utf-8"))


@migrations()
def m008_sweeps(db: Database) -> None:
    """Remember how far files of saved pages have been read."""
    _run_script(db, (_SCHEMA / "m008_sweeps.sql").read_text(encoding="utf-8"))


@migrations()
def m009_fingerprints_by_month(db: Database) -> None:
    """Keep fingerprints by article and by month, so that an article costs the same in any archive."""
    _run_script(db, (_SCHEMA / "m009_fingerprints_by_month.sql").read_text(encoding="utf-8"))
    _move_fingerprints(db)


@migrations()
def m010_fewer_pages_an_article(db: Database) -> None:
    """Index fewer passages in less room, and drop two indexes that others make up for."""
    _run_script(db, (_SCHEMA / "m010_fewer_pages_an_article.sql").read_text(encoding="utf-8"))
    _index_fingerprints(db)


@migrations()
def m011_read_from_indexes(db: Database) -> None:
    """Index pages by the time at which they ended, and count by month without reading texts."""
    _run_script(db, (_SCHEMA / "m011_read_from_indexes.sql").read_text(encoding="utf-8"))


def migrate(db: Database, path: Path | str) -> None:
    """Bring an archive to the present schema, or refuse one that a newer Vigie wrote.

    Raises StorageError when the archive holds migrations that this program does not know.
    """
    if is_outdated(db, path):
        with writing(db):
            migrations.apply(db)


def _run_script(db: Database, script: str) -> None:
    """Run statements one by one: `executescript` would commit the open transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


def _move_fingerprints(db: Database) -> None:
    """Fill the tables of m009 from the one before: some minutes for a million articles."""
    month = (
        "substr(coalesce(published_at, first_seen), 1, 4) * 12"
        " + substr(coalesce(published_at, first_seen), 6, 2)"
    )
    articles = db.conn.execute(
        f"""
        select articles.id, {month}, hash from articles indexed by articles_desk
          cross join hashes_before on hashes_before.article = articles.id
         order by articles.id
        """  # noqa: S608 - a constant
    )
    db.conn.executemany(
        "insert into fingerprints (article, month, hashes) values (?, ?, ?)",
        (
            (article, month, b"".join(struct.pack("<q", value) for _, _, value in rows))
            for (article, month), rows in groupby(articles, key=itemgetter(0, 1))
        ),
    )
    # In the order of the table: in that of the articles it takes ten times as long.
    db.execute(
        f"""
        insert into passages (month, hash, article)
        select {month}, hash, article from hashes_before
          cross join articles indexed by articles_desk on articles.id = hashes_before.article
         order by 1, 2, 3
        """  # noqa: S608 - a constant
    )
    db.execute("drop table hashes_before")
    db.execute("create index passages_of_any_age on passages (hash) where hash % 8 = 0")


def _index_fingerprints(db: Database) -> None:
    """Fill the tables of m010 from the fingerprints: a minute for a million articles."""
    db.execute("create temp table held (period integer, hash integer, article integer)")
    db.execute("create temp table lasting (hash integer, article integer)")
    for article, month, blob in db.conn.execute("select article, month, hashes from fingerprints"):
        short = shortened(unpacked(blob))
        db.conn.executemany(
            "insert into temp.held values (?, ?, ?)",
            [(month // 2, value, article) for value in short[:INDEXED]],
        )
        db.conn.executemany(
            "insert into temp.lasting values (?, ?)", [(value, article) for value in lasting(short)]
        )
    # In the order of the tables: in that of the articles it takes ten times as long.
    db.execute("insert into passages select * from temp.held order by period, hash, article")
    db.execute("insert into lasting_passages select * from temp.lasting order by hash, article")
    db.execute("drop table temp.held")
    db.execute("drop table temp.lasting")


def _create_full_text_index(db: Database) -> None:
    """Index the articles in FTS5, kept by triggers in plain SQL so that any program may write.

    The tokenizer folds case and accents and splits elisions, but leaves œ and æ alone:
    the triggers spell these out.
    """
    db.execute(
        "create virtual table articles_fts using fts5 (title, standfirst, text,"
        ' content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2")'
    )
    names = ", ".join(_FTS_COLUMNS)
    insert = f"insert into articles_fts (rowid, {names}) values (new.id, {_spelled('new')});"  # noqa: S608 - no outside text
    delete = (
        f"insert into articles_fts (articles_fts, rowid, {names})"  # noqa: S608 - no outside text
        f" values ('delete', old.id, {_spelled('old')});"
    )
    for event, statements in (
        ("insert", insert),
        ("delete", delete),
        (f"update of {names}", delete + insert),
    ):
        name = event.split(maxsplit=1)[0]
        db.execute(
            f"create trigger articles_fts_{name} after {event} on articles begin {statements} end"
        )


def _spelled(row: str) -> str:
    """Return the indexed columns of a trigger's row with their ligatures spelled out."""
    columns = []
    for column in _FTS_COLUMNS:
        expression = f"{row}.{column}"
        for ligature, letters in _LIGATURES:
            expression = f"replace({expression}, '{ligature}', '{letters}')"
        columns.append(expression)
    return ", ".join(columns)
