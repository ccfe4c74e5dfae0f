"""Poller: asks a source's feeds, sitemaps and section pages what is new."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import attrs
from scrapy import Request

from crawler.manners import ROBOTS_BYTES
from crawler.outcomes import HOST_PAUSES, HOST_TROUBLE, class_of_error, class_of_response
from crawler.source import Source
from crawler.ways import WayReading, read_way
from pipelines.workers import WorkerError, Workers
from storage.archive import Archive
from storage.domains import registered_domain
from storage.records import FeedState, Link
from storage.times import now
from storage.urls import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

UNCONDITIONAL_EVERY = 10
"""Some feeds keep their ETag when they change: each tenth poll asks for the whole feed."""
LINKS_PER_POLL = 500
POLLS_PER_RUN = 30
"""A source whose sitemaps list sitemaps without end is left after this many requests."""
NOT_MODIFIED = 304


class Poller:
    """One source's polls in one run."""

    def __init__(
        self,
        source: Source,
        archive: Archive,
        workers: Workers,
        crawler: Crawler,
        since: timedelta,
    ) -> None:
        self._source = source
        self._archive = archive
        self._workers = workers
        self._crawler = crawler
        self._oldest = now() - since
        self._domains = {
            registered_domain(url)
            for url in (source.url, *source.feeds, *source.sitemaps, *source.sections)
        }
        self._asked: set[str] = set()
        self._problems: list[tuple[str, str]] = []
        self.saw_frozen = False
        """Whether a feed answered whose newest entry is too old to be believed."""

    def is_own(self, url: str) -> bool:
        """Whether an address is of the source's own site, by registered domain."""
        return registered_domain(url) in self._domains

    def host_is_away(self) -> bool:
        """Whether what was asked of the source's home failed for a cause that is the host's."""
        return bool(self._home_problems()) and self._home_problems() <= HOST_TROUBLE

    def host_waits(self) -> bool:
        """Whether the source's home asks to be left alone for now."""
        return bool(self._home_problems()) and self._home_problems() <= HOST_PAUSES

    def _home_problems(self) -> set[str]:
        home = host_of(self._source.url)
        return {reason for host, reason in self._problems if host == home}

    def count(self, key: str, number: int = 1) -> None:
        """Add to one of the run's counts for this source."""
        assert self._crawler.stats is not None  # noqa: S101 - set before the spider opens
        self._crawler.stats.inc_value(f"vigie/{key}", number)

    async def first(self, kind: str, urls: Iterable[str]) -> bool:
        """Poll addresses in turn until one has links; return whether one had."""
        for url in urls:
            if await self.poll(kind, url):
                return True
        return False

    async def all(self, kind: str, urls: Iterable[str]) -> bool:
        """Poll each address; return whether one had links."""
        return any([await self.poll(kind, url) for url in urls])

    async def poll(self, kind: str, url: str) -> bool:
        """Ask one address, queue what is new and remember how it went; once a run."""
        if url in self._asked or len(self._asked) >= POLLS_PER_RUN:
            return False
        self._asked.add(url)
        way = self._archive.feeds.state(self._source.slug, url, kind)
        response, problem = await self.fetch(_request(way))
        if response is None:
            return self._remember_problem(way, problem)
        if response.status == NOT_MODIFIED:
            self.count("not_modified")
            return self._remember(way, ())
        return await self._read(way, response)

    async def peek(self, kind: str, url: str) -> WayReading | None:
        """Read one address without remembering it; None when that fails."""
        response, _ = await self.fetch(Request(url, dont_filter=True))
        return None if response is None else await self._parse(kind, response)

    async def robots(self) -> tuple[str, str]:
        """Return the text of the source's robots.txt, or none and the class of what went wrong."""
        url = urljoin(self._source.url, "/robots.txt")
        response, problem = await self.fetch(Request(url, dont_filter=True))
        if response is None:
            return "", problem
        return response.body[:ROBOTS_BYTES].decode("utf-8", "replace"), ""

    async def fetch(self, request: Request) -> tuple[Response | None, str]:
        """Return the response, or None and the class of what went wrong."""
        assert self._crawler.engine is not None  # noqa: S101 - the crawl runs
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as e:
            reason = class_of_error(e, request.url)
            self._problems.append((host_of(request.url), reason))
            logger.warning("%s %s %s: %s", self._source.slug, reason, request.url, e)
            return None, reason
        if response.status == NOT_MODIFIED:
            return response, ""
        problem = class_of_response(response)
        if problem is None:
            return response, ""
        self._problems.append((host_of(request.url), problem))
        return None, problem

    async def _read(self, way: FeedState, response: Response) -> bool:
        body_hash = hashlib.sha256(response.body).hexdigest()
        way = attrs.evolve(
            way,
            etag=_header(response, "ETag"),
            last_modified=_header(response, "Last-Modified"),
        )
        if way.body_hash == body_hash and way.links:
            self.count("unchanged")
            return self._remember(way, ())
        reading = await self._parse(way.kind, response)
        if reading is None:
            return self._remember_problem(way, "extract_timeout")
        if reading.sitemaps:
            return await self._read_index(way, reading)
        way = attrs.evolve(way, body_hash=body_hash, links=reading.found, problem=reading.problem)
        return self._remember(way, reading.links, reading.newest)

    async def _read_index(self, way: FeedState, reading: WayReading) -> bool:
        """Read the sitemaps that an index lists.

        Without validators: an index that has not changed still lists sitemaps that have.
        """
        worked = await self.all("sitemap", reading.sitemaps)
        links = len(reading.sitemaps) if worked else 0
        way = attrs.evolve(way, etag=None, last_modified=None, body_hash=None, links=links)
        return self._remember(way, reading.links)

    async def _parse(self, kind: str, response: Response) -> WayReading | None:
        content_type = _header(response, "Content-Type")
        try:
            return await self._workers.run(
                read_way, kind, response.body, content_type, response.url, self._oldest,
                of=self._source.slug, size=len(response.body),
            )  # fmt: skip
        except WorkerError as e:
            logger.warning("%s unreadable %s: %s", self._source.slug, response.url, e)
            return None

    def _remember(
        self, way: FeedState, links: Iterable[Link], newest: datetime | None = None
    ) -> bool:
        links = tuple(links)
        own = [link for link in links if self.is_own(link.url)]
        problem = self._problem(way, newest, nothing_own=bool(links) and not own)
        way = attrs.evolve(way, polls=way.polls + 1, problem=problem)
        if problem:
            self.count(f"reason/{way.kind}_{problem}")
        new = self._archive.feeds.remember(way, own[:LINKS_PER_POLL], now(), newest)
        self.count("new_pages", new)
        logger.info("%s %s %d new %s", self._source.slug, way.kind, new, way.url)
        return bool(way.links) and problem not in {"frozen", "other_site"}

    def _problem(self, way: FeedState, newest: datetime | None, *, nothing_own: bool) -> str | None:
        """Return what is wrong with a way that was read, `frozen` and `other_site` included."""
        if nothing_own:
            return "other_site"
        if way.kind != "feed" or not way.links:
            return way.problem
        newest = newest or self._archive.feeds.newest(way.source, way.url)
        if newest is not None and newest < now() - self._archive.schedules.patience(way.source):
            self.saw_frozen = True
            return "frozen"
        return None if way.problem == "frozen" else way.problem

    def _remember_problem(self, way: FeedState, problem: str) -> bool:
        """Forget the validators: the next answer must be a whole one."""
        return self._remember(
            attrs.evolve(
                way, etag=None, last_modified=None, body_hash=None, links=0, problem=problem
            ),
            (),
        )


def _request(way: FeedState) -> Request:
    """Ask for a feed, on condition that it changed."""
    headers = {}
    if way.polls % UNCONDITIONAL_EVERY != UNCONDITIONAL_EVERY - 1:
        if way.etag:
            headers["If-None-Match"] = way.etag
        if way.last_modified:
            headers["If-Modified-Since"] = way.last_modified
    return Request(way.url, headers=headers, dont_filter=True)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")
