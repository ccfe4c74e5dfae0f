"""Revisions: earlier texts of articles that their outlets changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.articles import content_digest
from storage.connection import writing
from storage.copies import Copies
from storage.intake import clean_reading
from storage.judgements import Judgements
from storage.records import Flag, Reading
from storage.revisits import Revisits
from storage.times import optional_text, to_text


class Revisions:
    """The `revisions` table."""

    def __init__(self, db: Database, judgements: Judgements) -> None:
        self._db = db
        self._judgements = judgements
        self._copies = Copies(db)
        self._revisits = Revisits(db)

    def revise(self, article: int, reading: Reading, added: Flag | None, now: datetime) -> None:
        """Keep an article's text as a revision and take over the new one with its flag.

        `added` is the judgement of what the new text adds, None when it only takes away.
        All in one transaction.
        """
        reading = clean_reading(reading)
        with writing(self._db):
            self._keep(article, added, now)
            self._take_over(article, reading)
            self._judgements.replace([(article, reading.flag)], now)
            self._copies.replace(article, reading.fingerprint)
            headers = dict(reading.headers)
            self._db.execute(
                "update revisits set etag = ?, last_modified = ? where article = ?",
                [headers.get("etag"), headers.get("last-modified"), article],
            )
            self._revisits.looked_at(article, now)

    def of(self, article: int) -> list[dict[str, Any]]:
        """Return the earlier texts of an article, the oldest first; `seen_at` is until when."""
        return list(
            self._db.query("select * from revisions where article = ? order by id", [article])
        )

    def _keep(self, article: int, added: Flag | None, now: datetime) -> None:
        self._db.execute(
            """
            insert into revisions (article, seen_at, title, standfirst, text, digest,
                                   added_flagged, added_score)
            select id, :now, title, standfirst, text, digest, :flagged, :score
              from articles where id = :article
            """,
            {
                "article": article,
                "now": to_text(now),
                "flagged": None if added is None else added.flagged,
                "score": None if added is None else added.score,
            },
        )

    def _take_over(self, article: int, reading: Reading) -> None:
        new = reading.article
        self._db.execute(
            """
            update articles set title = :title, standfirst = :standfirst, text = :text,
                   modified_at = coalesce(:modified_at, modified_at), digest = :digest,
                   text_digest = :text_digest
             where id = :article
            """,
            {
                "article": article,
                "title": new.title,
                "standfirst": new.standfirst,
                "text": new.text,
                "modified_at": optional_text(new.modified_at),
                "digest": content_digest(new.title, new.standfirst, new.text),
                "text_digest": reading.text_digest,
            },
        )
