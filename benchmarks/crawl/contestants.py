"""Contestants: the same pages crawled by Vigie, by minet and by Scrapy with trafilatura inline.

Each asks a host for one page at a time, without a delay between two; minet is given the addresses,
the others find them in the feeds.
"""

from __future__ import annotations

import csv
import re
import shutil
import sqlite3
import sys
from pathlib import Path

import attrs

from benchmarks.crawl.measure import Cost, run
from benchmarks.environments import python_of

CONFIGURATION = """
[fetch]
allow_private_addresses = true
delay = {delay}
[archive]
keep_raw = "flagged"
"""
_SPIDER = Path(__file__).with_name("inline_spider.py")


@attrs.frozen
class Result:
    """How a contestant did."""

    name: str
    pages: int
    """Pages whose article it has."""
    cost: Cost

    @property
    def rate(self) -> float:
        """Pages per second."""
        return self.pages / self.cost.seconds

    @property
    def per_cpu(self) -> float:
        """Pages per second of CPU, which says more on a machine with other work."""
        return self.pages / self.cost.cpu


def command_of(material: Path, folder: Path, *, delay: float) -> list[str | Path]:
    """Return the command that crawls the imitation sites, and configure it in a folder."""
    (folder / "vigie.toml").write_text(CONFIGURATION.format(delay=delay), encoding="utf-8")
    return [
        sys.executable, "-m", "crawler", "-q", "crawl", "--sources", material / "sources.toml",
    ]  # fmt: skip


def vigie(material: Path, folder: Path) -> Result:
    """Crawl by `vigie crawl`: robots, feeds, pages, extraction, language, flag, copies, archive."""
    command = command_of(material, folder, delay=0)
    cost = run([*command, "--profile", folder / "profile.json"], folder)
    return Result("Vigie", _articles(folder / "vigie.db"), cost)


def minet(material: Path, folder: Path, threads: int) -> Result:
    """Fetch by `minet fetch`, then extract by `minet extract -p 2`."""
    command = python_of("minet").with_name("minet")
    fetch = run(
        [
            command, "fetch", "url", "-i", material / "urls.csv", "-O", "pages", "-o", "fetched.csv",
            "--throttle", "0", "--domain-parallelism", "1", "-t", str(threads), "--silent",
        ],
        folder,
    )  # fmt: skip
    extract = run(
        [
            command, "extract", "-i", "fetched.csv", "-I", "pages", "-p", "2", "-o", "articles.csv",
            "--silent",
        ],
        folder,
    )  # fmt: skip
    csv.field_size_limit(10_000_000)
    with (folder / "articles.csv").open(encoding="utf-8", newline="") as file:
        pages = sum(1 for row in csv.DictReader(file) if row["content"])
    shutil.rmtree(folder / "pages")
    return Result("minet fetch, minet extract -p 2", pages, fetch + extract)


def scrapy_inline(material: Path, folder: Path) -> Result:
    """Crawl by a Scrapy spider that calls trafilatura in its callback."""
    shutil.copy(_SPIDER, folder / "inline_spider.py")
    homes = re.findall(r'^url = "(.+)"$', (material / "sources.toml").read_text(), re.MULTILINE)
    (folder / "homes.txt").write_text("\n".join(homes), encoding="utf-8")
    cost = run(
        [
            python_of("scrapy"), "-m", "scrapy", "runspider", "inline_spider.py",
            "-O", "articles.jsonl", "-a", "homes=homes.txt", "-s", "LOG_LEVEL=ERROR",
        ],
        folder,
    )  # fmt: skip
    pages = len((folder / "articles.jsonl").read_text(encoding="utf-8").splitlines())
    return Result("Scrapy, trafilatura in the callback", pages, cost)


def _articles(path: Path) -> int:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        found: int = connection.execute("select count(*) from articles").fetchone()[0]
    finally:
        connection.close()
    return found
