"""Sections: the articles that a home or section page links to, and the feeds it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import unquote, urlsplit

import attrs

from pipelines.page.addresses import absolute
from pipelines.page.decode import decode
from pipelines.page.markup import Tree, parse_html, words_of
from storage.cleaning import clean_line
from storage.records import Link
from storage.urls import canonical_url, site_of

MAX_LINKS = 500
MAX_ANCHORS = 5000
"""Anchors that are looked at; a hostile page had 100,000."""

MAX_TITLE = 500
MIN_TITLE_WORDS = 3
"""An anchor with fewer words is a button or a section's name."""

HEADLINE_WORDS = 5
"""From so many words on an anchor reads like a headline."""

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})

_NOT_ARTICLES = re.compile(
    r"/(?:categor(?:y|ie|ies)|rubriques?|sections?|tags?|mots?|motcle|auth?ors?|auteurs?|pages?|feed|rss|comments?|commentaires?"
    r"|wp-admin|wp-content|wp-json|wp-login|login|connexion|inscription|register|contacts?|nous-contacter|a-?propos[^/]*|about[^/]*"
    r"|qui-sommes-nous|mentions-legales|cgu|conditions-[^/]*|privacy[^/]*|(?:politique-de-)?confidentialite|abonne[^/]*|publicite"
    r"|newsletter|search|recherche|archives?|galeries?|photos|videotheque|boutique|shop|panier|compte|forum|plan-du-site|sitemap|annonces)"
    r"(?=[/.]|$)",
    re.IGNORECASE,
)
_MEDIA = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|bmp|ico|pdf|docx?|xlsx?|pptx?|zip|rar|mp3|mp4|m4a|avi|mov|webm|ogg|css|js|xml|rss|apk)$",
    re.IGNORECASE,
)
_SPIP_ARTICLE = re.compile(r"(?:^|[?&])(?:article|id_article=)\d+", re.IGNORECASE)
_SPIP_OTHER = re.compile(
    r"(?:^|[?&])(?:rubrique|auteur|mot|breve|page=(?!article)|id_rubrique=|id_auteur=|id_mot=)",
    re.IGNORECASE,
)
_QUERY_ARTICLE = re.compile(
    r"(?:^|&)(?:p|id|nid|aid|idarticle|article_id|news_id|newsid|num|art)=\d+", re.IGNORECASE
)
_PAGINATION = re.compile(
    r"(?:^|&)(?:page=\d|(?:paged|start|offset|debut_\w+|limitstart|s|m|cat|tag|author|share|replytocom)=)",
    re.IGNORECASE,
)
_DATE = re.compile(r"/(?:19|20)\d{2}[/-](?:0?[1-9]|1[0-2])(?:[/-](?:[0-2]?\d|3[01]))?/[^/]{3,}")
_CALENDAR = re.compile(r"^/(?:[a-z]{2}/)?(?:19|20)\d{2}(?:/\d{1,2}){0,2}/?$")
_NUMBER = re.compile(r"(?:^|[/_.,-])\d{3,}(?=$|[/_.,-])")
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|cfm)$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")


@attrs.frozen(kw_only=True)
class SectionReading:
    """What a home or section page offers."""

    links: tuple[Link, ...] = ()
    feeds: tuple[str, ...] = ()
    """Addresses of the feeds that the page names, in its order; those of comments come last."""
    problem: str | None = None
    """empty, or None."""


def read_section(body: bytes, content_type: str | None, url: str) -> SectionReading:
    """Return the article links of a page, in its order, each document once. Never raises.

    Only links within the site count, `url` being where the page came from.
    """
    tree = parse_html(decode(body, content_type))
    if tree is None:
        return SectionReading(problem="empty")
    base = _base(tree, url)
    links = _links(tree, base, url)
    feeds = tuple(_feeds(tree, base))
    return SectionReading(links=links, feeds=feeds, problem=None if links or feeds else "empty")


def looks_like_article(url: str, title: str) -> bool:
    """Whether a link leads to an article, by its address and, where that is not enough, its title.

    A date, a long slug, a SPIP or CMS number say so alone; a short slug or a bare number needs an
    anchor that reads like a headline.
    """
    parts = urlsplit(url)
    path = unquote(parts.path)
    if _MEDIA.search(path) or _NOT_ARTICLES.search(path) or _CALENDAR.search(path):
        return False
    if _SPIP_OTHER.search(parts.query) or _PAGINATION.search(parts.query):
        return False
    return (
        _SPIP_ARTICLE.search(parts.query) is not None
        or _is_sure(path, parts.query)
        or (_is_likely(path) and _is_headline(title))
    )


def _is_sure(path: str, query: str) -> bool:
    words = _slug_words(path)
    with_number = words >= 2 and _NUMBER.search(path) is not None
    return (
        words >= 5
        or with_number
        or _QUERY_ARTICLE.search(query) is not None
        or _DATE.search(path) is not None
    )


def _is_likely(path: str) -> bool:
    return _slug_words(path) >= 2 or _NUMBER.search(path) is not None


def _slug_words(path: str) -> int:
    last = _EXTENSION.sub("", path.rstrip("/").rpartition("/")[2])
    return len(_WORDS.findall(last))


def _is_headline(title: str) -> bool:
    return len(_WORDS.findall(title)) >= HEADLINE_WORDS


def _base(tree: Tree, url: str) -> str:
    element = tree.find(".//base[@href]")
    return absolute(url, element.get("href")) or url if element is not None else url


def _links(tree: Tree, base: str, url: str) -> tuple[Link, ...]:
    found = _merged(tree, base, url)
    links = (
        Link(url=address, discovered_by="section", title=title or None)
        for address, title in found
        if looks_like_article(address, title)
    )
    return tuple(islice(links, MAX_LINKS))


def _merged(tree: Tree, base: str, url: str) -> Iterable[tuple[str, str]]:
    """Return each document of the site once, under its first address, with its longest title."""
    site, own = site_of(url), canonical_url(url)
    found: dict[str, tuple[str, str]] = {}
    for address, title in _anchors(tree, base):
        identity = canonical_url(address)
        if identity != own and _within(address, site):
            first, known = found.get(identity, (address, ""))
            found[identity] = (first, max(known, title, key=len))
    return found.values()


def _anchors(tree: Tree, base: str) -> Iterator[tuple[str, str]]:
    """Yield the address and the title of each link; the title is empty where it is a button."""
    for place, element in enumerate(tree.iter("a")):
        if place >= MAX_ANCHORS:
            return
        address = absolute(base, element.get("href")) if element.get("href") else None
        if address:
            yield address, _title(element)


def _title(element: Tree) -> str:
    for text in (words_of(element), element.get("title") or ""):
        title = clean_line(text, MAX_TITLE)
        if len(_WORDS.findall(title)) >= MIN_TITLE_WORDS:
            return title
    return ""


def _within(address: str, site: str) -> bool:
    host = site_of(address)
    return host == site or host.endswith(f".{site}")


def _feeds(tree: Tree, base: str) -> Iterator[str]:
    """Yield the feeds of the page; the comments' feed, which WordPress names too, comes last."""
    found: dict[str, bool] = {}
    for element in tree.iter("link"):
        if (element.get("type") or "").strip().lower() not in _FEED_TYPES:
            continue
        address = absolute(base, element.get("href"))
        if address:
            label = f"{element.get('title') or ''} {urlsplit(address).path}".lower()
            found.setdefault(address, "comment" in label)
    yield from sorted(found, key=lambda address: found[address])
