"""Source: the spiders that discover and fetch the articles of one source."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider

from crawler.outcomes import class_of_error, class_of_response
from crawler.poller import Poller
from crawler.revisit import Revisitor
from crawler.source import Source
from crawler.ways import likely_feeds, likely_posts, likely_sitemaps, sibling_addresses
from pipelines.profile import shared_profile
from pipelines.workers import shared_workers
from storage.archive import Archive, shared_archive
from storage.records import FeedState, Page, QueuedPage, Refusal
from storage.times import now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

TRY_OWN_EVERY = 10
SIBLINGS_OF = 3
"""How many of the catalogue's addresses are tried under the site's other name."""


class SourceSpider(Spider):
    """Discover what a source published, then fetch what is queued and not settled."""

    source: ClassVar[Source]
    kind: ClassVar[str]
    """What the catalogue's addresses are: feed, sitemap or section."""
    is_poll: ClassVar[bool] = True
    """Whether what it gives tells how the source is: a walk through the past does not."""

    archive: Archive
    poller: Poller
    revisitor: Revisitor | None
    """None where articles are not to be looked at again."""
    max_pages: int

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Slow down where the source asks for it, never speed up; and trust where it must be."""
        super().update_settings(settings)
        if cls.source.delay is not None:
            delay = max(cls.source.delay, settings.getfloat("DOWNLOAD_DELAY"))
            settings.set("DOWNLOAD_DELAY", delay, priority="spider")
        if not cls.source.verify_tls:
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", value=False, priority="spider")

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
        recheck = crawler.settings.getbool("VIGIE_RECHECK")
        spider.revisitor = (
            Revisitor(cls.source, spider.archive, workers, crawler) if recheck else None
        )
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Discover, then ask for each page whose turn has come, the newest first."""
        found = await self.find_articles()
        if not found:
            self.poller.count("reason/source_failed")
            self.poller.count("host_waits", int(self.poller.host_waits()))
            logger.warning("%s no way to its articles works", self.name)
        self.plan(failed=not found)
        for page in self.archive.queue.due(self.name, now(), self.max_pages):
            yield self.page_request(page)
        if self.revisitor is not None:
            await self.revisitor.look()

    async def find_articles(self) -> bool:
        """Look for new articles; return whether any way worked."""
        healed = self._healed_way()
        if healed is not None and await self.poller.poll(healed.kind, healed.url):
            return True
        return await self.discover() or await self.rediscover()

    def plan(self, *, failed: bool) -> None:
        """Decide when this source is asked again."""
        host = urlsplit(self.source.url).hostname or ""
        at = now()
        not_before = self.archive.hosts.not_before(host, at)
        self.archive.schedules.plan(self.name, at, failed=failed, not_before=not_before)

    def _healed_way(self) -> FeedState | None:
        """Return the way that was found where none of the catalogue's works.

        Each tenth time the catalogue's own are tried first: they may have come back.
        """
        working = self.archive.feeds.that_work(self.name)
        if not working or any(way.url in self.own_ways() for way in working):
            return None
        found = working[0]
        return None if found.polls % TRY_OWN_EVERY == TRY_OWN_EVERY - 1 else found

    def own_ways(self) -> tuple[str, ...]:
        """Return the addresses at which the catalogue says that articles are announced."""
        return (*self.source.feeds, *self.source.sitemaps, *self.source.sections)

    async def discover(self) -> bool:
        """Look for new articles where the catalogue says; return whether that worked."""
        raise NotImplementedError

    async def rediscover(self) -> bool:
        """Look for another way, unless that was in vain not long ago or the host itself is away.

        A frozen feed is better than nothing: where nothing is newer, the source counts as asked.
        """
        schedules = self.archive.schedules
        if self.poller.host_is_away():
            return not self.poller.host_waits() and await self.try_siblings()
        if not schedules.may_rediscover(self.name, now()):
            return self.poller.saw_frozen
        worked = await self.try_siblings() or await self.look_everywhere()
        schedules.note_rediscovery(self.name, now(), worked=worked)
        if worked:
            logger.warning("%s another way to its articles was found", self.name)
        return worked or self.poller.saw_frozen

    async def try_siblings(self) -> bool:
        """Ask for the catalogue's addresses with or without `www.`, and by the other scheme."""
        for url in self.own_ways()[:SIBLINGS_OF]:
            problem = self.archive.feeds.state(self.name, url, self.kind).problem
            if await self.poller.first(self.kind, sibling_addresses(url, problem)):
                return True
        return False

    async def look_everywhere(self) -> bool:
        """Try what worked before, feeds, WordPress' list of posts, sitemaps, section pages."""
        for way in self.archive.feeds.that_work(self.name):
            if await self.poller.poll(way.kind, way.url):
                return True
        home = await self.poller.peek("section", self.source.url)
        declared = home.feeds if home is not None else ()
        if await self.poller.first("feed", (*declared, *likely_feeds(self.source))):
            return True
        if await self.poller.first("posts", likely_posts(self.source)):
            return True
        robots, _ = await self.poller.robots()
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
        )

    def parse_page(self, response: Response, queued: QueuedPage) -> Iterator[Page | Refusal]:
        """Hand a page on to the stages, or say why there is none."""
        shared_profile().add("fetch", response.meta.get("download_latency", 0.0))
        reason = class_of_response(response)
        if reason is not None:
            yield self._refusal(queued.url, reason, status=response.status)
            return
        if not self.poller.is_own(response.url):
            yield self._refusal(queued.url, "other_site", detail=response.url[:200])
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

    kind = "feed"

    def own_ways(self) -> tuple[str, ...]:
        """Return the feeds of the catalogue."""
        return self.source.feeds

    async def discover(self) -> bool:
        """Poll the feeds in turn until one works, or all where the catalogue says so."""
        if self.source.read_feeds == "all":
            return await self.poller.all("feed", self.source.feeds)
        worked = {way.url: rank for rank, way in enumerate(self.archive.feeds.that_work(self.name))}
        feeds = sorted(self.source.feeds, key=lambda url: worked.get(url, len(worked)))
        return await self.poller.first("feed", feeds)


class SitemapSpider(SourceSpider):
    """A source with news sitemaps, all of which are read."""

    kind = "sitemap"

    def own_ways(self) -> tuple[str, ...]:
        """Return the sitemaps of the catalogue."""
        return self.source.sitemaps

    async def discover(self) -> bool:
        """Poll all the sitemaps."""
        return await self.poller.all("sitemap", self.source.sitemaps)


class ListingSpider(SourceSpider):
    """A source with neither feed nor sitemap: its section pages are read for links."""

    kind = "section"

    def own_ways(self) -> tuple[str, ...]:
        """Return the section pages of the catalogue, or the home page."""
        return self.source.section_pages

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
