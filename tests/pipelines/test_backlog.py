"""Pages that wait for a worker: how many there are, and whose turn it is."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from pipelines.backlog import Backlog
from pipelines.matching.ruleset import RuleSet
from pipelines.workers import LARGE_BYTES, PAGES_WAITING, Workers

SITES, PAGES, BYTES = 40, 5, 170_000


@pytest.fixture(scope="module")
def workers(rules: RuleSet) -> Iterator[Workers]:
    workers = Workers(rules, size=2)
    yield workers
    workers.stop()


def _wait(seconds: float) -> None:
    time.sleep(seconds)


def test_what_waits_is_bounded_and_every_site_has_its_turn(workers: Workers) -> None:
    fetched: Counter[str] = Counter()
    most: list[tuple[int, int]] = []
    leads: list[int] = []

    async def crawl(site: str) -> None:
        reads = []
        for _ in range(PAGES):
            await workers.room(site)
            await asyncio.sleep(0.001)  # the site answers, faster than pages are read
            reads.append(asyncio.create_task(workers.run(_wait, 0.005, of=site, size=BYTES)))
            await asyncio.sleep(0)
            most.append((workers.backlog.pages, workers.backlog.bytes))
            fetched[site] += 1
            leads.append(max(fetched.values()) - min(fetched[one] for one in sites))
        await asyncio.gather(*reads)

    async def crawl_all() -> None:
        await asyncio.gather(*map(crawl, sites))

    sites = [f"site-{n}" for n in range(SITES)]
    asyncio.run(crawl_all())

    assert fetched == dict.fromkeys(sites, PAGES)
    bound = PAGES_WAITING * workers.size + SITES
    assert max(pages for pages, _ in most) <= bound < SITES * PAGES
    assert max(size for _, size in most) <= bound * BYTES
    assert max(leads) <= 2
    assert (workers.backlog.pages, workers.backlog.bytes) == (0, 0)


def test_a_source_waits_for_its_own_slow_page_and_no_other_does(workers: Workers) -> None:
    ended: list[str] = []

    async def read() -> None:
        await workers.run(_wait, 0.3, of="slow", size=LARGE_BYTES)
        ended.append("slow page")

    async def fetch(site: str) -> None:
        await workers.room(site)
        ended.append(site)

    async def crawl() -> None:
        page = asyncio.create_task(read())
        await asyncio.sleep(0)
        await asyncio.gather(page, fetch("slow"), fetch("quick"))

    asyncio.run(crawl())

    assert ended[0] == "quick"
    assert set(ended[1:]) == {"slow page", "slow"}


@pytest.mark.parametrize(("pages", "size"), [(3, 0), (1, 100)], ids=["pages", "bytes"])
def test_nobody_is_let_in_while_enough_is_held(pages: int, size: int) -> None:
    backlog = Backlog(most_pages=3, most_bytes=100)

    async def wait() -> list[bool]:
        with backlog.holding(size, pages=pages):
            waiting = asyncio.create_task(backlog.room())
            await asyncio.sleep(0)
            before = waiting.done()
        await waiting
        return [before, waiting.done()]

    assert asyncio.run(wait()) == [False, True]
