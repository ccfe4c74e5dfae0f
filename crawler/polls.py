"""Polls: what each source gave in a run, written to the archive when its spider closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import signals

from pipelines.workers import shared_rules
from storage.archive import Archive, shared_archive
from storage.runs import Poll
from storage.times import now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from crawler.spiders.source import SourceSpider

_COUNTS = ("new_pages", "stored", "duplicate", "refused", "flagged", "characters")


class PollRecorder:
    """Scrapy extension: one row of `polls` for each spider, in the run of `vigie crawl` or its own."""

    def __init__(
        self, archive: Archive, stats: StatsCollector, run: int | None, rules: str | None
    ) -> None:
        self._archive = archive
        self._stats = stats
        self._run = run
        self._rules = rules
        self._own_run = run is None
        self._started_at = now()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension and listen for the spider's opening and closing."""
        assert crawler.stats is not None  # noqa: S101 - Scrapy sets it before the extensions
        archive = shared_archive(crawler.settings["VIGIE_DB"])
        settings = crawler.settings
        recorder = cls(archive, crawler.stats, settings["VIGIE_RUN"], settings["VIGIE_RULES"])
        crawler.signals.connect(recorder.spider_opened, signals.spider_opened)
        crawler.signals.connect(recorder.spider_closed, signals.spider_closed)
        crawler.signals.connect(recorder.item_error, signals.item_error)
        return recorder

    def spider_opened(self) -> None:
        """Open a run where `vigie crawl` did not."""
        if self._run is None:
            rules = shared_rules(self._rules)
            self._run = self._archive.runs.begin("scrapy crawl", rules.digest, rules.text, now())

    def item_error(self) -> None:
        """Count a page that could not be stored; it stays queued."""
        self._stats.inc_value("vigie/reason/store_error")

    def spider_closed(self, spider: SourceSpider, reason: str) -> None:
        """Record the poll, and close the run if it is this spider's own."""
        assert self._run is not None  # noqa: S101 - set when the spider opened
        if spider.is_poll:
            self._archive.runs.record(self._run, self._poll(spider))
        else:
            self._archive.runs.count(self._run, self._poll(spider))
        if self._own_run:
            self._archive.runs.end(self._run, 0, reason, now())
            self._archive.checkpoint()

    def _poll(self, spider: SourceSpider) -> Poll:
        stats: dict[str, Any] = self._stats.get_stats()
        prefix = "vigie/reason/"
        return Poll(
            source=spider.name,
            tls_verified=spider.source.verify_tls,
            started_at=self._started_at,
            seconds=(now() - self._started_at).total_seconds(),
            requests=stats.get("downloader/request_count", 0),
            errors={
                key.removeprefix(prefix): value
                for key, value in stats.items()
                if key.startswith(prefix)
            },
            **{name: stats.get(f"vigie/{name}", 0) for name in _COUNTS},
        )
