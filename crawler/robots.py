"""Robots: robots.txt as `manners` obeys it, asked for once a day."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.utils.misc import build_from_crawler

from crawler.manners import ROBOTS_BYTES, RobotsMiddleware
from storage.archive import shared_archive
from storage.times import now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

KEPT = timedelta(hours=24)
"""RFC 9309 lets a crawler use what it fetched for so long; most sources are asked many times a day."""


class KeptRobotsMiddleware(RobotsMiddleware):
    """Obeys the robots.txt of an earlier run for a day, which halves what a quiet source is asked.

    Only an answer that says something is kept: one that fails forbids this run alone.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._robots = shared_archive(crawler.settings["VIGIE_DB"]).robots

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return what robots.txt says, fetching it where the last answer is too old."""
        netloc = urlsplit(request.url).netloc
        if netloc not in self._parsers:
            body = self._robots.kept(_site(request.url), now() - KEPT, now())
            if body is not None:
                parser = build_from_crawler(self._parserimpl, self.crawler, body)
                self._parsers[netloc] = parser
                self._slow_down(request, parser)
        return await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        await super()._parse_robots(response, netloc, request)
        if netloc not in self._unavailable:
            is_there = response.status == HTTPStatus.OK
            body = response.body[:ROBOTS_BYTES] if is_there else b""
            self._robots.keep(_site(request.url), body, now())


def _site(url: str) -> str:
    """Return what a robots.txt holds for: scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
