"""Taking: articles that were read and judged elsewhere, taken into an archive."""

from __future__ import annotations

import attrs
from sqlite_utils import Database

from storage.archive import Archive
from storage.connection import writing
from storage.records import Flag, Link, Outcome, Reading
from storage.times import now
from storage.urls import canonical_url


@attrs.frozen(kw_only=True)
class Identity:
    """By what an article is known in any archive."""

    source: str
    canonical_url: str
    text_digest: str


@attrs.frozen(kw_only=True)
class Known:
    """An article that the archive has."""

    id: int
    digest: str
    """Of title, standfirst and text."""
    rule_set: str
    settled: bool
    """Whether the page in question ended."""


class Taking:
    """Takes readings into an archive, each once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._db: Database = archive.db

    def known(self, identity: Identity, queued_url: str) -> Known | None:
        """Return what the archive has of an article, None when it has none."""
        row = self._db.execute(
            """
            select articles.id, articles.digest, flags.rule_set,
                   exists (select 1 from pages where canonical_url = :page and state = 'settled')
              from (select id from articles where canonical_url = :canonical_url
                    union all
                    select id from articles indexed by articles_text_digest
                     where text_digest = :text_digest and source = :source
                    limit 1) as one
              join articles on articles.id = one.id
              join flags on flags.article = one.id
            """,
            attrs.asdict(identity) | {"page": canonical_url(queued_url)},
        ).fetchone()
        if row is None:
            return None
        return Known(id=row[0], digest=row[1], rule_set=row[2], settled=bool(row[3]))

    def store(self, reading: Reading) -> Outcome:
        """Store a reading as if its page had just been read here, in one transaction."""
        link = Link(url=reading.queued_url, discovered_by="ingest")
        with writing(self._db):
            self._archive.queue.add(reading.article.source, [link], now())
            return self._archive.articles.store(reading, now())

    def judge(self, article: int, flag: Flag) -> None:
        """Replace the flag of an article that was judged anew elsewhere."""
        self._archive.judgements.replace([(article, flag)], now())
