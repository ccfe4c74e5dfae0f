"""Growth: what one more source and one more article cost, however many there are.

    python -m benchmarks.growth [--quick] [--million]

Sources: a crawl of loopback sites with nothing new. Articles: what `StorePipeline` does with one,
in archives of recombined sentences. Prints Markdown.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.nochange.__main__ import crawl_twice
from benchmarks.synthetic import build, reading, start, store_read, write
from storage.archive import Archive
from storage.connection import CACHE_KIB

SOURCES = (10, 100, 1_000)
ARTICLES = (10_000, 100_000)
NEW = 300
"""Articles that are stored and timed in each archive."""


def one_more(archive: Archive, first: int) -> float:
    """Return the mean milliseconds of queueing and storing one more article."""
    start()
    readings = [reading(one) for one in write(range(first, first + NEW))]
    times = []
    for one in readings:
        started = time.perf_counter()
        store_read(archive, one)
        times.append(time.perf_counter() - started)
    archive.checkpoint()
    return statistics.mean(times) * 1000


def articles(sizes: tuple[int, ...], folder: Path) -> None:
    """Print what an article costs in archives of several sizes; each grows out of the one before."""
    print("| stored articles | ms for one more | ratio | bytes an article |")
    print("|---|---|---|---|")
    first = 0.0
    for size in sizes:
        path = folder / f"{size}.db"
        build(path, size).close()
        archive = Archive.open(path)
        archive.db.execute(f"pragma cache_size = -{CACHE_KIB}")
        ms = one_more(archive, size + 1)
        archive.close()
        first = first or ms
        each = path.stat().st_size / (size + NEW)
        path.unlink()
        print(f"| {size:,} | {ms:.2f} | {ms / first:.2f} | {each:,.0f} |", flush=True)


def sources(numbers: tuple[int, ...], folder: Path) -> None:
    """Print what a source costs in crawls of several sizes, and what it adds to the one before."""
    print("| sources | seconds | CPU s | peak MB | ms CPU for each one more |")
    print("|---|---|---|---|---|")
    before: tuple[int, float] | None = None
    for number in numbers:
        place = folder / f"sources-{number}"
        place.mkdir()
        cost, _, _ = crawl_twice(number, place)
        more = (
            f"{(cost.cpu - before[1]) / (number - before[0]) * 1000:.1f}" if before else "the start"
        )
        before = (number, cost.cpu)
        print(
            f"| {number} | {cost.seconds:.1f} | {cost.cpu:.1f} | {cost.memory:.0f} | {more} |",
            flush=True,
        )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--million", action="store_true", help="an archive of a million, too")
    options = parser.parse_args()
    shrink = 10 if options.quick else 1
    sizes = (*ARTICLES, 1_000_000) if options.million else ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        sources(tuple(number // shrink for number in SOURCES), Path(folder))
        print()
        articles(tuple(size // shrink for size in sizes), Path(folder))


if __name__ == "__main__":
    main()
