"""Articles: the stored articles with their flags, matches and copies."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.agencies import credited_agency
from storage.connection import writing
from storage.copies import Copies
from storage.intake import clean_reading
from storage.judgements import Judgements
from storage.queue import Queue
from storage.records import Outcome, Reading
from storage.revisits import Revisits
from storage.times import optional_text, to_text
from storage.urls import canonical_url

DIGITS = 19
"""Of the first number that SQLite cannot hold."""


class Articles:
    """The `articles` and `raw_pages` tables."""

    def __init__(self, db: Database, queue: Queue, judgements: Judgements) -> None:
        self._db = db
        self._queue = queue
        self._judgements = judgements
        self._copies = Copies(db)
        self._revisits = Revisits(db)

    def store(self, reading: Reading, now: datetime) -> Outcome:
        """Store what was read on a page and settle the page, in one transaction.

        A page whose article is there already, by address or by the same outlet's same text,
        ends as a duplicate of it.
        """
        reading = clean_reading(reading)
        with writing(self._db):
            known = self._known(reading)
            if known is None:
                article, outcome = self._insert(reading, now), Outcome.STORED
            else:
                article, outcome = known, Outcome.DUPLICATE
            self._queue.settle(
                reading.queued_url, outcome, now, article=article, http_status=reading.status
            )
        return outcome

    def find(self, what: str) -> dict[str, Any] | None:
        """Return an article by its number or address, with its outlet's name and country.

        Its `agency` is the one that it credits, else the one that its copies credit.
        """
        number, address = _number(what), _address(what)
        if number is None and address is None:
            return None
        rows = self._db.query(
            """
            select articles.*, sources.name as outlet, sources.country,
                   coalesce(articles.agency, clusters.agency) as credited
              from articles
              join sources on sources.slug = articles.source
              left join clusters on clusters.id = articles.cluster
             where articles.id = :number or articles.canonical_url = :canonical_url
            """,
            {"number": number, "canonical_url": address},
        )
        row = next(rows, None)
        if row is not None:
            row["agency"] = row.pop("credited")
        return row

    def flagged(self, limit: int) -> list[dict[str, Any]]:
        """Return the flagged articles, the highest score first."""
        return list(
            self._db.query(
                "select * from flagged_articles order by score desc, id limit ?", [limit]
            )
        )

    def _known(self, reading: Reading) -> int | None:
        """Return the article that a page's text is, if it is stored.

        The index is named: left alone, SQLite reads all articles of the source, since nothing
        tells it how many these are.
        """
        row = self._db.execute(
            """
            select id from articles where canonical_url = :canonical_url
            union all
            select id from articles indexed by articles_text_digest
             where text_digest = :text_digest and source = :source
            limit 1
            """,
            {
                "canonical_url": reading.article.canonical_url,
                "text_digest": reading.text_digest,
                "source": reading.article.source,
            },
        ).fetchone()
        return row[0] if row else None

    def _insert(self, reading: Reading, now: datetime) -> int:
        article = self._insert_article(reading, now)
        self._judgements.give(article, reading.flag, now)
        self._copies.add(article, reading.fingerprint, now)
        if reading.raw is not None:
            self._insert_raw_page(article, reading)
        self._revisits.plan(article, reading, now)
        return article

    def _insert_article(self, reading: Reading, now: datetime) -> int:
        key = self._db.execute(_ARTICLE, _article_row(reading, now)).lastrowid
        assert key is not None  # noqa: S101 - a row was inserted, for the type checker
        return key

    def _insert_raw_page(self, article: int, reading: Reading) -> None:
        self._db.execute(
            """
            insert into raw_pages (article, url, fetched_at, status, headers, sha256, body)
            values (:article, :url, :fetched_at, :status, :headers, :sha256, :body)
            """,
            {
                "article": article,
                "url": reading.article.url,
                "fetched_at": to_text(reading.fetched_at),
                "status": reading.status,
                "headers": json.dumps(reading.headers, ensure_ascii=False),
                "sha256": reading.raw_sha256,
                "body": reading.raw,
            },
        )


def _number(what: str) -> int | None:
    """Return an article's number; None for what is none, or none that SQLite could hold."""
    return int(what) if what.isdecimal() and len(what) < DIGITS else None


def _address(what: str) -> str | None:
    """Return the identity of an address; None for what is no address."""
    try:
        return canonical_url(what)
    except ValueError:
        return None


def _article_row(reading: Reading, now: datetime) -> dict[str, object]:
    article, published = reading.article, reading.article.published
    return {
        "source": article.source,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "standfirst": article.standfirst,
        "text": article.text,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "published_at": optional_text(published.at) if published else None,
        "published_printed": published.printed if published else None,
        "published_precision": published.precision if published else None,
        "published_from": published.origin if published else None,
        "modified_at": optional_text(article.modified_at),
        "first_seen": to_text(now),
        "last_checked": to_text(reading.fetched_at),
        "language": reading.language.code,
        "language_confidence": reading.language.confidence,
        "section": article.section,
        "tags": json.dumps(article.tags, ensure_ascii=False),
        "image": article.image,
        "partial": article.partial,
        "digest": content_digest(article.title, article.standfirst, article.text),
        "text_digest": reading.text_digest,
        "agency": credited_agency(article.text, article.authors),
    }


def content_digest(title: str, standfirst: str | None, text: str) -> str:
    """Return the SHA-256 of title, standfirst and text: what a revision would change."""
    return hashlib.sha256("\x1f".join((title, standfirst or "", text)).encode()).hexdigest()


_ARTICLE = """
    insert into articles (
        source, url, canonical_url, title, standfirst, text, authors, published_at,
        published_printed, published_precision, published_from, modified_at, first_seen,
        last_checked, language, language_confidence, section, tags, image, partial, digest,
        text_digest, agency)
    values (
        :source, :url, :canonical_url, :title, :standfirst, :text, :authors, :published_at,
        :published_printed, :published_precision, :published_from, :modified_at, :first_seen,
        :last_checked, :language, :language_confidence, :section, :tags, :image, :partial, :digest,
        :text_digest, :agency)
"""
