"""Ingestion: one run over saved pages and web archives, into one archive."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import attrs

from crawler.catalogue import Catalogue
from crawler.ingest.archives import Archives, digest_of
from crawler.ingest.pages import Ingest
from crawler.ingest.saved import SavedFiles, saved_pages
from crawler.ingest.stretch import PASSED_OVER, Selection
from crawler.ingest.sweep import Sweep
from pipelines.matching.ruleset import RuleSet
from pipelines.reader import Reader
from pipelines.workers import Workers
from storage.archive import Archive
from storage.times import now

PAGES_PER_WORKER = 4
"""Pages under way for each worker, so that none waits for the disk."""
NEEDS_A_PERSON = 1


@attrs.frozen(kw_only=True)
class Wishes:
    """What a person asked for."""

    selection: Selection
    addresses: dict[str, str]
    """The addresses of HTML files, by file name."""
    again: bool
    """Whether web archives are read that were read before."""
    keep_raw: str


@attrs.frozen(kw_only=True)
class Ingested:
    """What an ingestion gave."""

    counts: Counter[str]
    """Pages and records by outcome, and by reason under `reason/`."""
    problems: tuple[str, ...]
    """What was broken, and where."""

    @property
    def exit_code(self) -> int:
        """1 when something was broken, 0 when all could be read."""
        return NEEDS_A_PERSON if self.problems else 0


@attrs.frozen
class Ingestion:
    """Reads saved pages and web archives into an archive, with workers of its rule set."""

    archive: Archive
    sources: Catalogue
    rules: RuleSet
    workers: Workers

    def run(self, files: SavedFiles, wishes: Wishes, on_read: Callable[[int], object]) -> Ingested:
        """Read the files as one run; `on_read` is told of bytes as they are done with.

        Raises SavedPagesError for an HTML file that cannot be read.
        """
        runs, rules, started_at = self.archive.runs, self.rules, now()
        run = runs.begin("ingest", rules.digest, rules.text, started_at)
        ingest = self._ingest(wishes)
        archives = self._archives(ingest, wishes)
        try:
            asyncio.run(_read(files, ingest, archives, wishes, on_read))
        finally:
            ingest.record(run, started_at)
        ingested = Ingested(
            counts=ingest.counts + archives.counts, problems=tuple(archives.problems)
        )
        self.archive.sweeps.passed_over(run, ingested.counts[PASSED_OVER])
        runs.end(run, ingested.exit_code, "finished", now())
        self.archive.checkpoint()
        return ingested

    def _ingest(self, wishes: Wishes) -> Ingest:
        reader = Reader(self.workers, wishes.keep_raw)
        at_once = self.workers.size * PAGES_PER_WORKER
        return Ingest(self.archive, self.sources, reader, at_once)

    def _archives(self, ingest: Ingest, wishes: Wishes) -> Archives:
        return Archives(
            archive=self.archive,
            sweep=Sweep(self.workers, wishes.selection),
            ingest=ingest,
            selection=digest_of(wishes.selection, self.rules.digest),
            again=wishes.again,
        )


async def _read(
    files: SavedFiles,
    ingest: Ingest,
    archives: Archives,
    wishes: Wishes,
    on_read: Callable[[int], object],
) -> None:
    mean = files.size_of_pages // max(1, len(files.pages))
    pages = saved_pages(files.pages, wishes.addresses)
    await ingest.run(pages, lambda done: on_read(done * mean))
    await archives.run(files.archives, on_read)
