"""Full text: a query of the full-text index, asked about the articles of one search.

The index finds the first place of each phrase anew with every question, which takes 0.1 ms for a
word and 20 ms for a lexicon; and it reads on to the next place of each, however far away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from sqlite_utils import Database

RARE = 1_500
"""Articles that match a rare query at most; they are sorted by date without a walk."""
MANY_PHRASES = 40
"""Phrases of a query from which on few questions are better than exact ones."""
GAP, CROWD = 100, 50
"""Articles whose numbers are no further apart, and as many, are asked about in one walk."""
PROBED, PROBES = 25, 100
"""Articles asked about one by one before the caller has what they gave, and in all: then all
articles that match are found, where these seem to be few."""
FEW = 20_000


class FullText:
    """What one query says of articles."""

    def __init__(self, db: Database, query: str) -> None:
        self._db = db
        self._query = query
        self._is_long = query.count('"') // 2 >= MANY_PHRASES
        self._probes = 0
        self._seems_frequent = False

    def if_rare(self) -> list[int] | None:
        """Return all articles that match, when they are few and quick to find; else None."""
        if self._is_long:
            return None
        found = self._first(RARE + 1)
        if len(found) <= RARE:
            return list(found)
        (last,) = self._db.execute("select max(id) from articles").fetchone()
        self._seems_frequent = last * len(found) > FEW * max(found)
        return None

    def among(self, articles: list[int]) -> Iterator[list[int]]:
        """Yield those articles that may match, in their order, in parts as they are found.

        Articles of one time have numbers near one another, but for those found late. These are
        asked about one by one; with a query of many phrases they are given unasked.
        """
        crowds, loners = _crowds(articles)
        matching: set[int] = set()
        for first, last in crowds:
            matching |= self._between(first, last)
        pending = iter(articles)
        while batch := list(islice(pending, PROBED)):
            apart = self._matching([one for one in batch if one in loners])
            yield [one for one in batch if one in matching or one in apart]

    def _matching(self, articles: list[int]) -> set[int]:
        if self._is_long or not articles:
            return set(articles)
        self._probes += len(articles)
        if self._probes > PROBES and not self._seems_frequent and self._all is not None:
            return self._all
        return self._numbers(
            """
            select value from json_each(:articles) where exists (
                select 1 from articles_fts
                 where articles_fts match :query and rowid = value)
            """,
            {"articles": json.dumps(articles)},
        )

    def _between(self, first: int, last: int) -> set[int]:
        return self._numbers(
            """
            select rowid from articles_fts where articles_fts match :query
               and rowid between :first and :last
            """,
            {"first": first, "last": last},
        )

    @cached_property
    def _all(self) -> set[int] | None:
        """All articles that match; None when they are not few."""
        found = self._first(FEW + 1)
        return found if len(found) <= FEW else None

    def _first(self, limit: int) -> set[int]:
        return self._numbers(
            "select rowid from articles_fts where articles_fts match :query limit :limit",
            {"limit": limit},
        )

    def _numbers(self, sql: str, parameters: dict[str, Any]) -> set[int]:
        rows = self._db.execute(sql, parameters | {"query": self._query})
        return {number for (number,) in rows.fetchall()}


def _crowds(articles: list[int]) -> tuple[list[tuple[int, int]], set[int]]:
    """Return the first and last of each crowd of numbers, and the numbers in none."""
    crowds, loners, crowd = [], set[int](), list[int]()
    for number in [*sorted(articles), None]:
        if crowd and (number is None or number - crowd[-1] > GAP):
            if len(crowd) < CROWD:
                loners.update(crowd)
            else:
                crowds.append((crowd[0], crowd[-1]))
            crowd = []
        if number is not None:
            crowd.append(number)
    return crowds, loners
