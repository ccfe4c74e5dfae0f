"""Room: nothing is fetched while too many pages wait to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pipelines.workers import Workers, shared_workers

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class RoomMiddleware:
    """Downloader middleware: holds the requests of a source back until its page can be held.

    Without it the pages of all sources pile up in this process as soon as the sites answer faster
    than the workers read.
    """

    def __init__(self, workers: Workers, source: str) -> None:
        self._workers = workers
        self._source = source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware over the workers of this process."""
        return cls(shared_workers(crawler.settings["VIGIE_RULES"]), crawler.spidercls.name)

    async def process_request(self, request: Request) -> None:
        """Wait for room; a robots.txt needs none."""
        if not request.meta.get("dont_obey_robotstxt"):
            await self._workers.room(self._source)
