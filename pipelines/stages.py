"""Stages: the item pipelines of Scrapy, which tie reading and storing to a crawl.

A spider yields pages and refusals; every one of them ends in the archive.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Self

from pipelines.profile import Profile, shared_profile
from pipelines.reader import Reader
from pipelines.workers import shared_workers
from storage.archive import Archive, shared_archive
from storage.records import Page, Reading, Refusal
from storage.times import now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

logger = logging.getLogger(__name__)


class ReadPipeline:
    """Replace each page with what a worker reads on it: article, language, flag, fingerprint."""

    def __init__(self, reader: Reader, profile: Profile) -> None:
        self._reader = reader
        self._profile = profile

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the stage from the crawl's settings."""
        settings = crawler.settings
        workers = shared_workers(settings["VIGIE_RULES"])
        return cls(Reader(workers, settings["VIGIE_KEEP_RAW"]), shared_profile())

    async def process_item(self, item: Page | Refusal) -> Reading | Refusal:
        """Read a page; a refusal passes by."""
        if isinstance(item, Refusal):
            return item
        started = time.perf_counter()
        result = await self._reader.read(item)
        self._profile.page(result.seconds, time.perf_counter() - started)
        return result


class StorePipeline:
    """Settle each page in the archive: stored, duplicate or refused, and counted."""

    def __init__(self, archive: Archive, stats: StatsCollector, profile: Profile) -> None:
        self._archive = archive
        self._stats = stats
        self._profile = profile

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the stage from the crawl's settings."""
        assert crawler.stats is not None  # noqa: S101 - Scrapy sets it before the pipelines
        archive = shared_archive(crawler.settings["VIGIE_DB"])
        return cls(archive, crawler.stats, shared_profile())

    def process_item(self, item: Reading | Refusal) -> Reading | Refusal:
        """Write the item's end to the archive."""
        started = time.perf_counter()
        if isinstance(item, Refusal):
            self._refuse(item)
        else:
            self._store(item)
        self._profile.add("store", time.perf_counter() - started)
        return item

    def _refuse(self, refusal: Refusal) -> None:
        self._archive.queue.refuse(refusal, now())
        self._count("refused")
        self._count(f"reason/{refusal.reason}")
        logger.info("%s refused %s %s", refusal.source, refusal.reason, refusal.queued_url)

    def _store(self, reading: Reading) -> None:
        outcome = self._archive.articles.store(reading, now())
        self._count(outcome.value)
        if outcome == "stored":
            self._stats.inc_value("vigie/characters", len(reading.article.text))
        if outcome == "stored" and reading.flag.flagged:
            self._count("flagged")
        logger.info("%s %s %s", reading.article.source, outcome.value, reading.article.url)

    def _count(self, key: str) -> None:
        self._stats.inc_value(f"vigie/{key}")
