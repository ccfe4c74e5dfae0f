"""Export: articles as rows for other programs, with what the rules and the reviewers say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlite_utils import Database

BATCH = 200
LISTS = ("authors", "tags", "themes", "countries", "mentioned", "words", "verdicts")
"""Columns that hold a list of texts."""
NUMBERS = ("id", "flagged", "score", "cluster", "independent_sources", "partial")
COLUMNS = (
    "id",
    "date",
    "published_at",
    "first_seen",
    "source",
    "source_name",
    "source_country",
    "alignment",
    "title",
    "standfirst",
    "text",
    "authors",
    "section",
    "tags",
    "language",
    "partial",
    "url",
    "flagged",
    "score",
    "themes",
    "countries",
    "mentioned",
    "status",
    "words",
    "rule_set",
    "cluster",
    "agency",
    "independent_sources",
    "verdicts",
    "digest",
)
"""The columns of every format, in order. A contract: new ones come at the end."""


def exported(db: Database, articles: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Yield articles as rows of `COLUMNS`, lists as tuples of texts, in the order given."""
    pending = iter(articles)
    while batch := list(islice(pending, BATCH)):
        rows = {row["id"]: row for row in db.query(_ROWS, [json.dumps(batch)])}
        yield from (_read(rows[article]) for article in batch)


def _read(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: tuple(json.loads(row[name] or "[]")) for name in LISTS}


_ROWS = """
    select articles.id, articles.date, articles.published_at, articles.first_seen,
           articles.source, sources.name as source_name, sources.country as source_country,
           sources.alignment, articles.title, articles.standfirst, articles.text,
           articles.authors, articles.section, articles.tags, articles.language,
           articles.partial, articles.url, flags.flagged, flags.score, flags.themes,
           flags.countries, flags.mentioned, flags.status,
           (select json_group_array(words) from
               (select distinct words from matches
                 where matches.article = articles.id and masked is null)) as words,
           flags.rule_set, articles.cluster,
           coalesce(articles.agency, clusters.agency) as agency, clusters.independent_sources,
           (select json_group_array(verdict || ' (' || reviewer || ')') from
               (select verdict, reviewer from standing_verdicts
                 where standing_verdicts.article = articles.id order by at)) as verdicts,
           articles.digest
      from json_each(?) as one
      join articles on articles.id = one.value
      join sources on sources.slug = articles.source
      join flags on flags.article = articles.id
      left join clusters on clusters.id = articles.cluster
"""
