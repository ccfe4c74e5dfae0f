from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from scrapy.http import Response

from crawler.manners import asked_pause, usable_delay

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
