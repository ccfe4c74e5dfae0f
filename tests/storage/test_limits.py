"""Limits: a full disk, and many at work on one archive.

`VIGIE_SECONDS=10` lets them work longer, and checks how long each of them waits.
"""

from __future__ import annotations

import os
import resource
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.check import check_archive
from storage.connection import BUSY_SECONDS, checkpoint
from storage.failures import DatabaseError, as_storage_error
from storage.records import Link
from storage.verdicts import Verdict, Verdicts

CHORES_FILE = Path(__file__).with_name("chores.py")
_DEFINED = runpy.run_path(str(CHORES_FILE))
crawl, reading, NOW, WORK = (_DEFINED[name] for name in ("crawl", "reading", "NOW", "WORK"))
SECONDS = float(os.environ.get("VIGIE_SECONDS", "2"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    crawl(folder / "vigie.db")
    crawl(folder / "other.db", "soir")
    for name in ("vigie.db", "other.db"):
        archive = Archive.open(folder / name)
        archive.checkpoint()
        archive.close()
    return folder


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "archive")
    return tmp_path / "archive" / "vigie.db"


def test_a_full_archive_says_so_and_works_again_with_room(path: Path) -> None:
    archive = Archive.open(path)
    pages = archive.db.execute("pragma page_count").fetchone()[0]
    archive.db.execute(f"pragma max_page_count = {pages + 20}")

    with pytest.raises(DatabaseError) as caught:
        store_many(archive)

    told = as_storage_error(caught.value, path)
    assert told is not None
    assert "the disk is full; free some space" in str(told)
    assert check_archive(archive.db) == []
    archive.db.execute(f"pragma max_page_count = {pages * 10}")
    store_many(archive, 5000, 5010)
    assert check_archive(archive.db) == []


def store_many(archive: Archive, first: int = 1000, last: int = 3000) -> None:
    for number in range(first, last):
        one = reading("matin", number)
        archive.queue.add("matin", [Link(url=one.queued_url, discovered_by="feed")], NOW)
        archive.articles.store(one, NOW)


def test_a_fault_of_the_program_is_not_taken_for_the_disk_s(path: Path) -> None:
    with pytest.raises(DatabaseError) as caught:
        Archive.read(path).db.execute("select nothing from nowhere")

    assert as_storage_error(caught.value, path) is None


def vigie(path: Path, *arguments: str, largest: int | None = None) -> tuple[int, str]:
    """Run the command with files of at most so many bytes; return exit code and error output."""

    def limit() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    done = subprocess.run(
        [sys.executable, "-m", "crawler", "--db", str(path), *arguments],
        capture_output=True, text=True, check=False, preexec_fn=limit, timeout=120,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONDONTWRITEBYTECODE": "1",  # or the limit would cut our own compiled modules
        },
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("db", "merge", "other.db"),
        ("flag",),
        ("export", "--out", "articles.csv"),
        ("db", "backup", "copy.db"),
        ("evidence", *map(str, range(1, 61)), "--out", "pack.zip"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_full_disk_ends_a_command_with_3_and_one_line(
    path: Path, arguments: tuple[str, ...]
) -> None:
    at_home = tuple(str(path.with_name(one)) if "." in one else one for one in arguments)
    before = {one.name for one in path.parent.iterdir()}

    code, said = vigie(path, *at_home, largest=40_000)

    assert code == 3, said
    assert said.count("\n") == 1, said
    assert said.startswith("vigie: ")
    assert "space" in said or "written" in said
    left = {one.name for one in path.parent.iterdir()} - before
    assert {name for name in left if not name.startswith("vigie.db")} == set()
    assert check_archive(Archive.open(path).db) == []
    assert vigie(path, *at_home)[0] == 0
    assert check_archive(Archive.open(path).db) == []


def test_a_locked_archive_ends_a_command_with_3_and_one_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import storage.connection

    monkeypatch.setattr(storage.connection, "BUSY_SECONDS", 0.1)
    holder, other = Archive.open(path), Archive.open(path)
    holder.db.execute("begin immediate")

    with pytest.raises(DatabaseError) as caught:
        other.articles.store(reading("matin", 5000), NOW)

    assert "another program writes to it" in str(as_storage_error(caught.value, path))
    holder.db.execute("rollback")
    other.articles.store(reading("matin", 5001), NOW)


def test_many_work_at_once_and_none_finds_the_archive_locked(path: Path) -> None:
    """As in life each has a process: in threads they would wait for one interpreter."""
    working = {
        name: subprocess.Popen(
            [sys.executable, str(CHORES_FILE), name, str(path), str(SECONDS)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in WORK
    }  # fmt: skip
    times = {name: times_of(process) for name, process in working.items()}

    for name, several in times.items():
        print(f"{name}: {len(several)} times, p99 {p99(several):.1f} ms")  # noqa: T201 - figures
    archive = Archive.open(path)
    assert archive.db.execute("select count(*) from articles").fetchone()[0] >= 300
    verdicts = archive.db.execute("select count(*) from verdicts").fetchone()[0]
    assert verdicts == len(times["reviewer"])
    archive.checkpoint()
    wal = path.with_name("vigie.db-wal")
    assert not wal.exists() or wal.stat().st_size < 20_000_000
    if SECONDS >= 10:
        assert max(p99(times[name]) for name in ("reader", "searcher", "reviewer")) < 50


def times_of(process: subprocess.Popen[str]) -> list[float]:
    """Wait for one at work and return how long each of its tasks took, in milliseconds."""
    said, errors = process.communicate(timeout=SECONDS + 60)
    assert process.returncode == 0, errors
    found = [float(line.split()[1]) for line in said.splitlines() if line.startswith("took ")]
    assert found
    return found


def p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def test_emptying_the_log_keeps_no_writer_out_while_others_read_an_older_state(path: Path) -> None:
    crawl, late, desk = Archive.open(path), Archive.read(path), Verdicts.open(path)
    late.db.execute("begin")
    late.db.execute("select count(*) from articles").fetchone()
    store_many(crawl, 6000, 6010)

    started = time.monotonic()
    assert checkpoint(crawl.db) is False
    desk.record(Verdict(article=1, verdict="relevant", reviewer="awa"), NOW)

    assert time.monotonic() - started < BUSY_SECONDS / 2
    late.db.execute("rollback")
    assert checkpoint(crawl.db) is True
