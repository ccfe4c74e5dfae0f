"""The benchmarks at their smallest: what they measure is there, and what they print is a table."""

from __future__ import annotations

import json
import re
import statistics
import sys
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("benchmarks.crawl.pages", reason="benchmarks are in no wheel")

from benchmarks import growth
from benchmarks.crawl import contestants
from benchmarks.crawl.measure import CommandError, Cost, run
from benchmarks.crawl.pages import build
from benchmarks.crawl.serving import served
from benchmarks.extraction.__main__ import Text, row
from benchmarks.extraction.gold import Labelled, overlap

HOMES = [f"http://127.1.0.{number + 1}:8000/" for number in range(6)]
PORT = 8972


def test_pages_are_as_large_and_as_cluttered_as_real_ones() -> None:
    pages = [site.page(story) for site, stories in build(24, HOMES) for story in stories]

    assert 120_000 < statistics.median(map(len, pages)) < 230_000
    assert 130 < statistics.median(page.count("<a ") for page in pages) < 350
    assert all("<nav" in page and "comment-list" in page for page in pages)


def test_the_same_pages_are_made_each_time() -> None:
    def moved(text: str) -> str:
        return re.sub(r"\d{2,4}[-/:T]\d\d\S*", "", text)  # ages are counted from the start

    one, other = (
        [moved(site.page(story)) for site, stories in build(4, HOMES[:2]) for story in stories]
        for _ in range(2)
    )

    assert one == other


def test_a_command_is_measured_with_the_processes_it_starts(tmp_path: Path) -> None:
    child = "x = bytearray(60_000_000); sum(range(4_000_000)); import time; time.sleep(.2)"
    cost = run(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"],
        tmp_path,
    )  # fmt: skip

    assert cost.cpu > 0.05
    assert cost.memory > 60
    with pytest.raises(CommandError, match="exited 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)


def test_vigie_crawls_the_served_sites_and_says_where_the_time_went(tmp_path: Path) -> None:
    material, work = tmp_path / "material", tmp_path / "work"
    material.mkdir()
    work.mkdir()

    with served(4, 2, material, PORT):
        request = urllib.request.Request(f"http://127.1.0.1:{PORT}/feed/")
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own server
            assert answer.read().count(b"<item>") == 2
        result = contestants.vigie(material, work)

    assert result.pages == 4
    assert result.rate > 0
    profile = json.loads((work / "profile.json").read_text(encoding="utf-8"))
    assert profile["pages"] == 4
    assert profile["stages"]["extract"] > 0


def test_one_more_article_is_queued_and_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "NEW", 3)
    archive = growth.build(tmp_path / "vigie.db", 2)

    assert growth.one_more(archive, 3) > 0

    stored = archive.db.execute("select count(*) from pages where outcome = 'stored'").fetchone()
    assert stored == (5,)


def test_extraction_is_scored_by_strings_and_by_words() -> None:
    pages = [
        Labelled(url="https://a.example", body=b"", wanted=("un", "deux"), unwanted=("menu",)),
        Labelled(url="https://b.example", body=b"", text="le pain de seigle"),
    ]

    line = row("x", pages, [Text("un menu", 3.0), Text("le pain de blé", 1.0)], 4.0)

    assert line == "| x | 1 of 2 | 0 of 1 | 0.750 | 2.0 | 0.50 |"
    assert overlap("", "le pain") == 0.0


def test_costs_add_up_but_for_the_memory() -> None:
    one = Cost(seconds=1, cpu=2, memory=30, output="a")
    other = Cost(seconds=2, cpu=3, memory=20, output="b")

    assert one + other == Cost(seconds=3, cpu=5, memory=30, output="ab")
