from __future__ import annotations

import multiprocessing
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import attrs
import pytest

from storage.archive import Archive
from storage.check import check_archive, describe_archive
from storage.connection import connect, writing
from storage.errors import ArchiveBusyError, StorageError
from storage.lock import crawl_lock
from storage.migrations import migrations
from storage.records import Reading
from storage.runs import Poll


def test_a_new_archive_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    Archive.open(path).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_archive_opens_again_as_it_was(tmp_path: Path) -> None:
    Archive.open(tmp_path / "vigie.db").close()

    again = Archive.open(tmp_path / "vigie.db")

    assert migrations.pending(again.db) == []
    assert again.db.execute("pragma journal_mode").fetchone() == ("wal",)
    assert again.db.execute("pragma foreign_keys").fetchone() == (1,)


def test_reading_an_older_archive_brings_it_up_to_date(tmp_path: Path) -> None:
    db = connect(tmp_path / "vigie.db")
    with writing(db):
        migrations.apply(db, stop_before="m002_review_desk")
    db.close()

    archive = Archive.read(tmp_path / "vigie.db")

    assert migrations.pending(archive.db) == []


def test_a_newer_archive_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    archive = Archive.open(path)
    archive.db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('vigie', 'm999_later', '')"
    )
    archive.close()

    with pytest.raises(StorageError, match="newer Vigie \\(it has m999_later\\)"):
        Archive.open(path)


@pytest.mark.parametrize("opener", [Archive.open, Archive.read])
def test_a_file_that_is_no_archive_is_refused_untouched(
    tmp_path: Path, opener: Callable[[Path], Archive]
) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html>" + "x" * 5000, encoding="utf-8")

    with pytest.raises(StorageError, match=r"page\.html: cannot be used as an archive"):
        opener(path)

    assert path.read_text(encoding="utf-8").startswith("<html>x")


def test_a_missing_archive_is_not_created_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such archive"):
        Archive.read(tmp_path / "vigie.db")

    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere/vigie\.db: cannot be opened"):
        Archive.open(tmp_path / "nowhere" / "vigie.db")


def _hold(path: Path, held: object, done: object) -> None:
    with crawl_lock(path):
        held.set()  # type: ignore[attr-defined]
        done.wait(20)  # type: ignore[attr-defined]


def test_a_second_crawl_is_refused_and_a_killed_one_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(path, held, done))
    other.start()
    assert held.wait(20)

    with pytest.raises(ArchiveBusyError, match="already running"), crawl_lock(path):
        pass

    other.kill()
    other.join()
    with crawl_lock(path):
        assert Path(f"{path}.lock").exists()


def test_a_write_that_fails_leaves_nothing_and_nested_writes_are_one(tmp_path: Path) -> None:
    db = connect(tmp_path / "plain.db")
    db.execute("create table words (word text)")

    def write_twice_and_fail() -> None:
        with writing(db):
            db.execute("insert into words values ('un')")
            with writing(db):
                db.execute("insert into words values ('deux')")
            raise LookupError

    with pytest.raises(LookupError):
        write_twice_and_fail()

    assert db.execute("select count(*) from words").fetchone() == (0,)


def test_totals_of_a_run_are_the_sums_of_its_polls(archive: Archive, now: datetime) -> None:
    run = archive.runs.begin("crawl", "rules-1", "", now)
    poll = Poll(
        source="matin", started_at=now, seconds=2.5, requests=4, stored=2, refused=1, flagged=1,
        errors={"timeout": 1},
    )  # fmt: skip
    archive.runs.record(run, poll)
    archive.runs.record(run, attrs.evolve(poll, source="soir", errors={"timeout": 2, "gone": 1}))
    archive.runs.end(run, 1, "finished", now)

    row = archive.runs.get(run)
    assert (row["sources"], row["requests"], row["stored"], row["flagged"]) == (2, 8, 4, 2)
    assert (row["exit_code"], row["reason"]) == (1, "finished")
    assert archive.runs.errors(run) == {"timeout": 3, "gone": 1}
    assert [p["source"] for p in archive.runs.polls_of(run)] == ["matin", "soir"]


def test_a_sound_archive_has_no_problems(
    archive: Archive, now: datetime, make_reading: Callable[..., Reading]
) -> None:
    archive.articles.store(make_reading(), now)

    assert check_archive(archive.db) == []


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("update articles set text = text || ' faux'", "does not match its digest"),
        ("delete from flags", "articles without a flag: 1"),
        ("update pages set article = null", "stored pages without their article: 1"),
        ("delete from articles_fts_docsize", "missing from the full-text index: 1"),
        ("insert into passages values (1, 1, 99)", "passages without their fingerprint: 1"),
        ("insert into lasting_passages values (1, 99)", "passages without their fingerprint: 1"),
    ],
)
def test_damage_is_named(
    archive: Archive,
    now: datetime,
    make_reading: Callable[..., Reading],
    damage: str,
    problem: str,
) -> None:
    archive.articles.store(make_reading(), now)
    archive.db.execute(damage)

    assert any(problem in found for found in check_archive(archive.db))


def test_an_archive_says_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    archive = Archive.open(path)

    facts = describe_archive(archive.db, path)

    assert facts["articles"] == 0
    assert facts["archive"] == str(path)
