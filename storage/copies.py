"""Copies: articles that hold one another's text, gathered in clusters.

Fingerprints find the few articles that may share a passage; the texts themselves decide.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

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
LOOKED_AT = 20
"""Articles looked at for one passage; more would make each article dearer than the one before."""
CANDIDATES = 6
"""Texts that are compared at most; each costs half a millisecond."""
PASSAGES = 0.1
"""Share of the shorter text's passages that both must have before the texts are compared.

A copy with one word in ten changed keeps .43 of them.
"""


class Copies:
    """The `fingerprints` and `clusters` tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, article: int, fingerprint: Sequence[int], now: datetime) -> int | None:
        """Keep an article's fingerprint and return the cluster it joins, in the caller's transaction."""
        original = self._original(article, fingerprint)
        self._db.conn.executemany(
            "insert into fingerprints (hash, article) values (?, ?)",
            [(value, article) for value in fingerprint],
        )
        if original is None:
            return None
        cluster = self._cluster_of(original, now)
        self._db.execute("update articles set cluster = ? where id = ?", [cluster, article])
        self._recount(cluster)
        return cluster

    def replace(self, article: int, fingerprint: Sequence[int]) -> None:
        """Keep the fingerprint of a changed text; the article stays in its cluster."""
        self._db.execute("delete from fingerprints where article = ?", [article])
        self._db.conn.executemany(
            "insert into fingerprints (hash, article) values (?, ?)",
            [(value, article) for value in fingerprint],
        )

    def _original(self, article: int, fingerprint: Sequence[int]) -> int | None:
        """Return the article that shares most with a text, None when none shares enough."""
        candidates = self._candidates(article, fingerprint)
        if not candidates:
            return None
        texts = self._texts([article, *candidates])
        shares = {one: shared_part(texts[article], texts[one]) for one in candidates}
        best = max(candidates, key=lambda one: (shares[one], -one))
        return best if shares[best] >= SHARED else None

    def _candidates(self, article: int, fingerprint: Sequence[int]) -> list[int]:
        """Return the articles that share most passages, those of the site itself left out.

        Most articles share one passage or none with any other; for them alone it must be quick.
        """
        holders = [self._holders(value, article) for value in fingerprint]
        if not self._sharing(holders):
            return []
        return self._sharing(
            [
                several
                for several in holders
                if len(several) <= BOILERPLATE or not self._is_boilerplate(several)
            ]
        )

    def _sharing(self, holders: list[list[int]]) -> list[int]:
        """Return the articles that hold enough of some passages, given the holders of each."""
        shared = Counter(number for several in holders for number in several)
        return [
            number
            for number, passages in shared.most_common(CANDIDATES)
            if passages >= PASSAGES * min(len(holders), self._size(number))
        ]

    def _holders(self, value: int, article: int) -> list[int]:
        """Return the last articles in which a passage stands."""
        rows = self._db.execute(
            """
            select article from fingerprints where hash = ? and article <> ?
             order by article desc limit ?
            """,
            [value, article, LOOKED_AT],
        )
        return [number for (number,) in rows.fetchall()]

    def _is_boilerplate(self, articles: list[int]) -> bool:
        """Whether one source has a passage in many articles.

        `articles_desk` has the source beside the number; a row of `articles` is a page to read.
        """
        row = self._db.execute(
            """
            select count(*) from articles indexed by articles_desk
             where id in (select value from json_each(?))
             group by source order by 1 desc limit 1
            """,
            [json.dumps(articles)],
        ).fetchone()
        return row is not None and row[0] > BOILERPLATE

    def _size(self, article: int) -> int:
        row = self._db.execute(
            "select count(*) from fingerprints where article = ?", [article]
        ).fetchone()
        return int(row[0])

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
