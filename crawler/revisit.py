"""Revisit: a source's articles of the last days are looked at again."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy import Request

from crawler.outcomes import class_of_error, class_of_response
from crawler.source import Source
from pipelines.again import read_again
from pipelines.workers import WorkerError, Workers
from storage.archive import Archive
from storage.records import Page, Refusal
from storage.revisits import Revisit
from storage.times import now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

REVISITS_PER_RUN = 20
"""Of one source in one run; at one request in 1.5 s, half a minute."""
VANISHED = ("gone", "soft_404", "listing")
"""Refusals of a page whose article is there no more."""


class Revisitor:
    """One source's second looks in one run."""

    def __init__(
        self, source: Source, archive: Archive, workers: Workers, crawler: Crawler
    ) -> None:
        self._source = source
        self._archive = archive
        self._workers = workers
        self._crawler = crawler

    async def look(self) -> None:
        """Look at the articles whose turn has come, on condition that they changed."""
        for revisit in self._archive.revisits.due(self._source.slug, now(), REVISITS_PER_RUN):
            await self._look_at(revisit)

    async def _look_at(self, revisit: Revisit) -> None:
        assert self._crawler.engine is not None  # noqa: S101 - the crawl runs
        try:
            response = await self._crawler.engine.download_async(_request(revisit))
        except Exception as e:
            self._fail(revisit, class_of_error(e, revisit.url))
            return
        if response.status == HTTPStatus.NOT_MODIFIED:
            self._archive.revisits.unchanged(revisit.article, now())
            self._count("revisits/unchanged")
            return
        reason = class_of_response(response)
        if reason is not None:
            self._fail(revisit, reason)
            return
        await self._compare(revisit, self._page(revisit, response))

    async def _compare(self, revisit: Revisit, page: Page) -> None:
        try:
            found = await self._workers.run(
                read_again, page, revisit, of=page.source, size=len(page.body)
            )
        except WorkerError:
            self._fail(revisit, "extract_error")
            return
        if found is None:
            self._archive.revisits.unchanged(revisit.article, now())
            self._count("revisits/unchanged")
        elif isinstance(found, Refusal):
            self._fail(revisit, found.reason)
        else:
            self._archive.revisions.revise(revisit.article, found.reading, found.added, now())
            self._count("revisits/revised")
            logger.info("%s revised %s", self._source.slug, revisit.url)

    def _fail(self, revisit: Revisit, reason: str) -> None:
        if reason in VANISHED:
            self._archive.revisits.gone(revisit.article, now())
            self._count("revisits/vanished")
            logger.info("%s vanished %s", self._source.slug, revisit.url)
        else:
            self._archive.revisits.failed(revisit.article, reason, now())
            self._count(f"reason/revisit_{reason}")

    def _page(self, revisit: Revisit, response: Response) -> Page:
        headers = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        return Page(
            source=self._source.slug,
            url=response.url,
            queued_url=revisit.url,
            body=response.body,
            fetched_at=now(),
            status=response.status,
            headers=headers,
            title_hint=revisit.title,
            country=self._source.country,
            language=self._source.language,
            outlet=self._source.name,
        )

    def _count(self, key: str) -> None:
        assert self._crawler.stats is not None  # noqa: S101 - the crawl runs
        self._crawler.stats.inc_value(f"vigie/{key}")


def _request(revisit: Revisit) -> Request:
    headers = {}
    if revisit.etag:
        headers["If-None-Match"] = revisit.etag
    if revisit.last_modified:
        headers["If-Modified-Since"] = revisit.last_modified
    return Request(
        revisit.url, headers=headers, dont_filter=True, meta={"handle_httpstatus_all": True}
    )
