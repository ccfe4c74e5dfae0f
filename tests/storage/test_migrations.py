"""Each migration, from the schema before it with rows in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.archive import Archive
from storage.check import check_archive
from storage.connection import connect, writing
from storage.fingerprints import Fingerprints, packed
from storage.migrations import migrations

NAMES = [migration.name for migration in migrations.pending(Database(memory=True))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vigie.db"


def at_schema(path: Path, before: str) -> Database:
    """Return an archive as it was before a migration, with a row in the tables of the first."""
    db = connect(path)
    with writing(db):
        migrations.apply(db, stop_before=before)
    for statement in _ROWS:
        db.execute(statement)
    if before > "m009_fingerprints_by_month":
        for article, month, hashes in _FINGERPRINTS:
            db.execute("insert into fingerprints values (?, ?, ?)", [article, month, hashes])
    else:
        db.execute("insert into fingerprints (hash, article) values (1, 1)")
    return db


@pytest.mark.parametrize("name", NAMES[1:])
def test_rows_of_the_schema_before_are_all_there_afterwards(path: Path, name: str) -> None:
    db = at_schema(path, name)
    tables = [t for t in db.table_names() if not t.startswith(("_", "articles_fts", "sqlite_"))]
    before = {t: [dict(r) for r in db.query(f"select * from {t}")] for t in tables}  # noqa: S608
    if name <= "m009_fingerprints_by_month":  # what `fingerprints` was called before
        before["passages"] = before.pop("fingerprints")
    else:
        before.pop("passages")  # made anew, see below
    db.close()

    after = Archive.open(path).db

    for table, rows in before.items():
        kept = [dict(row) for row in after.query(f"select * from {table}")]  # noqa: S608
        assert [{key: row[key] for key in old} for old, row in zip(rows, kept, strict=True)] == rows
    assert check_archive(after) == []
    assert migrations.pending(after) == []


def test_flags_get_their_dates(path: Path) -> None:
    at_schema(path, "m003_archive_at_scale").close()

    archive = Archive.open(path)

    dates = archive.db.execute("select date from flags order by article").fetchall()
    assert dates == [("2026-11-20T08:00:00Z",), ("2026-11-21T00:00:00Z",)]
    assert list(archive.search.newest("russes", archive_filters())) == [2, 1]


def test_runs_of_before_have_no_profile(path: Path) -> None:
    at_schema(path, "m006_run_profiles").close()

    archive = Archive.open(path)

    assert [run["profile"] for run in archive.runs.latest(5)] == [None]
    assert archive.runs.last_profile() is None


def test_fingerprints_are_kept_by_article_and_by_time(path: Path) -> None:
    db = at_schema(path, "m009_fingerprints_by_month")
    db.execute("insert into fingerprints values (-8, 2), (4, 1)")
    db.close()

    archive = Archive.open(path)

    rows = archive.db.execute("select period, hash, article from passages").fetchall()
    assert rows == [(_NOVEMBER // 2, -8, 2), (_NOVEMBER // 2, 1, 1), (_NOVEMBER // 2, 4, 1)]
    kept = Fingerprints(archive.db)
    assert kept.of((1, 2, 3)) == {1: {1, 4}, 2: {-8}}
    kept.forget(1)
    assert archive.db.execute("select article from passages").fetchall() == [(2,)]
    assert archive.db.execute("select article from lasting_passages").fetchall() == [(2,)]


def test_the_smallest_hashes_of_stored_articles_are_indexed(path: Path) -> None:
    at_schema(path, "m010_fewer_pages_an_article").close()

    db = Archive.open(path).db

    near, lasting = (
        db.execute(f"select * from {table} order by article, hash").fetchall()  # noqa: S608
        for table in ("passages", "lasting_passages")
    )
    november, october = _NOVEMBER // 2, (_NOVEMBER - 1) // 2
    assert near == [(november, n, 1) for n in range(-5, 7)] + [(october, n, 2) for n in (8, 9)]
    assert lasting == [(n, 1) for n in range(-5, 0)] + [(8, 2), (9, 2)]


def test_a_flag_that_any_program_writes_gets_its_date(path: Path) -> None:
    db = Archive.open(path).db
    for statement in _ROWS:
        db.execute(statement)

    dates = db.execute("select date from flags order by article").fetchall()
    assert dates == [("2026-11-20T08:00:00Z",), ("2026-11-21T00:00:00Z",)]


def archive_filters() -> object:
    from storage.search import Filters

    return Filters(flagged=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_migration_that_breaks_leaves_the_schema_before(path: Path, name: str) -> None:
    at = NAMES.index(name)
    db = connect(path)
    with writing(db):
        migrations.apply(db, stop_before=name)
    before = db.schema
    db.conn.set_authorizer(_refuse_record)

    with pytest.raises(Exception, match="not authorized"):
        migrations.apply(db)
    db.conn.set_authorizer(None)

    assert [m.name for m in migrations.applied(db)] == NAMES[:at]
    assert db.schema == before


def _refuse_record(action: int, table: str | None, *_: object) -> int:
    """Let a migration do everything but say that it is done."""
    insert, ok, deny = 18, 0, 1
    return deny if action == insert and table == "_sqlite_migrations" else ok


_TEXT = "Des instructeurs russes sont arrivés à Bamako."


def _digest() -> str:
    from storage.articles import content_digest

    return content_digest("Titre", None, _TEXT)


_ROWS = (
    """
    insert into sources (slug, name, country, language, url)
    values ('matin', 'Matin', 'ML', 'fr', 'https://matin.example')
    """,
    "insert into rule_sets values ('rules-1', '1', '2026-11-20T00:00:00Z', '[[rule]]')",
    """
    insert into runs (command, started_at, rule_set)
    values ('crawl', '2026-11-20T00:00:00Z', 'rules-1')
    """,
    *(
        f"""
        insert into articles (source, url, canonical_url, title, text, published_at, first_seen,
            last_checked, language, language_confidence, digest, text_digest)
        values ('matin', 'https://matin.example/{n}', 'https://matin.example/{n}', 'Titre',
            '{_TEXT}', {published}, '2026-11-21T00:00:00Z', '2026-11-21T00:00:00Z', 'fr', 1.0,
            '{_digest()}', 'd{n}')
        """  # noqa: S608 - the test's own
        for n, published in ((1, "'2026-11-20T08:00:00Z'"), (2, "null"))
    ),
    """
    insert into flags (article, rule_set, flagged, score, themes, countries, flagged_at)
    select id, 'rules-1', 1, 60, '["military"]', '["ML"]', '' from articles
    """,
    """
    insert into pages (canonical_url, url, source, discovered_by, state, outcome, queued_at,
                       settled_at, article)
    select canonical_url, url, source, 'feed', 'settled', 'stored', first_seen, first_seen, id
      from articles
    """,
    """
    insert into matches (article, rule, theme, field, start, "end", words, sentence_start,
                         sentence_end)
    values (1, 'military-training', 'military', 'text', 4, 23, 'instructeurs russes', 0, 46)
    """,
    """
    insert into verdicts (article, verdict, reviewer, at)
    values (1, 'relevant', 'awa', '2026-11-21T00:00:00Z')
    """,
)
_NOVEMBER = 2026 * 12 + 11
_LONG = [*range(-5, 35), 2**32 + 7]
"""Forty-one hashes, two of which are the same in 32 bits."""
_FINGERPRINTS = ((1, _NOVEMBER, packed(_LONG)), (2, _NOVEMBER - 1, packed([2**40 + 9, 8])))
