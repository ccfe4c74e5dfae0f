"""The commands themselves, each ended by SIGKILL while it writes, and begun again.

`VIGIE_KILLS=200` kills as often; tests/storage/test_kills.py does the same to what they call.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.archive import Archive
from storage.check import check_archive
from storage.connection import connect, writing
from storage.migrations import migrations

KILLS = int(os.environ.get("VIGIE_KILLS", "7"))
RULES = Path(__file__).parents[2] / "pipelines" / "rules"
SIMPLE = {
    "prune": ("db", "prune", "--older", "0s", "--yes"),
    "export": ("export", "--out", "articles.csv"),
    "backup": ("db", "backup", "copy.db"),
}
COMMANDS = ("crawl", "flag", "merge", "migrate", *SIMPLE)
LONGEST = 0.1
"""Seconds after its first write at which a command is dead at the latest."""


class Kills:
    """An archive and its sites, to which commands are sent and killed."""

    def __init__(self, vigie, sites) -> None:
        self.vigie, self.sites = vigie, sites
        self.acknowledged: set[str] = set()
        self.number = 0

    def arguments(self, command: str) -> tuple[str, ...]:
        """Return a command with something to do."""
        self.number += 1
        match command:
            case "crawl":
                self.sites.articles += 6
                return ("-v", "crawl", "--all")
            case "flag":
                return ("flag", "--rules", str(self._rules()))
            case "merge":
                return ("db", "merge", str(self._other()))
            case "migrate":
                return ("--db", str(self._old()), "db", "info")
        return SIMPLE[command]

    def kill(self, command: str, seconds: float) -> bool:
        """Run a command and kill it so long after its first write; return whether it still ran."""
        arguments = self.arguments(command)
        before = _written(self.vigie.folder)
        process = self.vigie.start(*arguments)
        until = time.monotonic() + 30
        while _written(self.vigie.folder) == before and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.002)
        try:
            _, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            _, err = process.communicate()
        assert process.returncode in (0, -9), err
        lines = err[: err.rfind("\n") + 1].splitlines()
        self.acknowledged |= {line.split()[-1] for line in lines if " stored http" in line}
        return process.returncode == -9

    def assert_sound(self) -> None:
        archive = Archive.open(self.vigie.db)
        assert check_archive(archive.db) == []
        rows = archive.db.execute("select url from articles").fetchall()
        archive.close()
        addresses = [url for (url,) in rows]
        assert len(addresses) == len(set(addresses))
        assert set(addresses) >= self.acknowledged

    def _rules(self) -> Path:
        """Return rules that the archive was never judged by."""
        copy = self.vigie.folder / "rules"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(RULES, copy)
        with (copy / "score.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n# {self.number}\n")
        return copy

    def _other(self) -> Path:
        """Return the other archive under addresses that this one does not have."""
        copy = self.vigie.folder / f"other-{self.number}.db"
        shutil.copy(self.vigie.folder / "other.db", copy)
        with sqlite3.connect(copy) as other:
            other.executescript(_OTHER_ADDRESSES.replace("autre", f"autre-{self.number}"))
        other.close()
        return copy

    def _old(self) -> Path:
        """Return an archive of the first schema with 300 articles."""
        path = self.vigie.folder / f"old-{self.number}.db"
        db = connect(path)
        with writing(db):
            migrations.apply(db, stop_before="m002_review_desk")
            for statement in _OLD:
                db.execute(statement)
        db.close()
        return path


@pytest.fixture
def folder(vigie, make_sites) -> Kills:
    sites = make_sites(2, 6)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    with (vigie.folder / "vigie.toml").open("a", encoding="utf-8") as config:
        config.write('[archive]\nkeep_raw = "all"\n[paths]\nsources = "sources.toml"\n')
    assert vigie("crawl", "--all").returncode == 0
    shutil.copy(vigie.db, vigie.folder / "other.db")
    with sqlite3.connect(vigie.folder / "other.db") as other:
        other.executescript(_OTHER_ADDRESSES)
    other.close()
    return Kills(vigie, sites)


def test_a_killed_command_loses_doubles_and_halves_nothing(folder: Kills) -> None:
    seed = int(os.environ.get("VIGIE_SEED", time.time_ns() % 100_000))
    print(f"VIGIE_SEED={seed}")  # noqa: T201 - to repeat a failure
    dice = random.Random(seed)
    killed = 0
    for number in range(KILLS):
        killed += folder.kill(COMMANDS[number % len(COMMANDS)], dice.uniform(0, LONGEST))
        if number % len(COMMANDS) == len(COMMANDS) - 1:
            folder.assert_sound()

    print(f"{killed} of {KILLS} were still at work")  # noqa: T201 - figures
    assert killed
    for command in COMMANDS:
        done = folder.vigie(*folder.arguments(command))
        assert done.returncode == 0, done.stderr
    folder.assert_sound()
    assert folder.vigie.rows("select count(*) from pages where state = 'queued'") == [(0,)]
    crawled = folder.vigie.rows("select count(*) from articles where url not like '%autre%'")
    assert crawled == [(2 * folder.sites.articles,)]
    for path in folder.vigie.folder.glob("old-*.db"):
        applied = {one.name for one in migrations.applied(connect(path))}
        every = {one.name for one in migrations.pending(Database(memory=True))}
        assert applied in ({"m001_first_schema"}, every)
        assert check_archive(Archive.open(path).db) == []
    assert Archive.read(folder.vigie.folder / "copy.db")
    assert (folder.vigie.folder / "articles.csv").read_text("utf-8-sig").count("http://") > 0


def _written(folder: Path) -> list[tuple[str, int, int]]:
    """Return what shows that something is being written: new files, and logs that grow."""
    found = []
    for path in folder.iterdir():
        if path.name.endswith("-shm"):
            continue
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        found.append((path.name, status.st_size, status.st_mtime_ns))
    return sorted(found)


_OTHER_ADDRESSES = """
    update articles set url = replace(url, '/article', '/autre-article'),
        canonical_url = replace(canonical_url, '/article', '/autre-article'),
        text_digest = 'autre' || text_digest;
    update pages set url = replace(url, '/article', '/autre-article'),
        canonical_url = replace(canonical_url, '/article', '/autre-article');
"""
_OLD = (
    """
    insert into sources (slug, name, country, language, url)
    values ('matin', 'Matin', 'ML', 'fr', 'https://matin.example')
    """,
    "insert into rule_sets values ('rules-1', '1', '2026-11-20T00:00:00Z', '')",
    """
    insert into articles (source, url, canonical_url, title, text, first_seen, last_checked,
                          language, language_confidence, digest, text_digest)
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 300)
    select 'matin', 'https://matin.example/' || n, 'https://matin.example/' || n, 'T', 'x',
           '2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z', 'fr', 1.0,
           'ddc7b2c2c326d5204fc530380b4556470b3c2858af2e380b1b6c61976c2c40b8', 'digest ' || n
      from numbers
    """,
    """
    insert into pages (canonical_url, url, source, discovered_by, state, outcome, queued_at,
                       settled_at, article)
    select canonical_url, url, source, 'feed', 'settled', 'stored', first_seen, first_seen, id
      from articles
    """,
    """
    insert into flags (article, rule_set, flagged, score, flagged_at)
    select id, 'rules-1', 0, 0, '' from articles
    """,
    "insert into fingerprints (hash, article) select id * 7, id from articles",
)
