"""Backfill: the spider that discovers and fetches what one source published in a window of the past."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, signals

from crawler.backfill.walk import Walk
from crawler.outcomes import HOST_PAUSES, HOST_TROUBLE
from crawler.source import Source
from crawler.spiders.source import SourceSpider
from pipelines.stages import ReadPipeline, StorePipeline
from pipelines.workers import shared_workers
from storage.records import Page, QueuedPage, Refusal
from storage.window import Window

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class BackfillSpider(SourceSpider):
    """Walks through a window, a batch of pages at a time."""

    window: ClassVar[Window]
    limit: ClassVar[int]
    is_poll: ClassVar[bool] = False

    walk: Walk
    batch: Batch
    stages: tuple[ReadPipeline, StorePipeline]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider, which listens for the end of each page."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        workers = shared_workers(crawler.settings["VIGIE_RULES"])
        spider.walk = Walk(cls.source, cls.window, spider.archive, workers, spider.poller)
        spider.batch = Batch()
        crawler.signals.connect(spider.batch.item_scraped, signals.item_scraped)
        crawler.signals.connect(spider.batch.item_lost, signals.item_error)
        crawler.signals.connect(spider.batch.item_lost, signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Fetch or read what the walk says, and let it go on when that is settled."""
        crawler = self.crawler
        self.stages = (ReadPipeline.from_crawler(crawler), StorePipeline.from_crawler(crawler))
        async for pages in self.walk.batches(self.limit):
            self.batch.begin(len(pages))
            for page in pages:
                if isinstance(page, QueuedPage):
                    yield self.page_request(page)
            await asyncio.gather(*(self._settle(page) for page in pages if isinstance(page, Page)))
            if not await self.batch.went_well():
                break
        if self.walk.problem is not None:
            self.poller.count("reason/source_failed")
            self.poller.count("host_waits", int(self.walk.problem in HOST_PAUSES))

    async def _settle(self, page: Page) -> None:
        """Send a page that was not asked for through the stages.

        Not as an item of `start`: Scrapy 2.19 waits for ever for those when it is told to stop.
        """
        read, store = self.stages
        try:
            item = store.process_item(await read.process_item(page))
        except Exception:
            logger.exception("%s could not be stored %s", self.name, page.url)
            self.poller.count("reason/store_error")
            self.batch.item_lost()
        else:
            self.batch.item_scraped(item)


class Batch:
    """Pages on their way through the stages."""

    def __init__(self) -> None:
        self._size = self._open = self._host_trouble = self._lost = 0
        self._settled = asyncio.Event()

    def begin(self, size: int) -> None:
        """Expect so many pages to end."""
        self._size = self._open = size
        self._host_trouble = self._lost = 0
        self._settled.clear()

    async def went_well(self) -> bool:
        """Wait until every page ended; return whether more can be asked for.

        Not where one could not be stored, nor where the host gave none of them.
        """
        await self._settled.wait()
        return not self._lost and self._host_trouble < self._size

    def item_scraped(self, item: object) -> None:
        """Count a page that ended, by Scrapy's signal."""
        if isinstance(item, Refusal) and item.reason in HOST_TROUBLE:
            self._host_trouble += 1
        self._end_one()

    def item_lost(self) -> None:
        """Count a page that stays queued because something broke."""
        self._lost += 1
        self._end_one()

    def _end_one(self) -> None:
        self._open -= 1
        if self._open <= 0:
            self._settled.set()


def backfill_spider(source: Source, window: Window, limit: int) -> type[BackfillSpider]:
    """Return a spider class made for one source and one window; `limit` is how many pages a run takes."""
    attributes = {"name": source.slug, "source": source, "window": window, "limit": limit}
    return type(f"{source.slug.title()}Backfill", (BackfillSpider,), attributes)
