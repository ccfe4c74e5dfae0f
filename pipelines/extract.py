"""Extract: a fetched page becomes an article, or a reason why it does not."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import attrs

from pipelines.page.body import MAX_TEXT, article_paragraphs
from pipelines.page.consent import is_consent_wall
from pipelines.page.dates import DateClaim, DateQuestion, find_modified, find_published
from pipelines.page.decode import as_utf8, mend
from pipelines.page.markup import Tree, parse_html
from pipelines.page.metadata import MAX_TITLE, Metadata, read_metadata
from pipelines.page.standfirst import find_standfirst
from pipelines.page.teasers import strip_teasers
from pipelines.page.titles import key_of
from pipelines.past.layout import page_of_post
from pipelines.stopwatch import Stopwatch
from storage.cleaning import clean_line, clean_text
from storage.records import Article, Page, Published, Refusal
from storage.urls import canonical_url

MIN_TEXT = 250
"""Below this a page without a title is no article; sites where it grows common have changed."""

_BINARY = re.compile(
    rb"^(?:\xff\xd8\xff|\x89PNG|GIF8|%PDF|PK\x03\x04|RIFF|\x1f\x8b|ID3|OggS|\x00\x00\x00.ftyp)",
    re.DOTALL,
)
_HAS_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|div|p|article|title|h1|table)\b", re.IGNORECASE
)
_HEAD = 20_000
"""Bytes in which a challenge tells itself."""
_CHALLENGE_TITLE = re.compile(
    rb"<title>\s*(?:just a moment|attention required!|un instant|access denied|ddos-guard|one moment, please)"
)
_CHALLENGE_MARKS = (
    b"cf-browser-verification",
    b"_cf_chl_opt",
    b'id="challenge-form',
    b"id='challenge-form",
)
"""Not the challenge platform's script: Cloudflare adds it to ordinary pages too."""

_SOFT_404 = re.compile(
    r"^(?:erreur\s*)?404\b|\b404\s*$|page (?:non trouv[ée]e|introuvable|inexistante|not found)|not found$"
    r"|(?:article|contenu|document) (?:introuvable|non trouv[ée]|inexistant)|^erreur 404|n[’']existe (?:pas|plus)$",
    re.IGNORECASE,
)
_SOFT_404_TEXT = 1500
"""A longer text is an article, whatever its title: "Le Boeing 404" may be one."""

_MAX_MENU = 20
_MAX_MENU_LINE = 120
"""Lines before a title that are longer are the article's, and the title stands in its middle."""

_PAYWALL = re.compile(
    r"r[ée]serv[ée]e?s? (?:à nos|aux) abonn[ée]s|il vous reste [\d,.]+\s*% de cet article"
    r"|pour lire la suite|abonnez-vous pour (?:lire|continuer)"
)
_PAYWALL_WORDS = ("abonn", "il vous reste", "pour lire la suite")
"""One of them stands in whatever the expression finds, which is slow to look for the whole."""


def extract_article(page: Page, watch: Stopwatch | None = None) -> Article | Refusal:
    """Return the article on a page, or why there is none; `watch` takes the time of each stage.

    Reasons: `empty`, `not_html`, `challenge`, `listing`, `soft_404`, `extract_short`. Never raises for what
    a page may hold; time and memory are limited by the worker it runs in.
    """
    watch = watch or Stopwatch()
    html = _html(page)
    if reason := _not_a_page(page, html):
        return _refusal(page, reason)
    tree = parse_html(html)
    watch.lap("decode")
    if tree is None:
        return _refusal(page, "empty")
    metadata = read_metadata(tree, page.url, page.outlet)
    watch.lap("metadata")
    title = clean_line(mend(metadata.title or page.title_hint or ""), MAX_TITLE)
    printed = "\n".join(_without_title(article_paragraphs(tree), title))
    text = clean_text(mend(strip_teasers(printed, page.outlet)), MAX_TEXT)
    watch.lap("extract")
    if reason := _no_article(title, text):
        return _refusal(page, reason, detail=f"{len(text)} characters under {title[:80]!r}")
    article = _article(page, metadata, title, text)
    partial = metadata.paywalled or _is_cut(printed.lower())
    published = _published(page, tree, metadata)
    watch.lap("dates")
    return attrs.evolve(article, partial=partial, published=published)


def _html(page: Page) -> bytes:
    """Return a page's markup in UTF-8."""
    content_type = dict(page.headers).get("content-type")
    post = page_of_post(page.body, content_type)
    return as_utf8(page.body, content_type) if post is None else post.encode("utf-8", "ignore")


def _not_a_page(page: Page, html: bytes) -> str | None:
    if not page.body.strip():
        return "empty"
    if _BINARY.match(page.body) or not _HAS_TAG.search(html):
        return "not_html"
    if _is_challenge(html[:_HEAD].lower()):
        return "challenge"
    return "listing" if _is_sent_home(page) else None


def _is_challenge(head: bytes) -> bool:
    """Whether the beginning of a page, in lower case, is that of a question whether we are human."""
    return _CHALLENGE_TITLE.search(head) is not None or any(
        mark in head for mark in _CHALLENGE_MARKS
    )


def _is_sent_home(page: Page) -> bool:
    """Whether the page redirected to the front page, as many sites do for lost articles."""
    parts = urlsplit(page.url)
    return page.url != page.queued_url and parts.path in {"", "/"} and not parts.query


def _article(page: Page, metadata: Metadata, title: str, text: str) -> Article:
    return Article(
        source=page.source,
        url=page.url,
        canonical_url=canonical_url(metadata.canonical or page.url),
        title=title,
        text=text,
        standfirst=find_standfirst(metadata.heading, metadata.description, title, text),
        authors=metadata.authors,
        modified_at=find_modified(metadata.modified, page.fetched_at),
        section=metadata.section,
        tags=metadata.tags,
        image=metadata.image,
        declared_language=metadata.declared_language,
    )


def _is_cut(printed: str) -> bool:
    """Whether a text in lower case says that its rest is for subscribers."""
    return any(word in printed for word in _PAYWALL_WORDS) and _PAYWALL.search(printed) is not None


def _published(page: Page, tree: Tree, metadata: Metadata) -> Published | None:
    announced = page.published_hint
    feed = (DateClaim(printed=announced, origin="feed"),) if announced else ()
    question = DateQuestion(
        tree=tree,
        url=page.url,
        fetched_at=page.fetched_at,
        claims=(*metadata.published, *feed),
        heading=metadata.heading,
    )
    return find_published(question)


def _no_article(title: str, text: str) -> str | None:
    if len(text) < _SOFT_404_TEXT and _SOFT_404.search(title):
        return "soft_404"
    if is_consent_wall(text):
        return "challenge"
    if not title and len(text) < MIN_TEXT:
        return "extract_short"
    return None if title and text else "extract_short"


def _without_title(paragraphs: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Return the paragraphs after the title, if only menus and breadcrumbs come before it."""
    key = key_of(title)
    for place, paragraph in enumerate(paragraphs[:_MAX_MENU]):
        if key_of(paragraph) == key:
            return paragraphs[place + 1 :]
        if len(paragraph) > _MAX_MENU_LINE:
            break
    return paragraphs


def _refusal(page: Page, reason: str, detail: str | None = None) -> Refusal:
    return Refusal(
        source=page.source,
        queued_url=page.queued_url,
        reason=reason,
        detail=detail,
        status=page.status,
    )
