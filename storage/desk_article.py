"""Desk article: one article with its flag, copies, verdicts, revisions and stored page."""

from __future__ import annotations

import json
from typing import Any

import attrs
from sqlite_utils import Database


@attrs.frozen(kw_only=True)
class DeskArticle:
    """All that the archive knows of one article, as rows."""

    row: dict[str, Any]
    """Columns of `articles` and `flags`, lists decoded, and the outlet's as `outlet`, `country` …"""
    matches: list[dict[str, Any]]
    mentions: list[dict[str, Any]]
    copies: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]
    """Newest first, each with `withdrawn` and `standing`; the rows that withdraw are left out."""
    revisions: list[dict[str, Any]]
    page: dict[str, Any] | None
    """The stored page without its body, None when it was not kept."""

    def standing(self) -> list[dict[str, Any]]:
        """Return the verdict that stands of each reviewer, newest first."""
        return [verdict for verdict in self.verdicts if verdict["standing"]]

    def standing_by(self, reviewer: str) -> dict[str, Any] | None:
        """Return the verdict of one reviewer that stands."""
        return next((v for v in self.standing() if v["reviewer"] == reviewer), None)

    def corrected(self, name: str) -> list[str]:
        """Return the themes or countries as the latest verdict has them, else as flagged."""
        latest = next(iter(self.standing()), None)
        chosen = None if latest is None else latest[name]
        return list(self.row[name] if chosen is None else chosen)

    def is_corrected(self) -> bool:
        """Whether the latest verdict changes the themes or the countries."""
        return any(set(self.corrected(n)) != set(self.row[n]) for n in ("themes", "countries"))


_LISTS = ("authors", "tags", "themes", "countries", "mentioned", "undecided", "arithmetic")


def desk_article(db: Database, article: int) -> DeskArticle | None:
    """Return one article, None when there is none of that number."""
    row = _row(db, article)
    if row is None:
        return None
    return DeskArticle(
        row=row,
        matches=_matches(db, article),
        mentions=_mentions(db, article),
        copies=_copies(db, row),
        verdicts=_verdicts(db, article),
        revisions=_revisions(db, article),
        page=_page(db, article),
    )


def _row(db: Database, article: int) -> dict[str, Any] | None:
    rows = db.query(
        """
        select articles.*, sources.name as outlet, sources.country, sources.outlet as outlet_kind,
               sources.ownership, sources.alignment, flags.flagged, flags.score, flags.themes,
               flags.countries, flags.mentioned, flags.undecided, flags.status,
               flags.status_words, flags.arithmetic, flags.rule_set, flags.flagged_at,
               coalesce(articles.agency, clusters.agency) as credited,
               clusters.independent_sources
          from articles
          join sources on sources.slug = articles.source
          join flags on flags.article = articles.id
          left join clusters on clusters.id = articles.cluster
         where articles.id = ?
        """,
        [article],
    )
    row = next(rows, None)
    if row is None:
        return None
    row["agency"] = row.pop("credited")
    return row | {name: json.loads(row[name]) for name in _LISTS}


def _matches(db: Database, article: int) -> list[dict[str, Any]]:
    return list(
        db.query('select * from matches where article = ? order by field, start, "end"', [article])
    )


def _mentions(db: Database, article: int) -> list[dict[str, Any]]:
    return list(
        db.query(
            """
            select codes, partner, count(*) as times, group_concat(distinct words) as words
              from mentions where article = ? group by codes, partner
             order by partner desc, times desc, codes
            """,
            [article],
        )
    )


def _copies(db: Database, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the other articles of the cluster, the earliest first."""
    return list(
        db.query(
            """
            select articles.id, title, articles.url, source, sources.name as outlet, sources.country,
                   alignment, published_at, articles.first_seen
              from articles join sources on sources.slug = articles.source
             where cluster = :cluster and articles.id <> :id
             order by coalesce(published_at, articles.first_seen), articles.id limit 100
            """,
            {"cluster": row["cluster"], "id": row["id"]},
        )
    )


def _verdicts(db: Database, article: int) -> list[dict[str, Any]]:
    rows = db.query(
        """
        select verdicts.*, undo.at as withdrawn,
               exists (select 1 from standing_verdicts
                        where standing_verdicts.id = verdicts.id) as standing
          from verdicts left join verdicts as undo on undo.withdraws = verdicts.id
         where verdicts.article = ? and verdicts.withdraws is null
         order by verdicts.id desc
        """,
        [article],
    )
    return [_corrected(row) for row in rows]


def _corrected(row: dict[str, Any]) -> dict[str, Any]:
    lists = {
        name: None if row[name] is None else json.loads(row[name])
        for name in ("themes", "countries")
    }
    return row | lists


def _revisions(db: Database, article: int) -> list[dict[str, Any]]:
    return list(
        db.query(
            "select id, seen_at, title, standfirst, text from revisions"
            " where article = ? order by id desc",
            [article],
        )
    )


def _page(db: Database, article: int) -> dict[str, Any] | None:
    rows = db.query(
        "select url, fetched_at, status, headers, sha256, length(body) as bytes"
        " from raw_pages where article = ?",
        [article],
    )
    return next(rows, None)


@attrs.frozen(kw_only=True)
class Judgement:
    """What the rules say of an article, for a correction to be compared with."""

    flagged: bool
    themes: tuple[str, ...]
    countries: tuple[str, ...]


def judgement(db: Database, article: int) -> Judgement | None:
    """Return an article's flag, None when there is no such article."""
    row = db.execute(
        "select flagged, themes, countries from flags where article = ?", [article]
    ).fetchone()
    if row is None:
        return None
    return Judgement(
        flagged=bool(row[0]), themes=tuple(json.loads(row[1])), countries=tuple(json.loads(row[2]))
    )
