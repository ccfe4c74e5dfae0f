"""Intake: records with text from outside, cleaned before they are kept.

What reads pages and feeds cleans too; here nothing can be forgotten. Clean text stays as it is,
so that the places of matches hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from storage.cleaning import clean_line, clean_text
from storage.records import Article, FeedState, Link, Published, Reading, Refusal

TEXT, LINE, ADDRESS, NAME, PRINTED = 1_000_000, 2_000, 4_000, 200, 200
"""Characters kept of a text, a title or note, an address, a name, a date as printed."""
HEADERS, HEADER = 100, 4_000
"""Headers kept of an answer, and characters of each."""


def clean_address(url: str) -> str:
    """Return an address as it is kept, and as it is looked for."""
    return clean_line(url, ADDRESS)


def clean_or_none(value: str | None, limit: int = LINE) -> str | None:
    """Return a line of text, None when nothing is left of it."""
    return clean_line(value, limit) or None if value else None


def clean_names(values: Iterable[str]) -> tuple[str, ...]:
    """Return names without those of which nothing is left."""
    return tuple(name for value in values if (name := clean_line(value, NAME)))


def clean_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how often each class was met; those of which the same is left are added up."""
    clean: Counter[str] = Counter()
    for name, times in counts.items():
        clean[clean_line(name, NAME)] += times
    return dict(clean)


def clean_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the headers of an answer."""
    first = list(headers)[:HEADERS]
    return tuple((clean_line(name, NAME), clean_line(value, HEADER)) for name, value in first)


def clean_link(link: Link) -> Link:
    """Return a link as it is queued."""
    return attrs.evolve(
        link,
        url=clean_address(link.url),
        title=clean_or_none(link.title),
        published_hint=clean_or_none(link.published_hint, PRINTED),
    )


def clean_feed(state: FeedState) -> FeedState:
    """Return what is remembered of a feed."""
    return attrs.evolve(
        state,
        url=clean_address(state.url),
        etag=clean_or_none(state.etag),
        last_modified=clean_or_none(state.last_modified),
        problem=clean_or_none(state.problem, NAME),
    )


def clean_refusal(refusal: Refusal) -> Refusal:
    """Return why a page gave no article."""
    return attrs.evolve(
        refusal,
        queued_url=clean_address(refusal.queued_url),
        detail=clean_or_none(refusal.detail),
    )


def clean_reading(reading: Reading) -> Reading:
    """Return what was read on a page."""
    return attrs.evolve(
        reading,
        queued_url=clean_address(reading.queued_url),
        headers=clean_headers(reading.headers),
        article=_clean_article(reading.article),
    )


def _clean_article(article: Article) -> Article:
    return attrs.evolve(
        article,
        url=clean_address(article.url),
        canonical_url=clean_address(article.canonical_url),
        title=clean_line(article.title, LINE),
        text=clean_text(article.text, TEXT),
        standfirst=clean_or_none(article.standfirst, LINE * 10),
        authors=clean_names(article.authors),
        published=_clean_date(article.published),
        section=clean_or_none(article.section, NAME),
        tags=clean_names(article.tags),
        image=clean_or_none(article.image, ADDRESS),
    )


def _clean_date(published: Published | None) -> Published | None:
    if published is None:
        return None
    return attrs.evolve(published, printed=clean_line(published.printed, PRINTED))
