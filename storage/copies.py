"""Copies: articles that hold one another's text, gathered in clusters.

Fingerprints find the few articles that may share a passage; the texts themselves decide.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from storage.fingerprints import Fingerprints, shortened
from storage.likeness import shared_part
from storage.times import to_text

SHARED = 0.6
"""Share of the shorter text that must stand in the other one, in runs of four words.

On 150 texts of the African press: copies of the first 40 % and copies with an introduction have
1.00, those with one word in ten changed .82 or more, two texts that end with the same quotation
of 73 words .59 or less, unrelated ones .23 or less.
"""
BOILERPLATE = 4
"""A passage in more articles than this of one source belongs to the site."""
POPULAR = 8
"""A passage in more stories than this is a stock phrase: an office, a law, an organisation's name."""
CANDIDATES = 6
"""Texts that are compared at most; each costs half a millisecond."""
PASSAGES = 0.1
"""Share of the shorter text's passages that both must have before the texts are compared.

A copy with one word in ten changed keeps .43 of them.
"""


class Copies:
    """The `clusters` table, and the fingerprints by which they are found."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._fingerprints = Fingerprints(db)

    def add(self, article: int, fingerprint: Sequence[int], now: datetime) -> int | None:
        """Keep an article's fingerprint and return the cluster it joins, in the caller's transaction."""
        month = self._fingerprints.month(article)
        original = self._original(article, month, fingerprint)
        self._fingerprints.keep(article, month, fingerprint)
        if original is None:
            return None
        cluster = self._cluster_of(original, now)
        self._db.execute("update articles set cluster = ? where id = ?", [cluster, article])
        self._recount(cluster)
        return cluster

    def replace(self, article: int, fingerprint: Sequence[int]) -> None:
        """Keep the fingerprint of a changed text; the article stays in its cluster."""
        self._fingerprints.forget(article)
        self._fingerprints.keep(article, self._fingerprints.month(article), fingerprint)

    def _original(self, article: int, month: int, fingerprint: Sequence[int]) -> int | None:
        """Return the article that shares most with a text, None when none shares enough."""
        candidates = self._candidates(article, month, fingerprint)
        if not candidates:
            return None
        texts = self._texts([article, *candidates])
        shares = {one: shared_part(texts[article], texts[one]) for one in candidates}
        best = max(candidates, key=lambda one: (shares[one], -one))
        return best if shares[best] >= SHARED else None

    def _candidates(self, article: int, month: int, fingerprint: Sequence[int]) -> list[int]:
        """Return the articles that share most passages, stock phrases left out.

        Most articles share one passage or none with any other; for them alone it must be quick.
        """
        holders = self._fingerprints.holders(article, month, fingerprint)
        own = frozenset(shortened(fingerprint))
        if not self._sharing(holders, own):
            return []
        stock = {
            value
            for value, several in holders.items()
            if len(several) > BOILERPLATE and self._is_stock(several)
        }
        telling = {value: several for value, several in holders.items() if value not in stock}
        return self._sharing(telling, own - stock)

    def _sharing(self, holders: dict[int, list[int]], own: frozenset[int]) -> list[int]:
        """Return the articles that hold enough of an article's passages, given some holders.

        Not all passages are indexed; the fingerprints tell the others.
        """
        found = Counter(number for several in holders.values() for number in several)
        likely = [number for number, _ in found.most_common(CANDIDATES)]
        if not likely:
            return []
        theirs = self._fingerprints.of(likely)
        return [
            number
            for number in likely
            if number in theirs
            and len(own & theirs[number]) >= PASSAGES * min(len(own), len(theirs[number]))
        ]

    def _is_stock(self, articles: list[int]) -> bool:
        """Whether a passage stands in many stories, or in many articles of one source.

        Copies of one text are one story, whoever prints them. `articles_desk` has source and cluster beside the number;
        a row of `articles` is a page to read.
        """
        stories, of_one_source = self._db.execute(_STORIES, [json.dumps(articles)]).fetchone()
        return bool(stories > POPULAR or of_one_source > BOILERPLATE)

    def _texts(self, articles: list[int]) -> dict[int, str]:
        rows = self._db.execute(
            "select id, text from articles where id in (select value from json_each(?))",
            [json.dumps(articles)],
        )
        return dict(rows.fetchall())

    def _cluster_of(self, article: int, now: datetime) -> int:
        cluster, first_seen = self._db.execute(
            "select cluster, first_seen from articles where id = ?", [article]
        ).fetchone()
        if cluster is None:
            cluster = self._db.execute(
                "insert into clusters (first_seen) values (?)", [first_seen or to_text(now)]
            ).lastrowid
            self._db.execute("update articles set cluster = ? where id = ?", [cluster, article])
        return int(cluster)

    def _recount(self, cluster: int) -> None:
        """Say who was first and which agency is credited, and count the sources.

        Those that only relay a network's texts are left out of the count.
        """
        self._db.execute(
            """
            update clusters set first_seen = (
                select min(first_seen) from articles where articles.cluster = :cluster),
            agency = (
                select agency from articles where articles.cluster = :cluster
                   and agency is not null
                 group by agency order by count(*) desc, min(first_seen), agency limit 1),
            independent_sources = (
                select count(distinct source) from articles
                  join sources on sources.slug = articles.source
                 where articles.cluster = :cluster
                   and sources.alignment is not 'russian_network')
             where id = :cluster
            """,
            {"cluster": cluster},
        )


_STORIES = """
    with holders as (
        select source, coalesce(cluster, -id) as story
          from articles indexed by articles_desk
         where id in (select value from json_each(?)))
    select count(distinct story),
           (select count(*) from holders group by source order by 1 desc limit 1)
      from holders
"""
