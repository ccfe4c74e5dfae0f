"""Inline spider: what many press crawlers are: Scrapy, with trafilatura called in the callback."""

from __future__ import annotations

from pathlib import Path

import trafilatura
from scrapy import Request, Spider


class InlineSpider(Spider):
    """Read the feed of each site, fetch its pages one at a time, extract text and metadata."""

    name = "inline"
    custom_settings = {  # noqa: RUF012 - as Scrapy's own documentation has it
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "CONCURRENT_REQUESTS": 32,
        "DOWNLOAD_DELAY": 0,
        "TELNETCONSOLE_ENABLED": False,
    }

    def __init__(self, homes: str) -> None:
        super().__init__()
        self.homes = Path(homes).read_text(encoding="utf-8").split()

    async def start(self):
        """Ask for the feeds."""
        for home in self.homes:
            yield Request(f"{home}feed/", self.parse_feed)

    def parse_feed(self, response):
        """Ask for the pages."""
        for address in response.xpath("//item/link/text()").getall():
            yield Request(address, self.parse_page)

    def parse_page(self, response):
        """Extract the article."""
        document = trafilatura.bare_extraction(
            response.text, url=response.url, with_metadata=True, include_comments=False
        )
        if document is not None and document.text:
            yield {
                "url": response.url,
                "title": document.title,
                "author": document.author,
                "date": document.date,
                "text": document.text,
            }
