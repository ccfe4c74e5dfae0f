"""Desk: what the review desk asks of the archive, flagged articles as one queue of stories."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Self

import attrs
from sqlite_utils import Database

from storage.cleaning import clean_line
from storage.connection import connect_readonly
from storage.intake import LINE


@attrs.frozen(kw_only=True)
class Story:
    """A flagged article with its flagged copies, as the queue sees it."""

    number: int
    """Its cluster's number; the article's own, negated, when it has no copies."""
    article: int
    """The copy with the highest score, which is the one that is read."""
    articles: tuple[int, ...]
    sources: tuple[str, ...]
    alignments: tuple[str, ...]
    """Those of its sources, `none` for the press."""
    date: str
    """Publication, else first sight, as the archive writes times."""
    score: int
    themes: tuple[str, ...]
    countries: tuple[str, ...]
    rules: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Judged:
    """What reviewers made of stories, by the story's number."""

    verdicts: Mapping[int, tuple[tuple[str, str], ...]]
    """The latest standing verdict of each reviewer on any article of the story."""
    themes: Mapping[int, tuple[str, ...]]
    """Corrected themes, the latest."""
    countries: Mapping[int, tuple[str, ...]]


# From the flagged, by their dates, to their articles: the other way round SQLite reads the index of
# all articles, and by score these lie anywhere.
_FLAGGED = """
    select flags.article, coalesce(articles.cluster, -articles.id) as story, articles.source,
           coalesce(sources.alignment, 'none') as alignment,
           coalesce(articles.published_at, articles.first_seen) as date,
           flags.score, flags.themes, flags.countries, flags.flagged_at
      from flags indexed by flags_dated
      cross join articles indexed by articles_desk on articles.id = flags.article
      join sources on sources.slug = articles.source
     where flags.flagged = 1
     order by flags.score desc, date desc, flags.article desc
"""


class Desk:
    """Questions of the review desk, over a connection of its own."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._rules: dict[int, tuple[str, tuple[str, ...]]] = {}

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an archive for reading alone; raises StorageError when it is missing."""
        return cls(connect_readonly(path))

    @property
    def db(self) -> Database:
        """The connection, for the desk's other questions."""
        return self._db

    def stories(self) -> list[Story]:
        """Return every flagged story, the highest score first and newer before older."""
        rows = list(self._db.query(_FLAGGED))
        self._learn_rules(rows)
        copies: dict[int, list[dict[str, Any]]] = {}
        for row in rows:
            copies.setdefault(row["story"], []).append(row)
        return [self._story(number, group) for number, group in copies.items()]

    def latest_verdict(self) -> int:
        """Return the number of the last row of `verdicts`, 0 before the first."""
        row = self._db.execute("select coalesce(max(id), 0) from verdicts").fetchone()
        return int(row[0])

    def judged(self) -> Judged:
        """Return the standing verdicts, and what they correct."""
        verdicts: dict[int, dict[str, str]] = defaultdict(dict)
        themes: dict[int, tuple[str, ...]] = {}
        countries: dict[int, tuple[str, ...]] = {}
        for row in self._db.query(
            """
            select coalesce(articles.cluster, -articles.id) as story, reviewer, verdict, themes,
                   countries
              from standing_verdicts
              join articles indexed by articles_desk on articles.id = article
             order by standing_verdicts.id
            """
        ):
            story = row["story"]
            verdicts[story][row["reviewer"]] = row["verdict"]
            if row["themes"] is not None:
                themes[story] = _values(row["themes"])
            if row["countries"] is not None:
                countries[story] = _values(row["countries"])
        given = {story: tuple(by_reviewer.items()) for story, by_reviewer in verdicts.items()}
        return Judged(verdicts=given, themes=themes, countries=countries)

    def search(self, words: str) -> set[int]:
        """Return the flagged articles that hold all these words."""
        clean = _spelled(clean_line(words, LINE))
        phrases = " ".join('"' + word.replace('"', '""') + '"' for word in clean.split())
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
                   alignment, clusters.independent_sources,
                   coalesce(articles.agency, clusters.agency) as agency,
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
        fired: dict[int, list[str]] = defaultdict(list)
        for article, rule in self._db.execute(
            """
            select article, rule from matches
             where masked is null and article in (select value from json_each(?))
             group by article, rule
            """,
            [json.dumps(new)],
        ):
            fired[article].append(sys.intern(rule))
        for key in new:
            self._rules[key] = (fresh[key], tuple(fired[key]))

    def _story(self, number: int, copies: list[dict[str, Any]]) -> Story:
        """Return a story; the first of its copies has the highest score."""
        first = copies[0]
        return Story(
            number=number,
            article=first["article"],
            articles=tuple(row["article"] for row in copies),
            sources=_union([(row["source"],) for row in copies]),
            alignments=_union([(row["alignment"],) for row in copies]),
            date=first["date"],
            score=first["score"],
            themes=_union([_values(row["themes"]) for row in copies]),
            countries=_union([_values(row["countries"]) for row in copies]),
            rules=_union([self._rules[row["article"]][1] for row in copies]),
        )


def _union(lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    return lists[0] if len(lists) == 1 else tuple(dict.fromkeys(chain.from_iterable(lists)))


@lru_cache(maxsize=4096)
def _values(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _spelled(words: str) -> str:
    """Spell ligatures out, as the full-text index does."""
    for ligature, letters in (("œ", "oe"), ("Œ", "Oe"), ("æ", "ae"), ("Æ", "Ae")):
        words = words.replace(ligature, letters)
    return words
