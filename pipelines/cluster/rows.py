"""Rows: what was read on a page, as one row of a Parquet partition and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipelines.fingerprint import text_digest
from storage.folding import fold_text
from storage.records import (
    Article,
    CountryMention,
    Flag,
    Language,
    Match,
    Page,
    Published,
    Reading,
)
from storage.times import from_text, optional_text, to_text
from storage.urls import canonical_url

Row = dict[str, Any]

_FLAG = ("rule_set", "flagged", "score", "status", "status_words")
_OF_THE_SOURCE = ("source_country", "source_name")
_FLAG_LISTS = ("themes", "countries", "mentioned", "undecided")
_ARTICLE = (
    "source",
    "url",
    "canonical_url",
    "title",
    "standfirst",
    "text",
    "section",
    "image",
    "declared_language",
    "partial",
)


def row_of(reading: Reading, page: Page) -> Row:
    """Return what was read on a page as a row, with what of its source it is judged by."""
    article, language = reading.article, reading.language
    return {
        **{name: getattr(article, name) for name in _ARTICLE},
        "authors": list(article.authors),
        "tags": list(article.tags),
        "modified_at": optional_text(article.modified_at),
        **_published_columns(article.published),
        "source_country": page.country,
        "source_name": page.outlet,
        "source_language": page.language,
        "language": language.code,
        "language_confidence": language.confidence,
        "language_certain": language.certain,
        **flag_columns(reading.flag),
        "text_digest": reading.text_digest,
        "fingerprint": list(reading.fingerprint),
        "queued_url": reading.queued_url,
        "fetched_at": to_text(reading.fetched_at),
        "http_status": reading.status,
        "headers": [{"name": name, "value": value} for name, value in reading.headers],
        "raw": reading.raw,
        "raw_sha256": reading.raw_sha256,
    }


def flag_columns(flag: Flag) -> Row:
    """Return the columns of a row that a rule set's judgement fills."""
    return {
        **{name: getattr(flag, name) for name in _FLAG},
        **{name: list(getattr(flag, name)) for name in _FLAG_LISTS},
        "matches": [match._asdict() for match in flag.matches],
        "mentions": [
            mention._asdict() | {"codes": list(mention.codes)} for mention in flag.mentions
        ],
        "arithmetic": json.dumps(flag.arithmetic, ensure_ascii=False),  # 32 is not to become 32.0
    }


def reading_of(row: Row) -> Reading:
    """Return the reading that a row holds."""
    return Reading(
        queued_url=row["queued_url"],
        fetched_at=from_text(row["fetched_at"]),
        status=row["http_status"],
        headers=_headers(row),
        article=_article(row),
        language=Language(
            code=row["language"],
            confidence=row["language_confidence"],
            certain=row["language_certain"],
        ),
        flag=flag_of(row),
        text_digest=row["text_digest"],
        fingerprint=tuple(row["fingerprint"]),
        raw=row["raw"],
        raw_sha256=row["raw_sha256"],
    )


def page_of(row: Row, body: bytes) -> Page:
    """Return the page that a row was read on, given its body."""
    return Page(
        source=row["source"],
        url=row["url"],
        queued_url=row["queued_url"],
        body=body,
        fetched_at=from_text(row["fetched_at"]),
        status=row["http_status"],
        headers=_headers(row),
        country=row["source_country"],
        outlet=row["source_name"],
        language=row["source_language"],
    )


def row_of_exported(exported: Mapping[str, Any]) -> Row:
    """Return an article of `vigie export` as a row that no rule set has judged yet.

    What an export leaves out is empty; without a status it can be judged again, but not stored.
    """
    kept = (*_ARTICLE, *_OF_THE_SOURCE, "published_at", "language")
    row = {name: exported[name] for name in kept if name in exported}
    return row | {
        "canonical_url": canonical_url(exported["url"]),
        "authors": list(exported["authors"]),
        "tags": list(exported["tags"]),
        "partial": bool(exported["partial"]),
        "text_digest": text_digest(fold_text(exported["text"])),
        "queued_url": exported["url"],
        "http_status": None,
    }


def _published_columns(published: Published | None) -> Row:
    return {
        "published_at": to_text(published.at) if published else None,
        "published_printed": published.printed if published else None,
        "published_precision": published.precision if published else None,
        "published_from": published.origin if published else None,
    }


def _published(row: Row) -> Published | None:
    if row["published_at"] is None:
        return None
    return Published(
        at=from_text(row["published_at"]),
        printed=row["published_printed"],
        precision=row["published_precision"],
        origin=row["published_from"],
    )


def _article(row: Row) -> Article:
    modified = row["modified_at"]
    return Article(
        **{name: row[name] for name in _ARTICLE},
        authors=tuple(row["authors"]),
        tags=tuple(row["tags"]),
        published=_published(row),
        modified_at=None if modified is None else from_text(modified),
    )


def flag_of(row: Row) -> Flag:
    """Return how a row was judged."""
    judged: dict[str, Any] = {name: row[name] for name in _FLAG}
    judged |= {name: tuple(row[name]) for name in _FLAG_LISTS}
    return Flag(
        **judged,
        matches=tuple(Match(**match) for match in row["matches"]),
        mentions=tuple(
            CountryMention(**mention | {"codes": tuple(mention["codes"])})
            for mention in row["mentions"]
        ),
        arithmetic=tuple((label, points) for label, points in json.loads(row["arithmetic"])),
    )


def _headers(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((header["name"], header["value"]) for header in row["headers"])
