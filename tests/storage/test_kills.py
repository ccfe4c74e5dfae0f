"""Kills: every chore ended by SIGKILL at a random moment, many times over.

`VIGIE_KILLS=200` runs more of them; tests/crawler/test_command_kills.py kills the commands.
"""

from __future__ import annotations

import os
import random
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.check import check_archive
from storage.connection import connect, writing
from storage.migrations import migrations

CHORES_FILE = Path(__file__).with_name("chores.py")
_DEFINED = runpy.run_path(str(CHORES_FILE))
CHORES, MATCHES, crawl = _DEFINED["CHORES"], _DEFINED["MATCHES"], _DEFINED["crawl"]
KILLS = int(os.environ.get("VIGIE_KILLS", "53"))
LONGEST = 0.3
"""Seconds after its first deed at which a chore is dead at the latest."""


def run(chore: str, path: Path, seconds: float | None) -> tuple[list[str], int]:
    """Run a chore, killing it some seconds after it began; return what it said that it had done."""
    process = subprocess.Popen(
        [sys.executable, str(CHORES_FILE), chore, str(path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"begins\n"
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    assert process.returncode in (0, -9), err.decode()
    return out.decode().splitlines()[: out.count(b"\n")], process.returncode


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of 150 articles, another one, and one of the schema before."""
    folder = tmp_path_factory.mktemp("start")
    for name, source in (("vigie.db", "matin"), ("other.db", "soir")):
        crawl(folder / name, source)
        archive = Archive.open(folder / name)
        archive.checkpoint()
        archive.close()
    db = connect(folder / "old.db")
    with writing(db):
        migrations.apply(db, stop_before="m002_review_desk")
    db.close()
    return folder


def assert_sound(path: Path) -> None:
    archive = Archive.open(path)
    assert check_archive(archive.db) == []
    half = archive.db.execute(
        """
        select articles.id from articles
         where (select count(*) from matches where matches.article = articles.id) <> ?
        """,
        [MATCHES],
    ).fetchall()
    assert half == []
    twice = "select count(*) - count(distinct url) from articles"
    assert archive.db.execute(twice).fetchone() == (0,)
    archive.db.execute(
        "insert into articles_fts (articles_fts, rank) values ('integrity-check', 0)"
    )
    archive.close()


def assert_kept(path: Path, chore: str, said: list[str]) -> None:
    db = Archive.read(path).db
    if chore == "crawl":
        stored = {url for (url,) in db.execute("select url from articles")}
        assert set(said) <= stored
        waiting = db.execute("select count(*) from pages where state = 'queued'").fetchone()[0]
        assert waiting <= 1 + db.execute("select count(*) from runs").fetchone()[0]
    if chore == "verdicts":
        kept = {str(number) for (number,) in db.execute("select id from verdicts")}
        assert set(said) <= kept
    db.close()


def test_no_kill_loses_doubles_or_halves_anything(start: Path, tmp_path: Path) -> None:
    seed = int(os.environ.get("VIGIE_SEED", time.time_ns() % 100_000))
    print(f"VIGIE_SEED={seed}")  # noqa: T201 - to repeat a failure
    dice, killed = random.Random(seed), 0
    said: dict[str, list[str]] = {name: [] for name in CHORES}
    folder = tmp_path / "archive"
    shutil.copytree(start, folder)
    path = folder / "vigie.db"
    for number in range(KILLS):
        chore = list(CHORES)[number % len(CHORES)]
        done, code = run(chore, path, dice.uniform(0, LONGEST))
        said[chore] += done
        killed += code != 0
        if number % 6 == 5:
            assert_sound(path)
    assert_sound(path)
    for chore, lines in said.items():
        assert_kept(path, chore, lines)
    assert killed > KILLS // 3
    assert said["crawl"]
    assert said["verdicts"]


def test_after_a_kill_the_next_run_reaches_the_same_end(start: Path, tmp_path: Path) -> None:
    ends = []
    for seconds in (0.03, 0.1, None):
        folder = tmp_path / f"killed-{seconds}"
        shutil.copytree(start, folder)
        for chore in ("merge", "prune", "migrate", "export"):
            run(chore, folder / "vigie.db", seconds)
            run(chore, folder / "vigie.db", None)
        assert_sound(folder / "vigie.db")
        assert {one.name for one in folder.iterdir()} >= {"articles.csv", "other.db", "old.db"}
        assert not list(folder.glob(".*"))
        db = Archive.read(folder / "vigie.db").db
        columns = "source, url, text, agency, cluster"
        ends.append(db.execute(f"select {columns} from articles order by url").fetchall())  # noqa: S608 - constants
        assert (folder / "articles.csv").read_text("utf-8-sig").count("https://") == 300
    assert ends[0] == ends[1] == ends[2]
    assert len(ends[0]) == 300


def test_a_killed_export_leaves_the_older_file_whole(start: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    shutil.copytree(start, folder)
    run("export", folder / "vigie.db", None)
    before = (folder / "articles.csv").read_bytes()

    for seconds in (0.03, 0.1, 0.15):
        run("export", folder / "vigie.db", seconds)
        assert (folder / "articles.csv").read_bytes() == before


@pytest.mark.parametrize("seconds", [0, 0.01, 0.02, 0.04, 0.1])
def test_a_killed_migration_leaves_one_schema_or_the_other(
    start: Path, tmp_path: Path, seconds: float
) -> None:
    folder = tmp_path / "archive"
    shutil.copytree(start, folder)

    run("migrate", folder / "vigie.db", seconds)

    db = connect(folder / "old.db")
    applied = [one.name for one in migrations.applied(db)]
    assert applied in (["m001_first_schema"], [one.name for one in _all()])
    assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    db.close()
    assert check_archive(Archive.open(folder / "old.db").db) == []


def _all() -> list[object]:
    from sqlite_utils import Database

    return list(migrations.pending(Database(memory=True)))
