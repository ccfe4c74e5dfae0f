"""Revisits: which stored articles are looked at again, when, and how that went."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs
from sqlite_utils import Database

from storage.connection import writing
from storage.intake import NAME, clean_or_none
from storage.records import Reading
from storage.times import to_text

DAYS = (1, 3, 10)
"""Ages at which an article is looked at again."""
_AGES = tuple(timedelta(days=days) for days in DAYS)


@attrs.frozen(kw_only=True)
class Revisit:
    """An article whose turn has come, with its text as it was and what it was answered with."""

    article: int
    url: str
    title: str
    standfirst: str | None
    text: str
    etag: str | None
    last_modified: str | None


class Revisits:
    """The `revisits` table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def plan(self, article: int, reading: Reading, now: datetime) -> None:
        """Plan the looks at a new article, in the caller's transaction; an old one has none."""
        published = reading.article.published
        if published is not None and published.at < now - _AGES[-1]:
            return
        headers = dict(reading.headers)
        self._db.execute(
            """
            insert into revisits (article, due_at, etag, last_modified)
            values (:article, :due_at, :etag, :last_modified)
            """,
            {
                "article": article,
                "due_at": to_text(now + _AGES[0]),
                "etag": headers.get("etag"),
                "last_modified": headers.get("last-modified"),
            },
        )

    def due(self, source: str, now: datetime, limit: int) -> tuple[Revisit, ...]:
        """Return the source's articles whose turn has come, flagged ones first.

        Those overdue by more than ten days are left alone: the crawl was not there. So no article
        older than three times ten days is due, and older ones need not be read.
        """
        rows = self._db.query(
            """
            select articles.id as article, articles.url, title, standfirst, text, etag,
                   revisits.last_modified
              from revisits
              join articles on articles.id = revisits.article
              join flags on flags.article = articles.id
             where due_at <= :now and due_at > :oldest
               and articles.source = :source and articles.date >= :earliest
             order by flags.flagged desc, due_at limit :limit
            """,
            {
                "source": source,
                "now": to_text(now),
                "oldest": to_text(now - _AGES[-1]),
                "earliest": to_text(now - 3 * _AGES[-1]),
                "limit": limit,
            },
        )
        return tuple(Revisit(**row) for row in rows)

    def gone_at(self, article: int) -> str | None:
        """Return since when an article is gone from its site, None when it was there."""
        row = self._db.execute(
            "select gone_at from revisits where article = ?", [article]
        ).fetchone()
        return row[0] if row else None

    def unchanged(self, article: int, now: datetime) -> None:
        """Note that an article is as it was."""
        with writing(self._db):
            self.looked_at(article, now)

    def gone(self, article: int, now: datetime) -> None:
        """Note that an article has vanished; what is stored stays, and it is not asked for again."""
        with writing(self._db):
            self._db.execute(
                """
                update revisits set checks = checks + 1, due_at = null, problem = null,
                       gone_at = :now where article = :article
                """,
                {"article": article, "now": to_text(now)},
            )

    def failed(self, article: int, problem: str, now: datetime) -> None:
        """Note why an article could not be looked at; its next look is the next one planned."""
        with writing(self._db):
            self.looked_at(article, now, problem=problem, worked=False)

    def looked_at(
        self, article: int, now: datetime, *, problem: str | None = None, worked: bool = True
    ) -> None:
        """Count a look and plan the next one, in the caller's transaction."""
        row = self._db.execute(
            """
            select checks, first_seen from revisits
              join articles on articles.id = revisits.article where article = ?
            """,
            [article],
        ).fetchone()
        checks = row[0] + 1
        self._db.execute(
            """
            update revisits set checks = :checks, problem = :problem,
                   due_at = iif(:age is null, null,
                                strftime('%Y-%m-%dT%H:%M:%SZ', :first_seen, :age))
             where article = :article
            """,
            {
                "article": article,
                "checks": checks,
                "problem": clean_or_none(problem, NAME),
                "first_seen": row[1],
                "age": f"+{DAYS[checks]} days" if checks < len(DAYS) else None,
            },
        )
        if worked:
            self._db.execute(
                "update articles set last_checked = ? where id = ?", [to_text(now), article]
            )
