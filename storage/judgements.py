"""Judgements: the flags of articles, given when they are stored and again when rules change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import attrs
from sqlite_utils import Database

from storage.connection import writing
from storage.records import CountryMention, Flag, Match, StoredText
from storage.times import to_text

_LISTS = ("themes", "countries", "mentioned", "undecided", "arithmetic")


class Judgements:
    """The `flags`, `matches` and `mentions` tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def give(self, article: int, flag: Flag, now: datetime) -> None:
        """Give a new article its flag, with its matches and mentions, in the caller's transaction."""
        self._insert([(article, flag)], now)

    def replace(self, judged: Sequence[tuple[int, Flag]], now: datetime) -> None:
        """Replace the flags of articles, with their matches and mentions, in one transaction."""
        articles = json.dumps([article for article, _ in judged])
        with writing(self._db):
            for table in ("matches", "mentions"):
                self._db.execute(
                    f"delete from {table} where article in (select value from json_each(?))",  # noqa: S608 - one of two
                    [articles],
                )
            self._insert(judged, now)

    def outdated(
        self, rule_set: str, since: str | None, after: int, limit: int
    ) -> list[StoredText]:
        """Return articles that another rule set judged, by number, beginning after one.

        `since` is the earliest time of publication, else of first sight.
        """
        rows = self._db.query(
            """
            select articles.id, articles.title, standfirst, text, country, sources.name as outlet,
                   flags.flagged, flags.score
              from articles join sources on sources.slug = articles.source
              join flags on flags.article = articles.id
             where articles.id > :after and flags.rule_set <> :rule_set
               and (:since is null or coalesce(published_at, first_seen) >= :since)
             order by articles.id limit :limit
            """,
            {"rule_set": rule_set, "since": since, "after": after, "limit": limit},
        )
        return [StoredText(**row | {"flagged": bool(row["flagged"])}) for row in rows]

    def outdated_count(self, rule_set: str, since: str | None) -> int:
        """Return how many articles `outdated` goes through."""
        row = self._db.execute(
            """
            select count(*) from articles join flags on flags.article = articles.id
             where flags.rule_set <> :rule_set
               and (:since is null or coalesce(published_at, first_seen) >= :since)
            """,
            {"rule_set": rule_set, "since": since},
        ).fetchone()
        return int(row[0])

    def words(self, article: int) -> tuple[str, ...]:
        """Return the words that made an article's flag, masked ones left out."""
        rows = self._db.execute(
            "select distinct words from matches where article = ? and masked is null", [article]
        )
        return tuple(row[0] for row in rows)

    def _insert(self, judged: Sequence[tuple[int, Flag]], now: datetime) -> None:
        run = self._db.conn.executemany
        run(_FLAG, [_flag_row(article, flag, now) for article, flag in judged])
        run(_MATCH, [_place_row(a, place) for a, flag in judged for place in flag.matches])
        run(_MENTION, [_place_row(a, place) for a, flag in judged for place in flag.mentions])


def _flag_row(article: int, flag: Flag, now: datetime) -> dict[str, object]:
    row = attrs.asdict(flag, recurse=False, filter=attrs.filters.exclude("matches", "mentions"))
    lists = {name: json.dumps(row[name], ensure_ascii=False) for name in _LISTS}
    return row | lists | {"article": article, "flagged_at": to_text(now)}


def _place_row(article: int, place: Match | CountryMention) -> dict[str, object]:
    row = place._asdict() | {"article": article}
    if isinstance(place, CountryMention):
        row["codes"] = json.dumps(place.codes)
    return row


# The date is given with the flag, which spares the trigger that would look it up.
_FLAG = """
    insert into flags (article, rule_set, flagged, score, themes, countries, mentioned, undecided,
                       status, status_words, arithmetic, flagged_at, date)
    values (:article, :rule_set, :flagged, :score, :themes, :countries, :mentioned, :undecided,
            :status, :status_words, :arithmetic, :flagged_at,
            (select date from articles where id = :article))
    on conflict (article) do update set
        rule_set = excluded.rule_set, flagged = excluded.flagged, score = excluded.score,
        themes = excluded.themes, countries = excluded.countries, mentioned = excluded.mentioned,
        undecided = excluded.undecided, status = excluded.status,
        status_words = excluded.status_words, arithmetic = excluded.arithmetic,
        flagged_at = excluded.flagged_at
"""
_MATCH = """
    insert into matches (article, rule, theme, field, start, "end", words, sentence_start,
                         sentence_end, term, masked)
    values (:article, :rule, :theme, :field, :start, :end, :words, :sentence_start,
            :sentence_end, :term, :masked)
"""
_MENTION = """
    insert into mentions (article, codes, field, start, "end", words, partner)
    values (:article, :codes, :field, :start, :end, :words, :partner)
"""
