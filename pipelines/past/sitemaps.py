"""Sitemaps: the articles of a window that a sitemap lists, and the sitemaps that may list more."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from pipelines.page.printed_dates import parse_printed
from pipelines.past.periods import period_of_article, period_of_sitemap
from pipelines.past.records import PastArticle, PastReading, digest_of
from pipelines.sitemaps import ChildSitemap, SitemapReading, read_sitemap
from storage.records import Link
from storage.window import Window

CORRECTIONS = timedelta(days=7)
"""An article that last changed this long after the window may be of it: most are corrected at once."""

_ROOT = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_NOT_ARTICLES = re.compile(
    r"(?:^|[/_-])(?:categor(?:y|ies)|(?:post_)?tags?|authors?|users?|pages?|attachments?|videos?|images?"
    r"|products?|taxonomies|topics?|forums?)[_-]sitemap|sitemap-(?:taxonomies|users|posts-page|authors?"
    r"|pt-page|tax|misc|categories|tags|pages|images|videos)(?:[-.]|$)",
    re.IGNORECASE,
)
"""Names under which the usual systems list what are no articles."""


def read_past_sitemap(body: bytes, url: str, window: Window) -> PastReading:
    """Return what a sitemap says of a window. Never raises."""
    sitemap = read_sitemap(body, url)
    links = [
        link
        for link in sitemap.links
        if _may_be_of(link, sitemap.modified_hints.get(link.url), window)
    ]
    return PastReading(
        articles=tuple(PastArticle(link=link) for link in links),
        further=tuple(s.url for s in sitemap.sitemaps if _may_hold(s, window)),
        listed=len(sitemap.links),
        left_out=len(sitemap.links) - len(links),
        digest=digest_of(link.url for link in sitemap.links) if sitemap.links else None,
        problem=None if _is_sitemap(sitemap, body) else sitemap.problem,
    )


def _is_sitemap(sitemap: SitemapReading, body: bytes) -> bool:
    """Whether an answer is a sitemap, be it one of a month in which nothing was published."""
    return bool(sitemap.links or sitemap.sitemaps) or _ROOT.search(body, 0, 2000) is not None


def read_robots(body: bytes) -> PastReading:
    """Return the sitemaps that a robots.txt names. Never raises."""
    lines = body[:524_288].decode("utf-8", "replace").splitlines()
    named = [line.partition(":")[2].strip() for line in lines if _is_sitemap_line(line)]
    return PastReading(further=tuple(dict.fromkeys(named)))


def _is_sitemap_line(line: str) -> bool:
    return line.strip().lower().startswith("sitemap:")


def _may_hold(child: ChildSitemap, window: Window) -> bool:
    """Whether a sitemap may list articles of the window, by its name, else by its last change."""
    if _NOT_ARTICLES.search(urlsplit(child.url).path):
        return False
    named = period_of_sitemap(child.url)
    if named is not None:
        return window.meets(named.since, named.until)
    moment = parse_printed(child.modified_hint) if child.modified_hint else None
    return moment is None or moment.at >= window.since


def _may_be_of(link: Link, modified: str | None, window: Window) -> bool:
    """Whether an article may be of the window, by its date, its address, or its last change.

    Without any of these it may be: its page will say.
    """
    if urlsplit(link.url).path in {"", "/"}:
        return False
    published = parse_printed(link.published_hint) if link.published_hint else None
    if published is not None:
        return window.holds(published.at)
    named = period_of_article(link.url)
    if named is not None:
        return window.meets(named.since, named.until)
    changed = parse_printed(modified) if modified else None
    return changed is None or window.since <= changed.at < window.until + CORRECTIONS
