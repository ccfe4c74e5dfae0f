"""Asking: one address of a source after another, and what each answered."""

from __future__ import annotations

from scrapy import Request

from crawler.outcomes import HOST_TROUBLE
from crawler.poller import Poller
from storage.steps import Answer

SITEMAP_BYTES = 20_000_000
"""A sitemap may have 50,000 entries, which is more than a page may have bytes."""


class Asker:
    """Asks by the same manners as every other request of the crawl."""

    def __init__(self, poller: Poller) -> None:
        self._poller = poller

    def is_own(self, url: str) -> bool:
        """Whether an address is of the source's own site."""
        return self._poller.is_own(url)

    def is_away(self, problem: str) -> bool:
        """Whether every other address of the host would end in the same problem."""
        return problem in HOST_TROUBLE

    async def ask(self, address: str) -> tuple[Answer | None, str]:
        """Return what an address answered, or None and the class of what went wrong."""
        request = Request(address, dont_filter=True, meta={"download_maxsize": SITEMAP_BYTES})
        response, problem = await self._poller.fetch(request)
        if response is None:
            return None, problem
        if not self._poller.is_own(response.url):
            return None, "other_site"
        content_type = response.headers.get("Content-Type")
        pages = response.headers.get("X-WP-TotalPages") or b""
        answer = Answer(
            url=response.url,
            body=response.body,
            content_type=content_type.decode("latin-1") if content_type else None,
            announced=int(pages) if pages.isdigit() and len(pages) < 7 else None,
        )
        return answer, ""
