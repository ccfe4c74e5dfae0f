"""Probe: looks at a site once, without leaving a trace in the user's archive."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import attrs
from protego import Protego
from scrapy.settings import Settings

from crawler.manners import NO_ROBOTS, usable_delay
from crawler.run import CrawlRun
from crawler.source import Source
from crawler.spiders.loader import spider_class
from crawler.spiders.source import SourceSpider
from crawler.ways import likely_feeds, likely_posts, likely_sitemaps
from storage.archive import shared_archive
from storage.domains import registered_domain

ARTICLES = 3
"""Articles that a probe fetches to show what would be stored."""
AGENT = "Vigie"


@attrs.define
class Site:
    """What a site says of itself."""

    cms: str | None = None
    allowed: bool | None = None
    """Whether robots.txt allows the home page, None where that is not known."""
    robots_problem: str | None = None
    """Why robots.txt was not read: a class of refusal, `gone` among them."""
    delay: float | None = None
    """The Crawl-delay that would be kept, in seconds."""


@attrs.frozen(kw_only=True)
class ProbeReport:
    """What was found at a site."""

    source: Source
    site: Site
    ways: tuple[dict[str, Any], ...]
    """kind, url, links, problem and newest_at of each way asked, those that work first."""
    pages: tuple[dict[str, Any], ...]
    """How the articles that were fetched ended, and what would be stored of them."""

    @property
    def working(self) -> tuple[dict[str, Any], ...]:
        """The ways that lead to articles."""
        return tuple(w for w in self.ways if w["links"] and w["problem"] in {None, "malformed"})


class ProbeSpider(SourceSpider):
    """Asks every way that a site may have, and not only until one works."""

    site: ClassVar[Site]

    async def find_articles(self) -> bool:
        """Ask feeds, posts, sitemaps and section pages; return whether one had links."""
        poller = self.poller
        home = await poller.peek("section", self.source.url)
        self.site.cms = home.cms if home else None
        robots = await self._read_robots()
        declared = home.feeds if home else ()
        feeds = (*self.source.feeds, *declared, *likely_feeds(self.source))
        worked = await poller.all("feed", dict.fromkeys(feeds))
        worked |= await poller.all("posts", likely_posts(self.source))
        worked |= await poller.first("sitemap", likely_sitemaps(self.source, robots))
        return worked | await poller.all("section", self.source.section_pages)

    async def _read_robots(self) -> str:
        """Note what robots.txt says and return its text, empty where there is none to read."""
        text, problem = await self.poller.robots()
        if problem:
            self.site.allowed = True if problem in NO_ROBOTS else None
            self.site.robots_problem = problem
            return text
        rules = Protego.parse(text)
        self.site.allowed = rules.can_fetch(self.source.url, AGENT)
        self.site.delay = usable_delay(rules.crawl_delay(AGENT))
        return text


def probe_site(settings: Settings, source: Source) -> ProbeReport:
    """Look at one site: every way to its articles, and three of them as they would be stored."""
    site = Site()
    spider = type("Probe", (ProbeSpider,), {"name": source.slug, "source": source, "site": site})
    with tempfile.TemporaryDirectory(prefix="vigie-probe-") as folder:
        settings.set("VIGIE_MAX_PAGES", ARTICLES)
        _crawl(settings, [source], Path(folder), lambda _: spider)
        return _report(settings, source, site)


def check_sources(
    settings: Settings, sources: Sequence[Source], parallel: int
) -> tuple[ProbeReport, ...]:
    """Ask each source as a first crawl would, without fetching articles."""
    with tempfile.TemporaryDirectory(prefix="vigie-check-") as folder:
        settings.set("VIGIE_MAX_PAGES", 0)
        _crawl(settings, sources, Path(folder), spider_class, parallel)
        return tuple(_report(settings, source, Site()) for source in sources)


def new_source(url: str, country: str | None = None, name: str | None = None) -> Source:
    """Return an entry for a site of which nothing but an address is known.

    The country is that of the domain where it names one. Raises pydantic's ValidationError.
    """
    domain = registered_domain(url)
    suffix = domain.rpartition(".")[2].upper()
    country = country or (suffix if len(suffix) == 2 and suffix.isalpha() else None)
    facts: dict[str, Any] = {"country": country} if country else {"scope": "panafrican"}
    slug = "".join(c if c.isalnum() and c.isascii() else "_" for c in domain.lower())
    return Source.model_validate(facts | {"slug": slug, "name": name or domain, "url": url})


def finished_source(report: ProbeReport) -> Source:
    """Return the entry that a probe's findings make: what works, by the way that works best."""
    urls = {kind: [w["url"] for w in report.working if w["kind"] == kind] for kind in _KINDS}
    facts = report.source.model_dump(exclude_defaults=True)
    facts |= {"cms": report.site.cms} if report.site.cms else {}
    if urls["feed"]:
        facts |= {"feeds": tuple(urls["feed"][:3])}
    elif urls["sitemap"]:
        facts |= {"spider": "sitemap", "sitemaps": tuple(urls["sitemap"][:3])}
    elif not urls["posts"]:
        facts |= {"spider": "listing"}
    return Source.model_validate(facts)


_KINDS = ("feed", "sitemap", "posts", "section")


def _crawl(
    settings: Settings,
    sources: Sequence[Source],
    folder: Path,
    spider_of: Any,
    parallel: int = 1,
) -> None:
    settings.set("VIGIE_DB", str(folder / "probe.db"))
    settings.set("VIGIE_RECHECK", value=False)
    CrawlRun(settings, sources, parallel=parallel, spider_of=spider_of).run("probe")


def _report(settings: Settings, source: Source, site: Site) -> ProbeReport:
    archive = shared_archive(settings["VIGIE_DB"])
    return ProbeReport(
        source=source,
        site=site,
        ways=tuple(archive.feeds.ways(source.slug)),
        pages=tuple(archive.queue.ended(source.slug)),
    )
