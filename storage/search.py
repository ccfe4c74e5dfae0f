"""Search: stored articles that may satisfy a query, by the full-text index and by filters.

A word of the daily press stands in several hundred thousand of a million articles.
So a search by date walks along the dates and asks the full-text index about a stretch at a time;
it stops when the caller has enough.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

import attrs
from sqlite_utils import Database

ORDERS = ("date", "rank")
FIRST_STRETCH, GROWTH, LONGEST_STRETCH = 1_000, 4, 16_000
"""Articles asked about at a time: few at first, for most searches end there."""
RANKED = 5_000
"""Of more matching articles, the last stored are ranked: bm25 of 300,000 takes half a second."""
ROWS = 20
"""Articles read at a time."""
GAP, CROWD = 200, 50
"""Articles whose numbers are no further apart, and as many, are asked about in one walk."""
FEW = 20_000
"""Articles that match a rare word at most; all of them are found in some milliseconds."""
PROBED = 25
"""Articles asked about one by one before the caller has what they gave; each costs 0.1 ms."""


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
    verdict: str | None = None
    """An article has it when a standing verdict says so; `none` for articles without any."""

    @property
    def among_flagged(self) -> bool:
        """Whether flagged articles alone can pass: the others have neither theme nor country."""
        return bool(self.flagged or self.country or self.theme)


class Search:
    """Questions to the full-text index."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def candidates(
        self, full_text: str | None, filters: Filters, order: str = "date"
    ) -> Iterator[dict[str, Any]]:
        """Yield the articles that match a full-text query and the filters, as they are asked for.

        `order` is one of `ORDERS`; `date` is the newest first. Without a query all match.
        """
        ids = (
            self._ranked(full_text, filters)
            if full_text and order == "rank"
            else self.newest(full_text, filters)
        )
        while batch := list(islice(ids, ROWS)):
            yield from self._rows(batch)

    def count(self, full_text: str | None, filters: Filters) -> int:
        """Return how many articles match the full-text query and the filters."""
        if full_text and filters == Filters():
            row = self._db.execute(
                "select count(*) from articles_fts where articles_fts match ?", [full_text]
            ).fetchone()
            return int(row[0])
        if full_text:
            return sum(1 for _ in self._all_matching(full_text, filters))
        return sum(1 for _ in self.newest(None, filters))

    def newest(self, full_text: str | None, filters: Filters) -> Iterator[int]:
        """Yield the numbers of the matching articles, the newest first."""
        walked: set[int] = set()
        words = None if full_text is None else _Words(self._db, full_text)
        narrow = filters.among_flagged or filters.source is not None
        for stretch in self._stretches(filters):
            for part in [stretch] if words is None else words.among(stretch):
                yield from self._passing(part, filters)
            walked.update(stretch)
            if full_text is not None and not narrow and len(stretch) == LONGEST_STRETCH:
                break
        else:
            return
        yield from (one for one in self._all_matching(full_text, filters) if one not in walked)

    def _stretches(self, filters: Filters) -> Iterator[list[int]]:
        """Yield articles by date, the newest first, in stretches that grow."""
        limit, after = FIRST_STRETCH, ("9999", 0)
        sql = _WALKS["flagged" if filters.among_flagged else "source" if filters.source else "all"]
        while True:
            parameters = attrs.asdict(filters) | {
                "date": after[0],
                "article": after[1],
                "limit": limit,
            }
            rows = self._db.execute(sql, parameters).fetchall()
            if not rows:
                return
            yield [article for _, article in rows]
            after, limit = rows[-1], min(limit * GROWTH, LONGEST_STRETCH)

    def _passing(self, articles: list[int], filters: Filters) -> Iterator[int]:
        """Yield those articles that pass the filters, in their order."""
        if filters == Filters():
            yield from articles
            return
        pending = iter(articles)
        while batch := list(islice(pending, FIRST_STRETCH)):
            rows = self._db.execute(_PASSING, _parameters(filters, batch))
            passing = {article for (article,) in rows}
            yield from (article for article in batch if article in passing)

    def _all_matching(self, full_text: str | None, filters: Filters) -> Iterator[int]:
        rows = self._db.execute(
            _ALL_MATCHING, attrs.asdict(filters) | {"full_text": full_text}
        ).fetchall()
        yield from self._passing([article for (article,) in rows], filters)

    def _ranked(self, full_text: str, filters: Filters) -> Iterator[int]:
        row = self._db.execute(
            """
            select rowid from articles_fts where articles_fts match ?
             order by rowid desc limit 1 offset ?
            """,
            [full_text, RANKED],
        ).fetchone()
        rows = self._db.execute(
            """
            select rowid from articles_fts where articles_fts match ? and rowid > ?
             order by rank, rowid desc
            """,
            [full_text, row[0] if row else 0],
        ).fetchall()
        yield from self._passing([article for (article,) in rows], filters)

    def _rows(self, articles: Iterable[int]) -> list[dict[str, Any]]:
        ordered = list(articles)
        rows = self._db.query(_ROWS, [json.dumps(ordered)])
        by_number = {row["id"]: row for row in rows}
        return [by_number[article] for article in ordered if article in by_number]


class _Words:
    """A full-text query asked about the articles of one search, stretch by stretch."""

    def __init__(self, db: Database, query: str) -> None:
        self._db = db
        self._query = query

    def among(self, articles: list[int]) -> Iterator[list[int]]:
        """Yield those articles that match, in their order, in parts as they are found.

        Articles of one time have numbers near one another, but for those found late.
        """
        crowds, loners = _crowds(articles)
        matching: set[int] = set()
        for first, last in crowds:
            matching |= self._between(first, last)
        if loners and self._all is not None:
            matching |= self._all
            loners = set()
        pending = iter(articles)
        while batch := list(islice(pending, PROBED if loners else None)):
            probed = self._probed([one for one in batch if one in loners])
            yield [one for one in batch if one in matching or one in probed]

    def _between(self, first: int, last: int) -> set[int]:
        return self._numbers(
            """
            select rowid from articles_fts where articles_fts match :query
               and rowid between :first and :last
            """,
            {"first": first, "last": last},
        )

    def _probed(self, articles: list[int]) -> set[int]:
        if not articles:
            return set()
        return self._numbers(
            """
            select value from json_each(:articles) where exists (
                select 1 from articles_fts
                 where articles_fts match :query and rowid = value)
            """,
            {"articles": json.dumps(articles)},
        )

    @cached_property
    def _all(self) -> set[int] | None:
        """All articles that match; None when they are not few."""
        found = self._numbers(
            "select rowid from articles_fts where articles_fts match :query limit :limit",
            {"limit": FEW + 1},
        )
        return found if len(found) <= FEW else None

    def _numbers(self, sql: str, parameters: dict[str, Any]) -> set[int]:
        rows = self._db.execute(sql, parameters | {"query": self._query})
        return {number for (number,) in rows.fetchall()}


def _parameters(filters: Filters, articles: list[int]) -> dict[str, Any]:
    return attrs.asdict(filters) | {"articles": json.dumps(articles)}


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


_WALKS = {
    "all": """
        select date, id from articles
         where (date, id) < (:date, :article)
           and (:since is null or date >= :since) and (:until is null or date < :until)
         order by date desc, id desc limit :limit
    """,
    "source": """
        select date, id from articles
         where source = :source and (date, id) < (:date, :article)
           and (:since is null or date >= :since) and (:until is null or date < :until)
         order by date desc, id desc limit :limit
    """,
    "flagged": """
        select date, article from flags
         where flagged = 1 and (date, article) < (:date, :article)
           and (:since is null or date >= :since) and (:until is null or date < :until)
           and (:country is null or :country in (select value from json_each(countries)))
           and (:theme is null or :theme in (select value from json_each(themes)))
         order by date desc, article desc limit :limit
    """,
}

_PASSING = """
    select articles.id from json_each(:articles) as one
      join articles on articles.id = one.value
      join flags on flags.article = articles.id
     where (:flagged is null or flags.flagged = :flagged)
       and (:source is null or articles.source = :source)
       and (:country is null or :country in (select value from json_each(flags.countries)))
       and (:theme is null or :theme in (select value from json_each(flags.themes)))
       and (:since is null or articles.date >= :since)
       and (:until is null or articles.date < :until)
       and (:verdict is null
            or (:verdict = 'none' and not exists (
                select 1 from standing_verdicts where article = articles.id))
            or exists (select 1 from standing_verdicts
                        where article = articles.id and verdict = :verdict))
"""

# `articles_desk` holds the dates beside the number; a row of `articles` holds the text first.
_ALL_MATCHING = """
    with found as materialized
        (select rowid as id from articles_fts where articles_fts match :full_text)
    select articles.id from found join articles indexed by articles_desk on articles.id = found.id
     where (:since is null or coalesce(published_at, first_seen) >= :since)
       and (:until is null or coalesce(published_at, first_seen) < :until)
     order by coalesce(published_at, first_seen) desc, articles.id desc
"""

_ROWS = """
    select articles.id, articles.title, articles.standfirst, articles.text, articles.url,
           articles.source, articles.published_at, articles.first_seen, flags.flagged,
           flags.score, flags.themes, flags.countries
      from json_each(?) as one
      join articles on articles.id = one.value
      join flags on flags.article = articles.id
"""
