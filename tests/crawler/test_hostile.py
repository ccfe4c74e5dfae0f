"""The whole fault catalogue at once, beside a good site."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

pytestmark = pytest.mark.serial

SITE = Path(__file__).with_name("hostile_site.py")
TIMEOUT = 3
MEGABYTES = 400


class Watch(threading.Thread):
    """Notes the most memory a process ever held."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.kilobytes = pid, 0

    def run(self) -> None:
        while True:
            try:
                status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
            except OSError:
                return
            peaks = [line for line in status.splitlines() if line.startswith("VmHWM")]
            if not peaks:
                return
            self.kilobytes = int(peaks[0].split()[1])
            time.sleep(0.1)


class Outcome:
    """What came of the crawl: the archive, what was asked of the sites, and at what cost."""


def crawl(folder: Path, hosts: list[str] | None) -> Outcome:
    site = subprocess.Popen(
        [sys.executable, str(SITE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert site.stdout is not None
    facts = json.loads(site.stdout.readline())
    entries = "\n".join(
        f'[[source]]\nslug = "s{host.rpartition(".")[2]}"\nname = "S"\ncountry = "ML"\n'
        f'url = "http://{host}:{facts["port"]}/"\nfeeds = ["http://{host}:{facts["port"]}/feed/"]\n'
        for host in hosts or facts["hosts"]
    )
    (folder / "sources.toml").write_text(entries, encoding="utf-8")
    (folder / "vigie.toml").write_text(
        f"[fetch]\ndelay = 0\ntimeout = {TIMEOUT}\nallow_private_addresses = true\n",
        encoding="utf-8",
    )
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "crawl", "--sources", "sources.toml", "--budget", "90s"],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watch = Watch(process.pid)
    watch.start()
    _, outcome_log = process.communicate(timeout=150)
    asked, _ = site.communicate(timeout=20)
    outcome = Outcome()
    outcome.seconds = time.monotonic() - started
    outcome.megabytes = watch.kilobytes / 1000
    outcome.facts, outcome.requests, outcome.log = facts, json.loads(asked), outcome_log
    outcome.db = sqlite3.connect(folder / "vigie.db")
    return outcome


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory):
    outcome = crawl(tmp_path_factory.mktemp("hostile"), None)
    yield outcome
    outcome.db.close()


def ends(outcome: Outcome, like: str) -> dict[str, str]:
    rows = outcome.db.execute(
        "select url, case when outcome in ('stored', 'duplicate') then outcome"
        " else coalesce(reason, 'waiting') end from pages where url like ?",
        [like],
    )
    return dict(rows.fetchall())


def test_every_fault_ends_in_the_class_its_row_names(everything) -> None:
    found = {url.partition("/p/")[2]: reason for url, reason in ends(everything, "%/p/%").items()}
    right = everything.facts["pages"]
    assert found.keys() == right.keys()
    wrong = {name: end for name, end in found.items() if end not in right[name]}
    assert wrong == {}, everything.log[-2000:]


def test_the_good_site_is_read_whole_and_the_run_ends_in_its_bounds(everything) -> None:
    assert set(ends(everything, "http://127.0.2.1:%").values()) == {"stored"}
    assert everything.seconds < 90 + TIMEOUT + 5
    assert everything.megabytes < MEGABYTES


def gaps(outcome: Outcome) -> list[float]:
    times = [t for t, host, path in outcome.requests if host == "127.0.2.1" and "/a/" in path]
    return sorted(b - a for a, b in pairwise(times))


def slow_gap(outcome: Outcome) -> float:
    """Return the 99th percentile of the pauses between two requests to the good site."""
    return gaps(outcome)[int(len(gaps(outcome)) * 0.99)]


def test_the_good_site_is_hardly_delayed(everything, tmp_path: Path) -> None:
    alone = crawl(tmp_path, ["127.0.2.1"])
    alone.db.close()
    limit = slow_gap(alone) + 1.0
    if slow_gap(everything) > limit:  # a busy machine; a fault of ours shows again
        (tmp_path / "again").mkdir()
        everything = crawl(tmp_path / "again", None)
        everything.db.close()
    assert slow_gap(everything) <= limit


def reading_delays(outcome: Outcome) -> list[float]:
    """Return the seconds from the request for each page of the good site to its place in the archive."""
    rows = outcome.db.execute(
        "select url, unixepoch(settled_at) from pages where url like 'http://127.0.2.1:%/a/%'"
    )
    settled = {f"/a/{url.rpartition('/')[2]}": at for url, at in rows}
    asked = [(t, path) for t, host, path in outcome.requests if host == "127.0.2.1"]
    return sorted(settled[path] - int(t) for t, path in asked if path in settled)


def test_the_good_sites_pages_do_not_wait_behind_poison_pages(everything) -> None:
    delays = reading_delays(everything)
    assert len(delays) == 120
    # Two seconds where the machine is not busy; it was eleven when poison had the same workers.
    assert delays[int(len(delays) * 0.99)] <= 6


@pytest.mark.parametrize("host", [11, 12, 21, 23, 24])
def test_nothing_is_fetched_where_robots_txt_cannot_be_read(everything, host: int) -> None:
    asked = {path for _, h, path in everything.requests if h == f"127.0.2.{host}"}
    assert asked == {"/robots.txt"}


@pytest.mark.parametrize("host", [13, 14, 15, 16, 17, 19, 20, 22, 25])
def test_a_strange_robots_txt_allows_what_it_does_not_forbid(everything, host: int) -> None:
    outcomes = ends(everything, f"http://127.0.2.{host}:%")
    forbidden = [url for url, end in outcomes.items() if end == "robots"]
    stored = [url for url, end in outcomes.items() if end == "stored"]
    assert len(stored) == (3 if host == 13 else 4)
    assert [url[-6:] for url in forbidden] == (["/non/3"] if host == 13 else [])


def test_a_crawl_delay_is_kept(everything) -> None:
    times = [t for t, host, _ in everything.requests if host == "127.0.2.18"]
    assert len(times) == 6
    assert min(b - a for a, b in pairwise(times[1:])) >= 1.9


@pytest.mark.parametrize("host", [31, 32, 33, 34, 35])
def test_a_host_that_asks_for_a_pause_gets_it_and_its_pages_wait(everything, host: int) -> None:
    asked = [path for _, h, path in everything.requests if h == f"127.0.2.{host}"]
    assert len([path for path in asked if path not in {"/robots.txt", "/feed/"}]) == 2
    outcomes = ends(everything, f"http://127.0.2.{host}:%")
    assert sorted(outcomes.values()) == ["rate_limited"] * 3 + ["stored"]
    (wait,) = everything.db.execute(
        "select unixepoch(not_before) - unixepoch(noted_at) from hosts where host = ?",
        [f"127.0.2.{host}"],
    ).fetchone()
    limit = everything.facts["limits"][f"127.0.2.{host}"]
    assert limit - 60 <= wait <= limit


@pytest.mark.parametrize("host", [41, 42, 43, 44])
def test_a_hostile_feed_costs_its_source_alone(everything, host: int) -> None:
    (problem,) = everything.db.execute(
        "select problem from feeds where source = ? and url like '%/feed/'", [f"s{host}"]
    ).fetchone()
    assert problem in {"malformed", "empty", "extract_timeout", "timeout", "too_big"}
    texts = everything.db.execute("select count(*) from articles where text like '%root:x%'")
    assert texts.fetchone() == (0,)
