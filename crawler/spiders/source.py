"""Source: the spiders that discover and fetch the articles of one source."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider

from crawler.outcomes import class_of_error, class_of_response
from crawler.poller import Poller
from crawler.source import Source
from crawler.ways import likely_feeds, likely_sitemaps
from pipelines.workers import shared_workers
from storage.archive import Archive, shared_archive
from storage.records import Page, QueuedPage, Refusal
from storage.times import now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)


class SourceSpider(Spider):
    """Discover what a source published, then fetch what is queued and not settled."""

    source: ClassVar[Source]

    archive: Archive
    poller: Poller
    max_pages: int

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Slow down where the source asks for it; never speed up."""
        super().update_settings(settings)
        if cls.source.delay is not None:
            delay = max(cls.source.delay, settings.getfloat("DOWNLOAD_DELAY"))
            settings.set("DOWNLOAD_DELAY", delay, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider with the archive and the workers of this process."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.archive = shared_archive(crawler.settings["VIGIE_DB"])
        spider.archive.know_sources([cls.source.facts])
        spider.max_pages = crawler.settings.getint("VIGIE_MAX_PAGES")
        since: timedelta = crawler.settings["VIGIE_SINCE"]
        workers = shared_workers(crawler.settings["VIGIE_RULES"])
        spider.poller = Poller(cls.source, spider.archive, workers, crawler, since)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Discover, then ask for each page whose turn has come, the newest first."""
        if not (await self.discover() or await self.rediscover()):
            self.poller.count("reason/source_failed")
            logger.warning("%s no way to its articles works", self.name)
        for page in self.archive.queue.due(self.name, now(), self.max_pages):
            yield self.page_request(page)

    async def discover(self) -> bool:
        """Look for new articles where the catalogue says; return whether that worked."""
        raise NotImplementedError

    async def rediscover(self) -> bool:
        """Look for another way: what worked before, feeds, sitemaps, section pages."""
        before = [way.url for way in self.archive.feeds.that_work(self.name) if way.kind == "feed"]
        if await self.poller.first("feed", before):
            return True
        home = await self.poller.peek("section", self.source.url)
        declared = home.feeds if home else ()
        if await self.poller.first("feed", (*declared, *likely_feeds(self.source))):
            return True
        robots = await self.poller.robots()
        if await self.poller.first("sitemap", likely_sitemaps(self.source, robots)):
            return True
        return await self.poller.all("section", self.source.section_pages)

    def page_request(self, page: QueuedPage) -> Request:
        """Ask for an article page; every answer comes back to this spider."""
        return Request(
            page.url,
            callback=self.parse_page,
            errback=self.refuse_page,
            cb_kwargs={"queued": page},
            dont_filter=True,  # the queue names each page once
            meta={"handle_httpstatus_all": True},
        )

    def parse_page(self, response: Response, queued: QueuedPage) -> Iterator[Page | Refusal]:
        """Hand a page on to the stages, or say why there is none."""
        reason = class_of_response(response)
        if reason is not None:
            yield self._refusal(queued.url, reason, status=response.status)
            return
        yield Page(
            source=self.name,
            url=response.url,
            queued_url=queued.url,
            body=response.body,
            fetched_at=now(),
            status=response.status,
            headers=_headers(response),
            title_hint=queued.title,
            published_hint=queued.published_hint,
            country=self.source.country,
            language=self.source.language,
            outlet=self.source.name,
        )

    def refuse_page(self, failure: Failure) -> Iterator[Refusal]:
        """Say why a page could not be fetched."""
        assert isinstance(failure.value, Exception)  # noqa: S101 - what an errback is called with
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        reason = class_of_error(failure.value, request.url)
        url = request.cb_kwargs["queued"].url
        yield self._refusal(url, reason, detail=str(failure.value)[:200])

    def _refusal(
        self, url: str, reason: str, *, status: int | None = None, detail: str | None = None
    ) -> Refusal:
        return Refusal(
            source=self.name, queued_url=url, reason=reason, detail=detail, status=status
        )


class FeedSpider(SourceSpider):
    """A source with feeds: the first that works is enough, the one that worked last goes first."""

    async def discover(self) -> bool:
        """Poll the feeds in turn until one works."""
        worked = {way.url: rank for rank, way in enumerate(self.archive.feeds.that_work(self.name))}
        feeds = sorted(self.source.feeds, key=lambda url: worked.get(url, len(worked)))
        return await self.poller.first("feed", feeds)


class SitemapSpider(SourceSpider):
    """A source with news sitemaps, all of which are read."""

    async def discover(self) -> bool:
        """Poll all the sitemaps."""
        return await self.poller.all("sitemap", self.source.sitemaps)


class ListingSpider(SourceSpider):
    """A source with neither feed nor sitemap: its section pages are read for links."""

    async def discover(self) -> bool:
        """Poll all the section pages."""
        return await self.poller.all("section", self.source.section_pages)


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    items: Iterable[tuple[bytes, list[bytes]]] = response.headers.items()
    return tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in items
        for value in values
    )
