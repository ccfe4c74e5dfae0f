"""Manners: what hosts ask for, in every form in which they do."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler

from crawler.manners import (
    NO_ROBOTS,
    RobotsMiddleware,
    asked_pause,
    robots_trouble,
    usable_delay,
)
from crawler.outcomes import class_of_response

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
DAY, USUAL = 86_400, 600


@pytest.mark.parametrize(
    ("delay", "kept"),
    [(10, 10), (86_400, 30), (-5, None), (0, None), (math.inf, None), (math.nan, None), (None, None)],
)  # fmt: skip
def test_a_crawl_delay_is_kept_within_reason(delay: float | None, kept: float | None) -> None:
    assert usable_delay(delay) == kept


@pytest.mark.parametrize(
    ("status", "printed", "seconds"),
    [
        (429, "7", 7),
        (503, "7", 7),
        (429, "Sun, 22 Nov 2026 06:31:40 GMT", 100),
        (429, "Sun, 22 Nov 2026 07:31:40 +0100", 100),
        (503, "Sun, 22 Nov 2020 06:00:00 GMT", USUAL),
        (429, "abc", USUAL),
        (429, "-5", USUAL),
        (429, "", USUAL),
        (429, "1000000000", DAY),
        (429, "9" * 400, DAY),
        (503, "Sat, 01 Jan 9999 00:00:00 GMT", DAY),
        (429, "Sat, 99 Foo 99999 00:00:00 GMT", USUAL),
        (429, None, USUAL),
        (503, None, None),
        (200, "7", None),
        (404, "7", None),
    ],
)
def test_retry_after_is_read_in_every_form(
    status: int, printed: str | None, seconds: int | None
) -> None:
    headers = {} if printed is None else {"Retry-After": printed}
    wait = asked_pause(Response("http://a.example", status=status, headers=headers), NOW)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(("asked", "kept"), [(9, 9), (0.2, 1.5)])
def test_a_crawl_delay_makes_a_host_slower_and_never_faster(asked: float, kept: float) -> None:
    crawler = get_crawler(settings_dict={"ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 1.5})
    slot = SimpleNamespace(delay=1.5)
    downloader = SimpleNamespace(
        get_slot_key=lambda _: "a.example", slots={"a.example": slot}, per_slot_settings={}
    )
    crawler.engine = SimpleNamespace(downloader=downloader)
    parser = ProtegoRobotParser(f"User-agent: *\nCrawl-delay: {asked}\n".encode(), None)

    RobotsMiddleware(crawler)._slow_down(Request("http://a.example"), parser)  # noqa: SLF001 - without a crawl of seconds

    assert slot.delay == kept


def test_whatever_lets_the_crawl_go_on_without_robots_txt_has_a_class_that_says_so() -> None:
    statuses = [status for status in range(200, 600) if robots_trouble(status, b"") is None]

    classes = {class_of_response(Response("http://a.example", status=s)) for s in statuses}

    assert classes | {"challenge", "redirect_loop"} == NO_ROBOTS
