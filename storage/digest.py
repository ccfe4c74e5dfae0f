"""Digest: what the digest asks of the archive about its stories.

A story is a cluster, or an article that has no copy.
Its number is the cluster's, or minus the article's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from storage.times import to_text


class DigestQuestions:
    """Questions over `articles`, `flags`, `matches`, `clusters` and `standing_verdicts`.

    An article's verdict is the latest that nobody took back.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def articles_of_stories(self, since: datetime, until: datetime) -> list[dict[str, Any]]:
        """Return every article of the stories that `since` brought, without their texts.

        A story counts when one of its articles, flagged or accepted, was first seen in
        `since` ≤ t < `until`; its other articles come with it, flagged or not.
        What a backfill brought of an earlier time is no news.
        `themes` and `countries` are the reviewer's where a reviewer corrected them.
        """
        return list(
            self._db.query(
                """
                with latest as (
                    select article, max(id) as id from standing_verdicts group by article
                ), fresh as (
                    select articles.id, articles.cluster from articles
                      join flags on flags.article = articles.id
                      left join latest on latest.article = articles.id
                      left join verdicts on verdicts.id = latest.id
                     where articles.first_seen >= :since and articles.first_seen < :until
                       and not (coalesce(articles.published_at < :since, 0) and exists (
                           select 1 from pages where pages.article = articles.id
                              and pages.outcome = 'stored' and pages.backfill is not null))
                       and (flags.flagged = 1 or verdicts.verdict = 'relevant')
                )
                select articles.id, coalesce(articles.cluster, -articles.id) as story,
                       articles.source, articles.url, articles.canonical_url, articles.title,
                       articles.standfirst, articles.authors, articles.published_at,
                       articles.first_seen, articles.partial, sources.name as outlet,
                       sources.country as outlet_country, sources.alignment,
                       flags.flagged, flags.score, flags.status, flags.status_words,
                       coalesce(verdicts.themes, flags.themes) as themes,
                       coalesce(verdicts.countries, flags.countries) as countries,
                       verdicts.id as verdict_id, verdicts.verdict, verdicts.reviewer,
                       verdicts.note, verdicts.at as verdict_at,
                       clusters.independent_sources,
                       coalesce(articles.agency, clusters.agency) as agency
                  from articles
                  join sources on sources.slug = articles.source
                  join flags on flags.article = articles.id
                  left join clusters on clusters.id = articles.cluster
                  left join latest on latest.article = articles.id
                  left join verdicts on verdicts.id = latest.id
                 where (articles.id in (select id from fresh)
                        or articles.cluster in (select cluster from fresh))
                   and articles.first_seen < :until
                 order by articles.id
                """,
                {"since": to_text(since), "until": to_text(until)},
            )
        )

    def texts(self, articles: Iterable[int]) -> dict[int, str]:
        """Return the texts of some articles by their number."""
        rows = self._db.query(
            "select id, text from articles where id in (select value from json_each(?))",
            [json.dumps(list(articles))],
        )
        return {row["id"]: row["text"] for row in rows}

    def matches(self, articles: Iterable[int]) -> list[dict[str, Any]]:
        """Return the matches that count, of some articles, in the order of the text."""
        return list(
            self._db.query(
                """
                select article, rule, theme, field, start, "end", sentence_start, sentence_end
                  from matches
                 where article in (select value from json_each(?)) and masked is null
                 order by article, instr('title lead text', field), sentence_start, start, "end" desc
                """,
                [json.dumps(list(articles))],
            )
        )

    def partners(self, articles: Iterable[int]) -> dict[tuple[int, str], int]:
        """Return how often some articles name each state that takes part: (article, code) → times."""
        rows = self._db.query(
            """
            select article, code.value as code, count(*) as times
              from mentions, json_each(mentions.codes) as code
             where article in (select value from json_each(?)) and partner = 1
             group by article, code.value
            """,
            [json.dumps(list(articles))],
        )
        return {(row["article"], row["code"]): row["times"] for row in rows}

    def dated_stories(self, since: datetime, until: datetime) -> list[dict[str, Any]]:
        """Return each flagged or accepted article dated `since` ≤ t < `until`, for counting by week.

        Articles whose story a reviewer called irrelevant are left out.
        The date is that of publication, else of the first sight.
        """
        return list(
            self._db.query(
                """
                with latest as (
                    select article, max(id) as id from standing_verdicts group by article
                )
                select coalesce(articles.cluster, -articles.id) as story,
                       coalesce(articles.published_at, articles.first_seen) as at,
                       coalesce(verdicts.themes, flags.themes) as themes,
                       coalesce(verdicts.countries, flags.countries) as countries
                  from articles
                  join flags on flags.article = articles.id
                  left join latest on latest.article = articles.id
                  left join verdicts on verdicts.id = latest.id
                 where articles.first_seen >= :since
                   and coalesce(articles.published_at, articles.first_seen) >= :since
                   and coalesce(articles.published_at, articles.first_seen) < :until
                   and (flags.flagged = 1 or verdicts.verdict = 'relevant')
                   and verdicts.verdict is not 'irrelevant'
                 order by at
                """,
                {"since": to_text(since), "until": to_text(until)},
            )
        )
