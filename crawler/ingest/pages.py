"""Pages: saved pages go through the same stages as fetched ones."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime

from crawler.catalogue import Catalogue
from crawler.ingest.origin import page_of, source_at, sources_by_domain
from crawler.ingest.saved import SavedPage
from pipelines.reader import Reader
from storage.archive import Archive
from storage.records import Link, Outcome, Page, Refusal
from storage.runs import Poll
from storage.times import now


class Ingest:
    """One ingestion into an archive, with its counts by outcome and by reason."""

    def __init__(
        self, archive: Archive, catalogue: Catalogue, reader: Reader, at_once: int
    ) -> None:
        self._archive = archive
        self._by_domain = sources_by_domain(catalogue)
        self._reader = reader
        self._at_once = at_once
        self._known: set[str] = set()
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    @property
    def counts(self) -> Counter[str]:
        """Pages by outcome, and by reason under `reason/`."""
        return sum(self._counts.values(), Counter())

    def record(self, run: int, started_at: datetime) -> None:
        """Write what each source gave to the run."""
        for source, counts in self._counts.items():
            self._archive.runs.record(run, _poll(source, counts, started_at))

    async def run(self, pages: Iterable[SavedPage], on_done: Callable[[int], object]) -> None:
        """Read and store every page that the archive has not settled yet."""
        waiting: set[asyncio.Task[None]] = set()
        async for page in self._unsettled(pages, on_done):
            waiting.add(asyncio.create_task(self._ingest(page, on_done)))
            if len(waiting) >= self._at_once:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        await asyncio.gather(*waiting)

    async def _unsettled(
        self, pages: Iterable[SavedPage], on_done: Callable[[int], object]
    ) -> AsyncIterator[Page]:
        for saved in pages:
            page = self._page(saved)
            link = Link(url=saved.url, discovered_by="ingest")
            self._archive.queue.add(page.source, [link], now())
            if self._archive.queue.is_settled(saved.url):
                self._counts[page.source]["known"] += 1
                on_done(1)
            else:
                yield page

    def _page(self, saved: SavedPage) -> Page:
        source = source_at(saved.url, self._by_domain)
        if source.slug not in self._known:
            self._archive.know_sources([source.facts])
            self._known.add(source.slug)
        return page_of(saved, source)

    async def _ingest(self, page: Page, on_done: Callable[[int], object]) -> None:
        result = await self._reader.read(page)
        if isinstance(result, Refusal):
            self._archive.queue.refuse(result, now())
            self._counts[page.source].update(["refused", f"reason/{result.reason}"])
        else:
            outcome = self._archive.articles.store(result, now())
            flagged = ["flagged"] if result.flag.flagged and outcome is Outcome.STORED else []
            self._counts[page.source].update([outcome.value, *flagged])
        on_done(1)


def _poll(source: str, counts: Counter[str], started_at: datetime) -> Poll:
    prefix = "reason/"
    return Poll(
        source=source,
        started_at=started_at,
        seconds=(now() - started_at).total_seconds(),
        stored=counts["stored"],
        duplicate=counts["duplicate"],
        refused=counts["refused"],
        flagged=counts["flagged"],
        errors={k.removeprefix(prefix): n for k, n in counts.items() if k.startswith(prefix)},
    )
