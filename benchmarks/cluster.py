"""Cluster: what a core does in a second of each step, and the same partitions by both executors.

Builds WARC files of cluttered pages as large as real ones, of which 3 % mention anything Russian.
The pace is told for a second of processor time, in one process, so that other work on the machine
does not matter; the whole commands are timed by the clock.

    python -m benchmarks.cluster [PAGES]
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.crawl.pages import median_size
from benchmarks.sweep import build
from crawler.catalogue import Catalogue
from crawler.ingest.stretch import Selection
from crawler.ingest.swept import SweptFiles, facts_of
from crawler.ingest.warcs import next_record, warcs_in
from pipelines.cluster.merge import MergeRows
from pipelines.cluster.partitions import read_partition, write_partition
from pipelines.cluster.rows import Row, row_of
from pipelines.cluster.steps import Flag, Sweep
from pipelines.matching.ruleset import RuleSet, load_rules
from pipelines.read import read_page
from storage.archive import Archive
from storage.records import Page, Reading
from storage.times import now

PAGES, FILES = 1_000, 4


def split(whole: Path, folder: Path, parts: int) -> None:
    """Cut a WARC into files of whole records."""
    folder.mkdir()
    (warc,) = warcs_in(whole, folder)
    content = whole.read_bytes()
    places = [next_record(warc, warc.size * n // parts, warc.size) for n in range(parts)]
    starts = [place for place in places if place is not None]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], warc.size], strict=True)):
        (folder / f"{number}.warc.gz").write_bytes(content[start:end])


class Paces:
    """Tells how much is done in a second of processor time."""

    def __init__(self) -> None:
        print("| step | a second | of |\n|---|---|---|")

    def tell(self, label: str, count: int, what: str, started: float) -> None:
        """Print the pace since an instant of `time.process_time`."""
        print(f"| {label} | {count / (time.process_time() - started):.0f} | {what} |", flush=True)


def rows_of(pages: Iterable[Page]) -> Iterator[Row]:
    """Yield what is read on pages, with the pages themselves."""
    for page in pages:
        reading = read_page(page, "all")
        if isinstance(reading, Reading):
            yield row_of(reading, page)


def sweep_pages(file: Path, rules: RuleSet, *, everything: bool) -> Iterator[Page]:
    """Yield the pages of a file that are worth extracting, or all."""
    selection = Selection(everything=everything, domains=None)
    return Sweep([file], SweptFiles(Catalogue([]), selection), rules).run(None)


def step_by_step(file: Path, count: int, folder: Path, rules: RuleSet) -> None:
    """Do each step in this process and print its pace."""
    list(rows_of(list(sweep_pages(file, rules, everything=True))[:20]))  # what is made once
    paces, partition = Paces(), folder / "all.parquet"
    started = time.process_time()
    kept = [row for row in rows_of(sweep_pages(file, rules, everything=False)) if row["flagged"]]
    write_partition(kept, folder / "flagged.parquet")
    paces.tell("sweep", count, "pages", started)
    started = time.process_time()
    write_partition(rows_of(sweep_pages(file, rules, everything=True)), partition)
    paces.tell("sweep --all", count, "pages", started)
    started = time.process_time()
    rows = list(Flag(rules).run(read_partition(partition)))
    paces.tell("flag", len(rows), "rows", started)
    archive = Archive.open(folder / "central.db")
    archive.runs.begin("benchmark", rules.digest, rules.text, now())
    merging = MergeRows(archive, rules.digest, lambda row: facts_of(row, Catalogue([])))
    started = time.process_time()
    merging.merge(row | {"flagged": True} for row in rows)
    paces.tell("merge", len(rows), "rows", started)
    size = (folder / "flagged.parquet").stat().st_size / max(1, len(kept))
    print(f"\n{file.stat().st_size / count:,.0f} bytes of a page in a WARC.gz,", end=" ")
    print(f"{size:,.0f} of a flagged row in a partition; {len(kept)} flagged.\n")


def by_both(folder: Path) -> None:
    """Sweep with both executors, and print how long it took and whether the partitions are the same."""
    digests = set()
    print("| executor | seconds |\n|---|---|")
    for executor in ("local", "ray"):
        started = time.perf_counter()
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "crawler", "cluster", "sweep", "warcs", "--out", executor,
             "--executor", executor, "--workers", "2"],
            cwd=folder,
            env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONWARNINGS": "ignore"},
            check=True,
            capture_output=True,
        )  # fmt: skip
        print(f"| {executor} | {time.perf_counter() - started:.1f} |", flush=True)
        partitions = sorted((folder / executor).glob("*.parquet"))
        content = b"".join(partition.read_bytes() for partition in partitions)
        digests.add(hashlib.sha256(content).hexdigest())
    print(f"\nThe partitions are {'identical' if len(digests) == 1 else 'NOT the same'}.")


def run(count: int) -> None:
    """Build, do each step, and print the tables."""
    with tempfile.TemporaryDirectory() as name:
        folder, rules = Path(name), load_rules()
        sizes = build(folder / "all.warc.gz", count, rules)
        print(f"{count:,} pages of {median_size(sizes):.0f} KB at the median\n")
        step_by_step(folder / "all.warc.gz", count, folder, rules)
        split(folder / "all.warc.gz", folder / "warcs", FILES)
        by_both(folder)


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
