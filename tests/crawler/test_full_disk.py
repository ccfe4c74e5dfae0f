"""A disk that fills up during a crawl."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

from storage.archive import Archive
from storage.check import check_archive

ROOM = 250_000
"""Bytes that the archive's files may grow by: enough for some articles."""


def crawl_with_room(folder: Path, largest: int, *options: str) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",  # or the limit would cut our own compiled modules
        "PYTHONWARNINGS": "ignore",
    }
    return subprocess.run(
        [sys.executable, "-m", "crawler", *options, "crawl", "--all"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120,
        preexec_fn=limit,
    )  # fmt: skip


def start_sites(vigie, make_sites, count):
    sites = make_sites(count, 40)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    with (vigie.folder / "vigie.toml").open("a", encoding="utf-8") as config:
        config.write('[paths]\nsources = "sources.toml"\n')
    return sites


def make_room(db: Path) -> int:
    """Create the archive and return the size that its files may grow to."""
    archive = Archive.open(db)
    archive.checkpoint()
    archive.close()
    return db.stat().st_size + ROOM


def test_a_crawl_stops_when_nothing_can_be_stored_and_the_next_one_goes_on(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites, 2)
    room = make_room(vigie.db)

    done = crawl_with_room(vigie.folder, room)

    assert done.returncode == 3, done.stderr
    (told,) = done.stderr.splitlines()
    assert told.startswith("vigie: ")
    assert "free some space" in told
    assert sum("article" in asked for asked in sites.asked) < 70
    assert check_archive(Archive.open(vigie.db).db) == []

    assert vigie("crawl", "--all").returncode == 0
    assert vigie.rows("select count(*) from articles") == [(80,)]
    assert check_archive(Archive.open(vigie.db).db) == []


def test_who_asks_for_more_is_shown_where_the_disk_was_full(vigie, make_sites) -> None:
    start_sites(vigie, make_sites, 1)

    done = crawl_with_room(vigie.folder, make_room(vigie.db), "-v")

    assert done.returncode == 3, done.stderr
    assert "Traceback" in done.stderr
