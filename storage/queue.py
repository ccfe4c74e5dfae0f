"""Queue: the pages that are known and not settled, and how each of them ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.connection import writing
from storage.intake import clean_link, clean_refusal
from storage.reasons import BACKOFF, GIVE_UP, REASONS
from storage.records import Link, Outcome, QueuedPage, Refusal
from storage.times import from_text, to_text
from storage.urls import canonical_url


class Queue:
    """The `pages` table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self, source: str, links: Iterable[Link], now: datetime, backfill: int | None = None
    ) -> int:
        """Queue the links that are not known yet and return how many these were.

        A page is known by its canonical address, settled or not, whichever source announced it.
        One that waits for a backfill is new to the live crawl, which takes it over.
        """
        with writing(self._db):
            return sum(self._add_one(source, clean_link(link), now, backfill) for link in links)

    def _add_one(self, source: str, link: Link, now: datetime, backfill: int | None) -> int:
        return self._db.execute(
            """
            insert into pages (canonical_url, url, source, discovered_by, title_hint,
                               published_hint, next_attempt_at, queued_at, backfill)
            values (:canonical_url, :url, :source, :discovered_by, :title, :published, :now, :now,
                    :backfill)
            on conflict (canonical_url) do update set backfill = null
             where :backfill is null and backfill is not null and state = 'queued'
            """,
            {
                "canonical_url": canonical_url(link.url),
                "url": link.url,
                "source": source,
                "discovered_by": link.discovered_by,
                "title": link.title,
                "published": link.published_hint,
                "now": to_text(now),
                "backfill": backfill,
            },
        ).rowcount

    def due(self, source: str, now: datetime, limit: int) -> tuple[QueuedPage, ...]:
        """Return the source's pages whose turn has come, the newest announced first.

        Those of a backfill are left to it. One further ahead than any is put off was put off by a
        clock that has been set back since.
        """
        rows = self._db.query(
            """
            select url, discovered_by, attempts, title_hint, published_hint from pages
             where state = 'queued' and source = :source and backfill is null
               and (next_attempt_at <= :now or next_attempt_at > :furthest)
             order by id desc limit :limit
            """,
            {
                "source": source,
                "now": to_text(now),
                "furthest": to_text(now + BACKOFF[-1]),
                "limit": limit,
            },
        )
        return tuple(map(_queued_page, rows))

    def due_of_backfill(self, backfill: int, now: datetime, limit: int) -> tuple[QueuedPage, ...]:
        """Return pages of a backfill whose turn has come, in the order in which they were found."""
        rows = self._db.query(
            """
            select url, discovered_by, attempts, title_hint, published_hint from pages
             where state = 'queued' and backfill = :backfill and next_attempt_at <= :now
             order by id limit :limit
            """,
            {"backfill": backfill, "now": to_text(now), "limit": limit},
        )
        return tuple(map(_queued_page, rows))

    def size(self) -> int:
        """Return how many pages wait."""
        row = self._db.execute("select count(*) from pages where state = 'queued'").fetchone()
        return int(row[0])

    def outcomes(self) -> list[dict[str, Any]]:
        """Return how many pages of each source ended in which way; `queued` for those that wait."""
        return list(
            self._db.query(
                """
                select source, coalesce(outcome, state) as outcome, reason, count(*) as pages
                  from pages group by 1, 2, 3 order by 1, 4 desc
                """
            )
        )

    def ended(self, source: str) -> list[dict[str, Any]]:
        """Return how a source's pages ended, those not asked for left out, with their articles.

        url, outcome, reason, detail, and of an article title, published_at, language, characters
        and flagged.
        """
        return list(
            self._db.query(
                """
                select pages.url, coalesce(outcome, state) as outcome, reason, detail, title,
                       published_at, articles.language, length(text) as characters, flagged
                  from pages left join articles on articles.id = pages.article
                  left join flags on flags.article = articles.id
                 where pages.source = ? and (outcome is not null or reason is not null)
                 order by pages.id desc
                """,
                [source],
            )
        )

    def is_settled(self, url: str) -> bool:
        """Whether the page at an address ended, however it ended."""
        row = self._db.execute(
            "select state from pages where canonical_url = ?", [canonical_url(url)]
        ).fetchone()
        return row is not None and row[0] == "settled"

    def settle(
        self,
        queued_url: str,
        outcome: Outcome,
        now: datetime,
        *,
        article: int | None = None,
        http_status: int | None = None,
    ) -> None:
        """Note how a page ended, in the caller's transaction."""
        self._db.execute(
            """
            update pages set state = 'settled', outcome = :outcome, article = :article,
                   http_status = :http_status, attempts = attempts + 1, settled_at = :now,
                   next_attempt_at = null, reason = null, detail = null
             where canonical_url = :canonical_url
            """,
            {
                "canonical_url": canonical_url(queued_url),
                "outcome": outcome.value,
                "article": article,
                "http_status": http_status,
                "now": to_text(now),
            },
        )

    def refuse(self, refusal: Refusal, now: datetime) -> bool:
        """Note why a page gave no article; return whether it is settled.

        A soft reason leaves the page queued for a later run, three times at most; one that is the
        host's leaves it queued for two weeks.
        """
        refusal, reason = clean_refusal(refusal), REASONS[refusal.reason]
        with writing(self._db):
            row = self._db.execute(
                "select attempts, queued_at from pages where canonical_url = ?",
                [canonical_url(refusal.queued_url)],
            ).fetchone()
            attempts, queued_at = row or (0, to_text(now))
            tried = not reason.host
            waits = reason.soft and (
                attempts < len(BACKOFF) if tried else now - from_text(queued_at) < GIVE_UP
            )
            wait = BACKOFF[attempts] if waits and tried else BACKOFF[0]
            self._db.execute(
                """
                update pages set attempts = attempts + :tried, reason = :reason, detail = :detail,
                       http_status = :status,
                       state = iif(:waits, 'queued', 'settled'),
                       outcome = iif(:waits, null, 'refused'),
                       settled_at = iif(:waits, null, :now),
                       next_attempt_at = :next_attempt_at
                 where canonical_url = :canonical_url
                """,
                {
                    "canonical_url": canonical_url(refusal.queued_url),
                    "reason": refusal.reason,
                    "detail": refusal.detail,
                    "status": refusal.status,
                    "waits": waits,
                    "tried": tried,
                    "now": to_text(now),
                    "next_attempt_at": to_text(now + wait) if waits else None,
                },
            )
        return not waits


def _queued_page(row: dict[str, Any]) -> QueuedPage:
    return QueuedPage(
        url=row["url"],
        discovered_by=row["discovered_by"],
        attempts=row["attempts"],
        title=row["title_hint"],
        published_hint=row["published_hint"],
    )
