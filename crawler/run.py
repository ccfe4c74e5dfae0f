"""Run: one crawl of many sources in one process, a bounded number at a time."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs
from scrapy import Spider
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.misc import load_object
from scrapy.utils.reactor import install_reactor

from crawler.addresses import spread_look_ups
from crawler.lag import measure_lag
from crawler.source import Source
from pipelines.profile import shared_profile
from pipelines.workers import shared_rules, shared_workers
from storage.archive import shared_archive
from storage.profiles import RunProfile
from storage.times import now

logger = logging.getLogger(__name__)

DONE, NEEDS_A_PERSON = 0, 1
CHECKPOINT_SECONDS = 60
WRITABLE_SECONDS = 0.2
SPARE_THREADS = 10
LAST_WORDS_SECONDS = 3
"""Beyond DOWNLOAD_TIMEOUT: what is still being read or stored then is dropped and stays queued."""


@attrs.frozen(kw_only=True)
class CrawlReport:
    """How a run ended."""

    run: int
    exit_code: int
    reason: str
    """finished, budget or stopped."""
    failed: tuple[str, ...]
    """Sources none of whose ways worked, or whose spider broke."""
    profile: RunProfile
    """Where the time went."""


class CrawlRun:
    """Crawls sources and records the run.

    It starts Twisted's reactor, which can be done once in a process.
    """

    def __init__(
        self,
        settings: Settings,
        sources: Sequence[Source],
        *,
        parallel: int,
        budget: timedelta | None = None,
        on_done: Callable[[str], None] = lambda _: None,
        spider_of: Callable[[Source], str | type[Spider]] = lambda source: source.slug,
    ) -> None:
        self._settings = settings
        self._sources = sources
        self._parallel = parallel
        self._gate = asyncio.Semaphore(parallel)
        self._asked_to_stop = asyncio.Event()
        self._budget = budget
        self._on_done = on_done
        self._spider_of = spider_of
        self._archive = shared_archive(settings["VIGIE_DB"])
        self._rules = shared_rules(settings["VIGIE_RULES"])
        self._failed: list[str] = []
        self._reason = "finished"

    def run(self, command: str) -> CrawlReport:
        """Crawl until all sources are done, the budget is spent, or a signal asks to stop."""
        gc.freeze()  # nothing that is loaded by now is garbage
        install_reactor(self._settings["TWISTED_REACTOR"])
        from twisted.internet import reactor as installed

        reactor: Any = installed  # its type is chosen at run time
        self._started = time.monotonic()
        run = self._archive.runs.begin(command, self._rules.digest, self._rules.text, now())
        self._settings.set("VIGIE_RUN", run)
        self._runner = AsyncCrawlerRunner(self._settings)
        resolver = load_object(self._settings["DNS_RESOLVER"])
        resolver.from_crawler(self._runner, reactor).install_on_reactor()
        spread_look_ups(reactor, self._parallel + SPARE_THREADS)
        loop = asyncio.get_event_loop()
        crawl = loop.create_task(self._crawl(now()))
        crawl.add_done_callback(lambda _: reactor.stop())
        reactor.run(installSignalHandlers=False)
        return self._end(run, crawl)

    def _end(self, run: int, crawl: asyncio.Task[None]) -> CrawlReport:
        shared_workers(self._settings["VIGIE_RULES"]).stop()
        failure = self._archive.failure
        if failure is not None:
            raise failure
        profile = shared_profile().report(time.monotonic() - self._started)
        self._archive.runs.keep_profile(run, profile)
        broken = crawl.exception()
        code = NEEDS_A_PERSON if self._failed or broken else DONE
        self._archive.runs.end(run, code, self._reason if broken is None else "broken", now())
        self._archive.checkpoint()
        gc.freeze()  # or the interpreter looks through it all before it ends, for half a second
        if broken is not None:
            raise broken
        return CrawlReport(
            run=run,
            exit_code=code,
            reason=self._reason,
            failed=tuple(sorted(self._failed)),
            profile=profile,
        )

    async def _crawl(self, started: datetime) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, "stopped")
        if self._budget is not None:
            loop.call_later(self._budget.total_seconds(), self._stop, "budget")
        checkpoints = loop.create_task(self._checkpoint_now_and_then())
        archive = loop.create_task(self._stop_when_unwritable())
        lag = loop.create_task(measure_lag(shared_profile().late))
        crawls: asyncio.Future[Any] = asyncio.gather(*map(self._crawl_source, self._sources))
        watch = loop.create_task(self._stop_in_time())
        waited: list[asyncio.Future[Any]] = [crawls, watch]
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        checkpoints.cancel()
        archive.cancel()
        lag.cancel()
        watch.cancel()
        if crawls.done():
            crawls.result()  # raises what broke
        logger.info("run ended after %s", now() - started)

    async def _crawl_source(self, source: Source) -> None:
        async with self._gate:
            if self._reason != "finished":
                return
            crawler = self._runner.create_crawler(self._spider_of(source))
            try:
                await self._runner.crawl(crawler)
            except Exception:
                logger.exception("%s broke", source.slug)
                self._failed.append(source.slug)
            else:
                if _failed(crawler):
                    self._failed.append(source.slug)
            self._on_done(source.slug)

    async def _stop_in_time(self) -> None:
        """Once asked to stop, let the spiders finish what they are fetching, but not for ever."""
        await self._asked_to_stop.wait()
        patience = self._settings.getfloat("DOWNLOAD_TIMEOUT") + LAST_WORDS_SECONDS
        stop = asyncio.ensure_future(self._runner.stop())
        await asyncio.sleep(patience)
        if not stop.done():
            logger.warning("some spiders did not stop within %g s and were left", patience)

    async def _checkpoint_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(CHECKPOINT_SECONDS)
            self._archive.checkpoint()

    async def _stop_when_unwritable(self) -> None:
        """Ask no site for pages that cannot be stored: they stay queued for the next run."""
        while self._archive.failure is None:
            await asyncio.sleep(WRITABLE_SECONDS)
        self._stop("unwritable")

    def _stop(self, reason: str) -> None:
        """Let every spider finish what it is fetching, and start no other."""
        self._reason = reason
        self._asked_to_stop.set()


def _failed(crawler: Crawler) -> bool:
    """Whether a source gave no way in, or pages that could not be stored, or its spider broke.

    A host that asked us to wait has nothing wrong with it.
    """
    assert crawler.stats is not None  # noqa: S101 - it has run
    failed, unstored, waits = (
        crawler.stats.get_value(f"vigie/{name}")
        for name in ("reason/source_failed", "reason/store_error", "host_waits")
    )
    broken = crawler.stats.get_value("spider_exceptions/count")  # Scrapy's, of `start` too
    return bool(broken or unstored or (failed and not waits))
