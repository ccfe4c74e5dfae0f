"""Requests that wait until there is room for what they bring."""

from __future__ import annotations

import asyncio

from scrapy import Request

from crawler.room import RoomMiddleware
from pipelines.matching.ruleset import load_rules
from pipelines.workers import BYTES_WAITING, Workers

PAGE = Request("https://matin.example/article-1")
ROBOTS = Request("https://matin.example/robots.txt", meta={"dont_obey_robotstxt": True})


def test_a_page_waits_for_room_and_a_robots_txt_does_not() -> None:
    workers = Workers(load_rules(), size=1)  # which never start: nothing is read
    middleware = RoomMiddleware(workers, "matin")

    async def ask() -> list[bool]:
        with workers.backlog.holding(BYTES_WAITING):
            page, robots = (
                asyncio.create_task(middleware.process_request(one)) for one in (PAGE, ROBOTS)
            )
            await asyncio.sleep(0)
            meanwhile = [page.done(), robots.done()]
        await page
        return meanwhile

    assert asyncio.run(ask()) == [False, True]
