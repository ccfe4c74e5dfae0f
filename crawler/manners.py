"""Manners: what a host says about how it is to be asked, obeyed in this run and remembered for the next.

Scrapy parses Crawl-delay without applying it, takes a robots.txt that fails for leave to fetch, and
does not know Retry-After.
"""

from __future__ import annotations

import logging
import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
    StopDownload,
)

from crawler.robots_rules import MOST_RULES, count_rules
from storage.archive import Archive, shared_archive
from storage.hosts import LONGEST_WAIT
from storage.times import now
from storage.urls import is_fetchable

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

# It prints a trace for each host that cannot be reached, which is told as an outcome.
logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)

ROBOTS_BYTES = 524_288
"""RFC 9309 lets a crawler stop after 500 KiB; one of 26 MB took 540 MB of memory to parse."""
ROBOTS_ANNOUNCED = 50_000_000
"""A robots.txt that announces more than this, or unpacks to more, is not asked for."""
NO_ROBOTS = frozenset(
    {"gone", "forbidden", "http_error", "empty", "challenge", "bad_redirect", "redirect_loop"}
)
"""Classes of what a site answers that has no robots.txt for us: all is allowed then."""
LONGEST_DELAY = 30.0
"""Seconds; a longer Crawl-delay is cut to this, or a site of 200 pages would take days."""
USUAL_WAIT = timedelta(minutes=10)
"""How long a host is left alone that asks for less and does not say how long."""

ROBOTS_UNAVAILABLE = "robots.txt unavailable"
HOST_WAITS = "the host asked to wait"
BAD_ADDRESS = "not an address to ask for"
"""Scrapy hands on why a request was ignored in the message alone; `outcomes` reads these."""

_UNTRUSTED = re.compile("certificate|VerificationError", re.IGNORECASE)
_UNREACHED = (CannotResolveHostError, DownloadConnectionRefusedError)
_RATE_LIMITS = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class HostMiddleware:
    """Downloader middleware: refuses addresses that are none, and leaves hosts alone that ask for it."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware over the archive of this process."""
        return cls(shared_archive(crawler.settings["VIGIE_DB"]))

    def process_request(self, request: Request) -> None:
        """Refuse a request that must not be sent, redirects and robots.txt among them."""
        if not is_fetchable(request.url):
            raise IgnoreRequest(f"{BAD_ADDRESS}: {request.url[:200]}")
        until = self._archive.hosts.not_before(_host(request.url), now())
        if until is not None:
            raise IgnoreRequest(f"{HOST_WAITS} until {until:%Y-%m-%d %H:%M:%S}")

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember a host that asks for a pause."""
        wait = asked_pause(response, now())
        if wait is not None:
            host = _host(request.url)
            logger.warning("%s asks for a pause of %s", host, wait)
            self._archive.hosts.wait(host, now() + wait, f"status {response.status}", now())
        return response


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware: nothing is fetched where robots.txt cannot be read."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unavailable: dict[str, Exception] = {}
        crawler.signals.connect(self._cut, signals.bytes_received)

    async def process_request(self, request: Request) -> None:  # type: ignore[override]  # `spider` is deprecated
        """Refuse what robots.txt forbids, and everything where it cannot be read."""
        if request.url.endswith("/robots.txt") and request.meta.get("dont_obey_robotstxt"):
            request.meta["download_maxsize"] = ROBOTS_ANNOUNCED
            return
        await super().process_request(request)
        cause = self._unavailable.get(urlsplit(request.url).netloc)
        if cause is not None:
            raise cause

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        """Obey the first 512 KiB; a status 4xx allows everything, 5xx and 429 nothing (RFC 9309).

        Nothing is allowed either where there are more rules than can be judged in passing.
        """
        body = response.body[:ROBOTS_BYTES] if response.status == HTTPStatus.OK else b""
        trouble = robots_trouble(response.status, body)
        if trouble is not None:
            self._unavailable[netloc] = IgnoreRequest(f"{ROBOTS_UNAVAILABLE}: {trouble}")
            logger.warning("%s robots.txt: %s", netloc, trouble)
            body = b""
        await super()._parse_robots(response.replace(body=body), netloc, request)
        parser = self._parsers[netloc]
        if parser is not None:
            self._slow_down(request, parser)  # type: ignore[arg-type]  # parsed by now

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """Leave the host alone, unless it was a redirect too many: that allows everything.

        A host that cannot be reached at all is told as such and not as one without robots.txt.
        """
        if "max redirections" not in str(exc):
            unreached = isinstance(exc, _UNREACHED) or is_untrusted(exc)
            cause = exc if unreached else IgnoreRequest(ROBOTS_UNAVAILABLE)
            self._unavailable[netloc] = cause
        super()._robots_error(exc, netloc)

    def _slow_down(self, request: Request, parser: RobotParser) -> None:
        """Apply Crawl-delay to the host's slot, and to the one that follows after a long pause."""
        delay = usable_delay(_crawl_delay(parser, self._robotstxt_useragent or ""))
        assert self.crawler.engine is not None  # noqa: S101 - the crawl runs
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        slot = downloader.slots.get(key)
        usual = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        if delay is None or delay <= usual:
            return
        logger.info("%s asks for %g s between two requests", key, delay)
        downloader.per_slot_settings[key] = {"delay": delay, "concurrency": 1}
        if slot is not None:
            slot.delay = delay

    def _cut(self, data: bytes, request: Request) -> None:
        """Stop reading a robots.txt that is longer than what will be looked at."""
        if not request.meta.get("dont_obey_robotstxt"):
            return
        received = request.meta.get("robots_bytes", 0) + len(data)
        request.meta["robots_bytes"] = received
        if received > ROBOTS_BYTES:
            raise StopDownload(fail=False)


def is_untrusted(error: BaseException) -> bool:
    """Whether a request failed because the host's certificate could not be verified."""
    return _UNTRUSTED.search(str(error)) is not None


def usable_delay(delay: float | None) -> float | None:
    """Return a Crawl-delay that makes sense, at most 30 seconds, None for one that does not."""
    if delay is None or not math.isfinite(delay) or delay <= 0:
        return None
    return min(delay, LONGEST_DELAY)


def asked_pause(response: Response, at: datetime) -> timedelta | None:
    """Return how long a host asks to be left alone, None when it does not ask.

    It asks with status 429, or 503 with Retry-After: seconds or an HTTP date; what cannot be read
    counts as ten minutes, and nothing as more than a day.
    """
    printed = response.headers.get("Retry-After")
    if response.status not in _RATE_LIMITS:
        return None
    if printed is None:
        return USUAL_WAIT if response.status == HTTPStatus.TOO_MANY_REQUESTS else None
    wait = _printed_wait(printed.decode("latin-1").strip(), at)
    return min(wait, LONGEST_WAIT) if wait is not None and wait > timedelta() else USUAL_WAIT


def _printed_wait(printed: str, at: datetime) -> timedelta | None:
    if printed.isdecimal():
        return timedelta(seconds=min(int(printed[:12]), 10**9))
    try:
        until = parsedate_to_datetime(printed)
        return (until if until.tzinfo else until.replace(tzinfo=UTC)) - at
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def robots_trouble(status: int, body: bytes) -> str | None:
    """Return why an answer does not tell what may be asked for, None when it does."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"status {status}"
    return f"more than {MOST_RULES} rules" if count_rules(body) > MOST_RULES else None


def _crawl_delay(parser: RobotParser, agent: str) -> float | None:
    try:
        delay: float | None = parser.crawl_delay(agent)
    except (ValueError, OverflowError):
        return None
    return delay


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
