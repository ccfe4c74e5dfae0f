"""Sweep: how fast a web archive is read when only the pages that a rule could flag are extracted.

Builds a WARC.gz of cluttered pages as large as real ones, of which 3 % mention anything Russian,
then reads it twice in one run: with the prefilter, and every page (`--all`). Both have to flag the
same articles. The time is taken from the first stretch to the last: workers that start, a second or
two whatever the size of the file, are left out.

    python -m benchmarks.sweep [PAGES]
"""

from __future__ import annotations

import gzip
import itertools
import re
import sys
import tempfile
import time
from pathlib import Path

import attrs

from benchmarks.crawl.pages import Site, median_size
from benchmarks.crawl.press import Press, Story
from crawler.catalogue import Catalogue
from crawler.ingest.ingestion import Ingested, Ingestion, Wishes
from crawler.ingest.saved import saved_files
from crawler.ingest.stretch import Selection
from pipelines.matching.finder import Finder
from pipelines.matching.query import parse_query
from pipelines.matching.ruleset import RuleSet, load_rules
from pipelines.workers import Workers
from storage.archive import Archive

PAGES = 3_000
SITES = 10
EVERY = 33
"""One story in so many speaks of Russia and Africa: 3 %."""
ANYTHING_RUSSIAN = (
    "@ru OR @wagner_bare OR @african_actors OR @companies OR @organisations OR @vaccine"
    ' OR Sputnik OR Spoutnik OR TASS OR "RIA Novosti" OR "Russia Today"'
)


class PlainPress(Press):
    """Writes about nothing Russian, in the text or around it, but in one story of `EVERY`."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        self._finder = Finder(parse_query(ANYTHING_RUSSIAN), rules, as_written=True)
        plain = filter(self._is_plain, self._titles)
        self._titles = list(itertools.islice(itertools.cycle(plain), len(self._titles)))

    def story(self, number: int) -> Story:
        """Return the story of that number."""
        story = super().story(number)
        paragraphs = [self._plain(paragraph) for paragraph in story.paragraphs]
        if number % EVERY == 0:
            paragraphs[1:1] = [" ".join(self._russian[number % 97 :][:3])]
        # Each has a title of its own: two pages of one title have one canonical address.
        titles = (self._writer.title(number + n) for n in itertools.count(0, 1_000_000))
        title = next(filter(self._is_plain, titles))
        return attrs.evolve(story, title=title, paragraphs=tuple(filter(None, paragraphs)))

    def _plain(self, paragraph: str) -> str:
        return " ".join(s for s in re.split(r"(?<=[.!?])\s+", paragraph) if self._is_plain(s))

    def _is_plain(self, text: str) -> bool:
        return not self._finder.find("", "", text)


def build(path: Path, count: int, rules: RuleSet) -> list[int]:
    """Write a WARC of so many pages, each compressed by itself, and return the sizes of the pages."""
    press, sizes = PlainPress(rules), []
    sites = [Site(n, f"https://journal-{n}.example/", press) for n in range(SITES)]
    with path.open("wb") as file:
        for number in range(count):
            site, story = sites[number % SITES], press.story(number)
            body = site.page(story).encode()
            sizes.append(len(body))
            address = f"{site.home}{number}/{site.path(story)}"
            file.write(gzip.compress(_record(address, body), compresslevel=6))
    return sizes


def _record(address: str, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
        f"WARC-Date: 2026-11-20T08:00:00Z\r\nWARC-Target-URI: {address}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


class Pace:
    """Notes how much has been read, and when."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, int]] = []

    def __call__(self, size: int) -> None:
        """Note that so many bytes more are done with."""
        if size:
            self._marks.append((time.perf_counter(), size))

    def pages_per_second(self, pages: int) -> float:
        """Return the pace between the first mark and the last, where bytes stand for pages."""
        first, last = self._marks[0], self._marks[-1]
        read = sum(size for _, size in self._marks)
        return pages * (read - first[1]) / read / (last[0] - first[0])


def sweep(
    file: Path, folder: Path, rules: RuleSet, *, everything: bool
) -> tuple[Ingested, Pace, set[object]]:
    """Read the file into a new archive; return the counts, the pace and the flagged addresses."""
    archive, pace, workers = Archive.open(folder / f"{everything}.db"), Pace(), Workers(rules)
    wishes = Wishes(
        selection=Selection(everything=everything, domains=None),
        addresses={},
        again=False,
        keep_raw="flagged",
    )
    try:
        ingestion = Ingestion(archive, Catalogue([]), rules, workers)
        done = ingestion.run(saved_files([file]), wishes, pace)
    finally:
        workers.stop()
    flagged = archive.db.execute("select url from flagged_articles").fetchall()
    return done, pace, set(flagged)


def run(count: int) -> None:
    """Build, sweep twice, and print the table."""
    rules = load_rules()
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "pages.warc.gz"
        sizes = build(file, count, rules)
        print(
            f"{count:,} pages of {median_size(sizes):.0f} KB at the median,"
            f" {file.stat().st_size / 1e6:.0f} MB compressed\n"
        )
        filtered, quick, flagged = sweep(file, Path(name), rules, everything=False)
        complete, slow, expected = sweep(file, Path(name), rules, everything=True)
        fast, full = quick.pages_per_second(count), slow.pages_per_second(count)
        print("| sweep | pages/s | ratio | extracted | flagged |\n|---|---|---|---|---|")
        for label, pace, done, found in (
            ("with the prefilter", fast, filtered, flagged),
            ("`--all`", full, complete, expected),
        ):
            read = count - done.counts["passed_over"]
            print(f"| {label} | {pace:.0f} | {pace / full:.1f} | {read} | {len(found)} |")
        print(f"\nThe flagged sets are {'identical' if flagged == expected else 'NOT the same'}.")


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
