"""Search: stored articles that may satisfy a query, by the full-text index and by filters.

A word of the daily press stands in several hundred thousand of a million articles.
So a search by date walks along the dates and asks the full-text index about a stretch at a time;
it stops when the caller has enough.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import attrs
from sqlite_utils import Database

from storage.full_text import FullText

ORDERS = ("date", "rank")
UNJUDGED = "none"
"""Stands for a verdict where articles without any are meant."""
FIRST_STRETCH, GROWTH, LONGEST_STRETCH = 250, 4, 16_000
"""Articles asked about at a time: few at first, for most searches end there."""
RANKED = 5_000
"""Of more matching articles, the last stored are ranked: bm25 of 300,000 takes half a second."""
ROWS = 20
"""Articles read at a time."""


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
            return sum(1 for _ in self._judged(self._all_matching(full_text, filters), filters))
        return sum(1 for _ in self.newest(None, filters))

    def newest(self, full_text: str | None, filters: Filters) -> Iterator[int]:
        """Yield the numbers of the articles that may match, the newest first.

        Few articles have a verdict, so that a search for one begins with these.
        """
        if filters.verdict in {None, UNJUDGED}:
            yield from self._judged(self._newest(full_text, filters), filters)
            return
        judged = self._by_date(sorted(self._with(filters.verdict)), filters)
        parts = FullText(self._db, full_text).among(judged) if full_text else [judged]
        for part in parts:
            yield from self._passing(part, filters)

    def _newest(self, full_text: str | None, filters: Filters) -> Iterator[int]:
        if full_text is None:
            for stretch in self._stretches(filters):
                yield from self._passing(stretch, filters)
            return
        words = FullText(self._db, full_text)
        rare = words.if_rare()
        if rare is not None:
            yield from self._passing(self._by_date(rare, filters), filters)
            return
        yield from self._walked(full_text, words, filters)

    def _walked(self, full_text: str, words: FullText, filters: Filters) -> Iterator[int]:
        walked: set[int] = set()
        narrow = filters.among_flagged or filters.source is not None
        for stretch in self._stretches(filters):
            for part in words.among(stretch):
                yield from self._passing(part, filters)
            walked.update(stretch)
            if not narrow and len(stretch) == LONGEST_STRETCH:
                break
        else:
            return
        yield from (one for one in self._all_matching(full_text, filters) if one not in walked)

    def _stretches(self, filters: Filters) -> Iterator[list[int]]:
        """Yield articles by date, the newest first, in stretches that grow."""
        limit, after = FIRST_STRETCH, (filters.until or "9999", 0)
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
        """Yield those articles that pass the filters but that of verdicts, in their order."""
        if attrs.evolve(filters, verdict=None) == Filters():
            yield from articles
            return
        pending = iter(articles)
        while batch := list(islice(pending, FIRST_STRETCH)):
            rows = self._db.execute(_PASSING, _parameters(filters, batch))
            passing = {article for (article,) in rows}
            yield from (article for article in batch if article in passing)

    def _judged(self, articles: Iterable[int], filters: Filters) -> Iterator[int]:
        """Yield those articles that have the verdict asked for, in their order."""
        if filters.verdict is None:
            yield from articles
            return
        found = self._with(filters.verdict)
        yield from (one for one in articles if (one in found) is (filters.verdict != UNJUDGED))

    def _with(self, verdict: str | None) -> set[int]:
        """Return the articles of which a verdict stands, any one for `UNJUDGED`.

        Once for a search: the view finds what stands among all verdicts each time.
        """
        rows = self._db.execute(
            "select article from standing_verdicts where verdict = :verdict or :verdict = :unjudged",
            {"verdict": verdict, "unjudged": UNJUDGED},
        )
        return {article for (article,) in rows.fetchall()}

    def _by_date(self, articles: list[int], filters: Filters) -> list[int]:
        rows = self._db.execute(_BY_DATE, _parameters(filters, articles))
        return [article for (article,) in rows]

    def _all_matching(self, full_text: str, filters: Filters) -> Iterator[int]:
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
        ids = [article for (article,) in rows]
        yield from self._judged(self._passing(ids, filters), filters)

    def _rows(self, articles: Iterable[int]) -> list[dict[str, Any]]:
        ordered = list(articles)
        rows = self._db.query(_ROWS, [json.dumps(ordered)])
        by_number = {row["id"]: row for row in rows}
        return [by_number[article] for article in ordered if article in by_number]


def _parameters(filters: Filters, articles: list[int]) -> dict[str, Any]:
    return attrs.asdict(filters) | {"articles": json.dumps(articles)}


_WALKS = {
    "all": """
        select date, id from articles
         where (date, id) < (:date, :article)
           and (:since is null or date >= :since)
         order by date desc, id desc limit :limit
    """,
    "source": """
        select date, id from articles
         where source = :source and (date, id) < (:date, :article)
           and (:since is null or date >= :since)
         order by date desc, id desc limit :limit
    """,
    "flagged": """
        select date, article from flags
         where flagged = 1 and (date, article) < (:date, :article)
           and (:since is null or date >= :since)
           and (:country is null or instr(countries, json_quote(:country)))
           and (:theme is null or instr(themes, json_quote(:theme)))
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

_BY_DATE = """
    select articles.id from json_each(:articles) as one
      join articles indexed by articles_desk on articles.id = one.value
     where (:since is null or coalesce(published_at, first_seen) >= :since)
       and (:until is null or coalesce(published_at, first_seen) < :until)
     order by coalesce(published_at, first_seen) desc, articles.id desc
"""

_ROWS = """
    select articles.id, articles.title, articles.standfirst, articles.text, articles.url,
           articles.source, articles.published_at, articles.first_seen, flags.flagged,
           flags.score, flags.themes, flags.countries,
           coalesce(articles.agency, clusters.agency) as agency, clusters.independent_sources
      from json_each(?) as one
      join articles on articles.id = one.value
      join flags on flags.article = articles.id
      left join clusters on clusters.id = articles.cluster
"""
