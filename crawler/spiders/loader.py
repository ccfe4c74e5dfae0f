"""Loader: one spider per source of the catalogue, so that `scrapy list` prints it."""

from __future__ import annotations

import builtins
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Self

from crawler.catalogue import Catalogue, load_catalogue
from crawler.source import Source
from crawler.spiders.source import FeedSpider, ListingSpider, SitemapSpider, SourceSpider

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.settings import BaseSettings

_GENERIC: dict[str, type[SourceSpider]] = {
    "feed": FeedSpider,
    "sitemap": SitemapSpider,
    "listing": ListingSpider,
}


class SourceLoader:
    """Scrapy's view of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Load the catalogue that the settings name, or the shipped one."""
        path = settings.get("VIGIE_SOURCES")
        return cls(load_catalogue(Path(path) if path else None))

    def list(self) -> list[str]:
        """Return the slugs of the active sources."""
        return [source.slug for source in self._catalogue.values() if source.active]

    def load(self, spider_name: str) -> type[SourceSpider]:
        """Return the spider of a source. Raises KeyError for an unknown slug."""
        return spider_class(self._catalogue[spider_name])

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """Return the sources whose home is on the request's host."""
        return [slug for slug in self.list() if self.load(slug).handles_request(request)]


def spider_class(source: Source) -> type[SourceSpider]:
    """Return a spider class made for one source."""
    base = _GENERIC.get(source.spider) or _site_spider(source.spider)
    return type(f"{source.slug.title()}Spider", (base,), {"name": source.slug, "source": source})


def _site_spider(name: str) -> type[SourceSpider]:
    module = import_module(f"crawler.spiders.sites.{name}")
    spider: type[SourceSpider] = module.SiteSpider
    return spider
