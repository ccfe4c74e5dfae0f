"""Dated pages: the articles that a site lists by month or by day, at `/2023/05/` or `/2023/05/12/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipelines.page.addresses import absolute
from pipelines.page.decode import decode
from pipelines.page.markup import Tree, parse_html, words_of
from pipelines.past.periods import Period, period_of_article
from pipelines.past.records import PastArticle, PastReading, digest_of
from pipelines.sections import read_section
from storage.records import Link
from storage.urls import canonical_url, site_of
from storage.window import Window

_PLACE = re.compile(r"/page/(\d{1,4})/?$")


def read_dated_page(body: bytes, content_type: str | None, url: str, window: Window) -> PastReading:
    """Return the articles that a dated page lists, and the page after it. Never raises.

    A site that answers every address with its front page lists nothing dated: the year must stand
    in the page's title or heading, or in the address of an article.
    """
    tree = parse_html(decode(body, content_type))
    if tree is None:
        return PastReading(problem="empty")
    asked = period_of_article(url)
    links = read_section(body, content_type, url).links
    if asked is None or not (_names_year(tree, asked) or _has_own(links, asked)):
        return PastReading(problem="undated")
    kept = tuple(link for link in links if _may_be_of(link, window))
    return PastReading(
        articles=tuple(PastArticle(link=link) for link in kept),
        further=tuple(_next_page(tree, url)),
        listed=len(links),
        left_out=len(links) - len(kept),
        digest=digest_of(link.url for link in links),
    )


def _names_year(tree: Tree, asked: Period) -> bool:
    year = str(asked.since.year)
    return any(year in words_of(element) for element in tree.iter("title", "h1"))


def _has_own(links: tuple[Link, ...], asked: Period) -> bool:
    named = (period_of_article(link.url) for link in links)
    return any(asked.since <= period.since < asked.until for period in named if period)


def _may_be_of(link: Link, window: Window) -> bool:
    named = period_of_article(link.url)
    return named is None or window.meets(named.since, named.until)


def _next_page(tree: Tree, url: str) -> Iterator[str]:
    """Yield the address of the page after this one, as the page itself links to it."""
    found = _PLACE.search(urlsplit(url).path)
    wanted = int(found[1]) + 1 if found else 2
    base = canonical_url(url).split("?", maxsplit=1)[0]
    first = _PLACE.sub("", base)
    for element in tree.iter("link", "a"):
        address = absolute(url, element.get("href"))
        if address is None or site_of(address) != site_of(url):
            continue
        if canonical_url(address) == f"{first}/page/{wanted}":
            yield address
            return
