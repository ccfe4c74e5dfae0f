"""Ways: the feeds, sitemaps and section pages that lead to a source's articles."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from ipaddress import ip_address
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import attrs

from crawler.source import Source
from pipelines.page.printed_dates import parse_printed
from storage.records import Link
from storage.times import now

if TYPE_CHECKING:
    from pipelines.sitemaps import SitemapReading

FEED_PATHS = {
    "wordpress": "/feed/",
    "spip": "/spip.php?page=backend",
    "drupal": "/rss.xml",
    "joomla": "/index.php?format=feed&type=rss",
    "wmaker": "/xml/syndication.rss",
}
"""Where the content management systems of our sources put their feed."""
_TRACES = {
    "wordpress": re.compile(rb"/wp-(?:content|includes|json)/", re.IGNORECASE),
    "spip": re.compile(rb"spip\.php|content=.SPIP|/squelettes", re.IGNORECASE),
    "drupal": re.compile(rb"/sites/default/files/|content=.Drupal", re.IGNORECASE),
    "joomla": re.compile(rb"content=.Joomla!|/media/(?:jui|system/js)/", re.IGNORECASE),
    "wmaker": re.compile(rb"wmaker|/xml/syndication\.rss", re.IGNORECASE),
}
POSTS_PATH = "/wp-json/wp/v2/posts?per_page=50&_fields=link,date_gmt,title"
"""WordPress' REST API, which many sites leave open whose feed is closed."""
SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")
_UNREACHED = frozenset({"bad_http", "connect", "data_loss", "dns", "timeout", "tls_invalid"})
_ABSENT = frozenset({"empty", "gone", "html", "http_error", "malformed", "server_error"})
"""Problems that the same site under its other name, or by the other scheme, may not have."""
LINKS_PER_READING = 2000
CHILD_SITEMAPS = 3
"""How many sitemaps of an index are read, the latest changed first."""


@attrs.frozen(kw_only=True)
class WayReading:
    """What one of these says."""

    links: tuple[Link, ...] = ()
    found: int = 0
    """Links before the old ones were left out."""
    feeds: tuple[str, ...] = ()
    """Feeds that a section page declares."""
    sitemaps: tuple[str, ...] = ()
    """Further sitemaps that an index lists, the latest changed first."""
    problem: str | None = None
    cms: str | None = None
    """The content management system, as the markup of a section page gives it away."""
    newest: datetime | None = None
    """The date of the newest link, None when none is dated."""


def read_way(
    kind: str, body: bytes, content_type: str | None, url: str, oldest: datetime
) -> WayReading:
    """Read a feed, sitemap, section page or list of posts; what a worker runs.

    Links that are announced as older than `oldest` are left out.
    """
    # The crawl names this function and never runs it: it need not load what parses.
    from pipelines.feeds import read_feed
    from pipelines.posts import read_posts
    from pipelines.sections import read_section
    from pipelines.sitemaps import read_sitemap

    if kind == "feed":
        feed = read_feed(body, content_type, url)
        return _reading(feed.links, oldest, problem=feed.problem)
    if kind == "posts":
        posts = read_posts(body, content_type, url)
        return _reading(posts.links, oldest, problem=posts.problem)
    if kind == "sitemap":
        sitemap = read_sitemap(body, url)
        children = sorted(sitemap.sitemaps, key=lambda s: s.modified_hint or "", reverse=True)
        addresses = tuple(child.url for child in children[:CHILD_SITEMAPS])
        fresh = _latest(sitemap, oldest)
        reading = _reading(fresh, oldest, sitemaps=addresses, problem=sitemap.problem)
        return attrs.evolve(reading, found=len(sitemap.links))
    section = read_section(body, content_type, url)
    reading = _reading(section.links, oldest, feeds=section.feeds, problem=section.problem)
    return attrs.evolve(reading, cms=detect_cms(body))


def _latest(sitemap: SitemapReading, oldest: datetime) -> tuple[Link, ...]:
    """Return the links of a sitemap, those that changed last first and the old ones left out.

    No more than the crawl's own process can take in at once: 50,000 of them held it up for 0.7 s.
    """
    dated, undated = [], []
    for link in sitemap.links:
        hint = sitemap.modified_hints.get(link.url) or link.published_hint
        moment = parse_printed(hint) if hint else None
        if moment is None:
            undated.append(link)
        elif moment.at >= oldest:
            dated.append((moment.at, link))
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(chain((link for _, link in dated), undated))[:LINKS_PER_READING]


def detect_cms(body: bytes) -> str | None:
    """Return the content management system that made a page, None when nothing gives it away."""
    return next((cms for cms, trace in _TRACES.items() if trace.search(body)), None)


def _reading(
    links: tuple[Link, ...],
    oldest: datetime,
    *,
    feeds: tuple[str, ...] = (),
    sitemaps: tuple[str, ...] = (),
    problem: str | None = None,
) -> WayReading:
    return WayReading(
        links=tuple(link for link in links if not _is_before(link.published_hint, oldest)),
        found=len(links),
        feeds=feeds,
        sitemaps=sitemaps,
        problem=problem,
        newest=_newest(links),
    )


def _newest(links: tuple[Link, ...]) -> datetime | None:
    """Return the latest date among the links, those of the future left out."""
    printed = (parse_printed(link.published_hint) for link in links if link.published_hint)
    limit = now() + timedelta(days=1)
    return max((moment.at for moment in printed if moment and moment.at < limit), default=None)


def _is_before(printed: str | None, oldest: datetime) -> bool:
    moment = parse_printed(printed) if printed else None
    return moment is not None and moment.at < oldest


def sibling_addresses(url: str, problem: str | None) -> tuple[str, ...]:
    """Return the same address with or without `www.` and by the other scheme, where that may help.

    A host that refuses us or asks for a pause is not gone round. From https to http only where the
    host itself said, under its certificate, that there is nothing: whoever can break the connection
    could otherwise put up a site of his own.
    """
    scheme, _, rest = url.partition("://")
    if problem not in _ABSENT | _UNREACHED or _is_numeric(url):
        return ()
    hosts = [rest, _other_name(rest)]
    schemes = [scheme] if scheme == "https" and problem in _UNREACHED else ["https", "http"]
    siblings = [
        f"{s}://{host}" for s in sorted(schemes, key=lambda s: s != scheme) for host in hosts
    ]
    return tuple(sibling for sibling in siblings if sibling != url)


def _other_name(rest: str) -> str:
    return rest.removeprefix("www.") if rest.startswith("www.") else f"www.{rest}"


def _is_numeric(url: str) -> bool:
    try:
        ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return False
    return True


def likely_feeds(source: Source) -> tuple[str, ...]:
    """Return the addresses at which the source's system, or any usual one, has its feed."""
    known = FEED_PATHS.get(source.cms or "")
    paths = FEED_PATHS.values() if known is None else [known]
    return tuple(urljoin(source.url, path) for path in paths)


def likely_posts(source: Source) -> tuple[str, ...]:
    """Return where WordPress lists its posts, nothing for a source that has another system."""
    return (urljoin(source.url, POSTS_PATH),) if source.cms in {None, "wordpress"} else ()


def likely_sitemaps(source: Source, robots: str) -> tuple[str, ...]:
    """Return the sitemaps that robots.txt names, news sitemaps first, or else the usual ones."""
    named = [
        line.split(":", 1)[1].strip()
        for line in robots.splitlines()
        if line.lower().startswith("sitemap:")
    ]
    named.sort(key=lambda url: "news" not in url.lower())
    return tuple(named[:CHILD_SITEMAPS]) or tuple(urljoin(source.url, p) for p in SITEMAP_PATHS)
