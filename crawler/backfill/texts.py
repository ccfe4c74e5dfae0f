"""Texts: the articles that WordPress' REST API gives whole, taken where they are those of the pages."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence

import attrs

from crawler.backfill.asking import Asker
from crawler.backfill.ways import sections_address
from crawler.source import Source
from pipelines.past.records import PastArticle
from pipelines.reader import Reader
from pipelines.workers import Workers
from storage.archive import Archive
from storage.records import Page, Reading
from storage.steps import Step
from storage.times import now

logger = logging.getLogger(__name__)

SAMPLES = 2
"""Articles whose pages are fetched and compared; one that agrees is enough."""
COVERED = 0.8
"""Share of a page's words that the API's text must have. Where it gives the beginning alone, or a
plugin builds the page, it has far fewer; a page with comments in its text has a few more."""

_WORD = re.compile(r"\w+")


class Texts:
    """What one source's REST API gives beside addresses."""

    def __init__(self, source: Source, archive: Archive, workers: Workers, asker: Asker) -> None:
        self._source = source
        self._archive = archive
        self._reader = Reader(workers, "none")
        self._asker = asker

    async def sections(self, step: Step) -> bytes | None:
        """Return WordPress' list of its sections, which is asked once in a backfill."""
        address = sections_address(self._source)
        kept = self._archive.backfills.steps.kept(step, address)
        if kept is None:
            answer, _ = await self._asker.ask(address)
            kept = b"" if answer is None else answer.body
            self._archive.backfills.steps.keep(step, address, kept)
        return kept

    async def believable(self, step: Step, articles: Sequence[PastArticle]) -> list[PastArticle]:
        """Return articles with their texts where these are believed, else as links to their pages.

        A page or two of each site are fetched to decide it, once in a backfill.
        """
        whole = [self._page(step, article) for article in articles if article.post is not None]
        if not whole:
            return list(articles)
        takes = self._archive.backfills.takes_texts(step.backfill)
        if takes is None:
            takes = await self._agree(whole[:SAMPLES])
            self._archive.backfills.decide_texts(step.backfill, takes=takes)
            if not takes:
                logger.warning("%s gives other texts than its pages have", self._source.slug)
        return list(articles) if takes else [_as_link(article) for article in articles]

    def unsettled(self, step: Step, articles: Sequence[PastArticle]) -> list[Page]:
        """Return the articles with a text as pages to read, those left out that are settled."""
        whole = (self._page(step, article) for article in articles if article.post is not None)
        return [page for page in whole if not self._archive.queue.is_settled(page.url)]

    async def _agree(self, posts: Sequence[Page]) -> bool:
        """Whether a text is that of its page; so too where no page can be read."""
        said = [await self._agrees(posts[0])]
        if said == [False]:
            said += [await self._agrees(post) for post in posts[1:]]
        return True in said or False not in said

    async def _agrees(self, post: Page) -> bool | None:
        """Return whether one text is that of its page, None when that cannot be told."""
        answer, _ = await self._asker.ask(post.url)
        if answer is None:
            return None
        headers = (("content-type", answer.content_type or ""),)
        page = attrs.evolve(post, body=answer.body, url=answer.url, headers=headers)
        given, printed = await self._reader.read(post), await self._reader.read(page)
        if not isinstance(printed, Reading):
            return None
        return isinstance(given, Reading) and covers(given.article.text, printed.article.text)

    def _page(self, step: Step, article: PastArticle) -> Page:
        link = article.link
        return Page(
            source=self._source.slug,
            url=link.url,
            queued_url=link.url,
            body=article.post or b"",
            fetched_at=now(),
            headers=(("content-type", "application/json"), ("content-location", step.address)),
            title_hint=link.title,
            published_hint=link.published_hint,
            country=self._source.country,
            language=self._source.language,
            outlet=self._source.name,
        )


def covers(given: str, printed: str) -> bool:
    """Whether a text has most of the words of another."""
    wanted = Counter(_WORD.findall(printed.lower()))
    common = wanted & Counter(_WORD.findall(given.lower()))
    return common.total() >= COVERED * wanted.total()


def _as_link(article: PastArticle) -> PastArticle:
    return PastArticle(link=attrs.evolve(article.link, discovered_by="posts"))
