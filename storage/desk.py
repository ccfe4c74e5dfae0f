"""Desk: what the review desk asks of the archive, flagged articles as one queue of stories."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import attrs
from sqlite_utils import Database

from storage.connection import connect_readonly


@attrs.frozen(kw_only=True)
class Item:
    """A flagged article as the queue sees it."""

    article: int
    story: int
    """Its cluster's number; the article's own, negated, when it has no copies."""
    source: str
    source_country: str | None
    alignment: str | None
    date: str
    """Publication, else first sight, as the archive writes times."""
    score: int
    themes: tuple[str, ...]
    """As the latest verdict corrects them, else as flagged."""
    countries: tuple[str, ...]
    rules: frozenset[str]
    verdicts: tuple[tuple[str, str], ...]
    """Standing verdicts on any article of the story: reviewer and verdict."""


_ITEMS = """
    select flags.article, coalesce(articles.cluster, -articles.id) as story, articles.source,
           sources.country as source_country, sources.alignment,
           coalesce(articles.published_at, articles.first_seen) as date,
           flags.score, flags.themes, flags.countries, flags.flagged_at
      from flags
      join articles indexed by articles_desk on articles.id = flags.article
      join sources on sources.slug = articles.source
     where flags.flagged = 1
"""


class Desk:
    """Questions of the review desk, over a connection of its own."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._rules: dict[int, tuple[str, frozenset[str]]] = {}

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an archive for reading alone; raises StorageError when it is missing."""
        return cls(connect_readonly(path))

    @property
    def db(self) -> Database:
        """The connection, for the desk's other questions."""
        return self._db

    def items(self) -> list[Item]:
        """Return every flagged article, the highest score first and newer before older."""
        rows = list(self._db.query(_ITEMS))
        self._learn_rules(rows)
        verdicts, corrections = self._standing()
        items = [self._item(row, verdicts, corrections.get(row["article"])) for row in rows]
        return sorted(items, key=lambda item: (item.score, item.date, item.article), reverse=True)

    def search(self, words: str) -> set[int]:
        """Return the flagged articles that hold all these words."""
        phrases = " ".join('"' + word.replace('"', '""') + '"' for word in _spelled(words).split())
        rows = self._db.execute(
            """
            select article from flags where flagged = 1
               and article in (select rowid from articles_fts where articles_fts match ?)
            """,
            [phrases],
        )
        return {article for (article,) in rows} if phrases else set()

    def cards(self, articles: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Return what the queue shows of some articles, by number: texts, outlet, copies."""
        rows = self._db.query(
            """
            select articles.id, title, standfirst, text, articles.url, articles.source, articles.language,
                   published_at, articles.first_seen, partial, sources.name as outlet, sources.country,
                   alignment, clusters.independent_sources, clusters.agency,
                   (select count(*) from articles as copies
                     where copies.cluster = articles.cluster and copies.id <> articles.id)
                       as copies,
                   flags.flagged, score, themes, countries, status
              from articles
              join sources on sources.slug = articles.source
              join flags on flags.article = articles.id
              left join clusters on clusters.id = articles.cluster
             where articles.id in (select value from json_each(?))
            """,
            [json.dumps(list(articles))],
        )
        return {row["id"]: row for row in rows}

    def matches(self, articles: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
        """Return the matches of some articles, by article, in the order of the text."""
        rows = self._db.query(
            """
            select article, rule, theme, field, start, "end", words, sentence_start,
                   sentence_end, masked
              from matches where article in (select value from json_each(?))
             order by start, "end"
            """,
            [json.dumps(list(articles))],
        )
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            found[row["article"]].append(row)
        return found

    def _learn_rules(self, rows: list[dict[str, Any]]) -> None:
        """Read which rules fired in articles judged since the last question.

        Reading them all costs 0.2 s at 5,000 flags; an article's rules change with `flagged_at`.
        """
        fresh = {row["article"]: row["flagged_at"] for row in rows}
        new = [key for key, at in fresh.items() if self._rules.get(key, ("",))[0] != at]
        fired: dict[int, set[str]] = defaultdict(set)
        for article, rule in self._db.execute(
            """
            select article, rule from matches
             where masked is null and article in (select value from json_each(?))
             group by article, rule
            """,
            [json.dumps(new)],
        ):
            fired[article].add(rule)
        for key in new:
            self._rules[key] = (fresh[key], frozenset(fired[key]))

    def _standing(
        self,
    ) -> tuple[dict[int, tuple[tuple[str, str], ...]], dict[int, dict[str, Any]]]:
        """Return the verdicts by story and the latest corrections by article."""
        verdicts: dict[int, tuple[tuple[str, str], ...]] = defaultdict(tuple)
        corrections: dict[int, dict[str, Any]] = {}
        for row in self._db.query(
            """
            select coalesce(articles.cluster, -articles.id) as story, article, reviewer, verdict,
                   themes, countries
              from standing_verdicts
              join articles indexed by articles_desk on articles.id = article
             order by standing_verdicts.id
            """
        ):
            verdicts[row["story"]] += ((row["reviewer"], row["verdict"]),)
            corrections[row["article"]] = row
        return verdicts, corrections

    def _item(
        self,
        row: dict[str, Any],
        verdicts: dict[int, tuple[tuple[str, str], ...]],
        correction: dict[str, Any] | None,
    ) -> Item:
        corrected = correction or {}
        return Item(
            article=row["article"],
            story=row["story"],
            source=row["source"],
            source_country=row["source_country"],
            alignment=row["alignment"],
            date=row["date"],
            score=row["score"],
            themes=_values(corrected.get("themes") or row["themes"]),
            countries=_values(corrected.get("countries") or row["countries"]),
            rules=self._rules[row["article"]][1],
            verdicts=verdicts.get(row["story"], ()),
        )


@lru_cache(maxsize=4096)
def _values(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _spelled(words: str) -> str:
    """Spell ligatures out, as the full-text index does."""
    for ligature, letters in (("œ", "oe"), ("Œ", "Oe"), ("æ", "ae"), ("Æ", "Ae")):
        words = words.replace(ligature, letters)
    return words
