"""Search: stored articles that may satisfy a query, by the full-text index and by filters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
from sqlite_utils import Database

ORDERS = {"date": "coalesce(published_at, first_seen) desc, id desc", "rank": "rank, id desc"}


@attrs.frozen(kw_only=True)
class Filters:
    """What limits a search; None leaves it open."""

    flagged: bool | None = None
    country: str | None = None
    theme: str | None = None
    source: str | None = None
    since: str | None = None
    """Earliest time of publication (else of the first sight), as the archive writes times."""
    until: str | None = None


class Search:
    """Questions to the full-text index."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def candidates(self, full_text: str, filters: Filters, order: str) -> Iterator[dict[str, Any]]:
        """Yield the articles that match a full-text query and the filters.

        `order` is a key of `ORDERS`.
        """
        yield from self._db.query(
            f"""
            select articles.id, articles.title, articles.standfirst, articles.text, articles.url,
                   articles.source, articles.published_at, articles.first_seen, flags.flagged,
                   flags.score, flags.themes, flags.countries
              from articles_fts
              join articles on articles.id = articles_fts.rowid
              join flags on flags.article = articles.id
             where articles_fts match :full_text
               and (:flagged is null or flags.flagged = :flagged)
               and (:source is null or articles.source = :source)
               and (:country is null
                    or :country in (select value from json_each(flags.countries)))
               and (:theme is null or :theme in (select value from json_each(flags.themes)))
               and (:since is null or coalesce(published_at, first_seen) >= :since)
               and (:until is null or coalesce(published_at, first_seen) < :until)
             order by {ORDERS[order]}
            """,  # noqa: S608 - the order is one of ours
            attrs.asdict(filters) | {"full_text": full_text},
        )
