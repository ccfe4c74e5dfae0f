"""Probe: a daily sample of articles that no rule flagged, so that misses are measured too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import attrs
from sqlite_utils import Database

from storage.times import to_text

WINDOW = timedelta(days=7)
NAMING, OTHERS = 7, 3
"""How many articles a day that name Russia, and how many that do not.

Almost every miss names Russia; a sample without weights would show one a month.
"""
RUSSIA = (
    'russ* OR moscou OR kremlin OR poutine OR lavrov OR wagner OR "africa corps" OR rosatom'
    " OR petersbourg OR sotchi OR gazprom OR sovietique*"
)
"""What names Russia, as a full-text query; wider than the rules on purpose."""


@attrs.frozen(kw_only=True)
class Sample:
    """One day's sample, and what is done of it."""

    articles: list[int]
    """Those that name Russia first."""
    done: frozenset[int]
    """Those of them that have a verdict."""

    @property
    def left(self) -> list[int]:
        """Those that wait for a verdict."""
        return [article for article in self.articles if article not in self.done]


def daily_sample(db: Database, day: date) -> list[int]:
    """Return the sample of a day; the same all day long, but for articles that come in meanwhile.

    Articles judged on an earlier day are left out.
    """
    start = datetime.combine(day, time(), UTC)
    times = {"since": to_text(start - WINDOW), "until": to_text(start + timedelta(days=1))}
    candidates = _unflagged(db, times | {"today": to_text(start)})
    naming = naming_russia(db, candidates)
    return _drawn(day, naming, NAMING) + _drawn(day, candidates - naming, OTHERS)


def progress(db: Database, articles: list[int]) -> Sample:
    """Return a sample with what is done of it."""
    rows = db.execute(
        """
        select distinct given.article from verdicts as given
         where given.article in (select value from json_each(?)) and given.withdraws is null
           and not exists (select 1 from verdicts as undo where undo.withdraws = given.id)
        """,
        [json.dumps(articles)],
    )
    return Sample(articles=articles, done=frozenset(article for (article,) in rows))


def naming_russia(db: Database, articles: set[int]) -> set[int]:
    """Return those of some articles that name Russia."""
    rows = db.execute("select rowid from articles_fts where articles_fts match ?", [RUSSIA])
    return articles & {article for (article,) in rows}


def _unflagged(db: Database, times: dict[str, str]) -> set[int]:
    rows = db.execute(
        """
        select articles.id from articles
          join flags on flags.article = articles.id and flags.flagged = 0
         where first_seen >= :since and first_seen < :until and language = 'fr'
           and not exists (select 1 from verdicts
                            where verdicts.article = articles.id and verdicts.at < :today)
        """,
        times,
    )
    return {article for (article,) in rows}


def _drawn(day: date, articles: Iterable[int], size: int) -> list[int]:
    """Draw by rank of a hash: an article that comes in later moves at most one other out."""
    return sorted(articles, key=lambda article: _rank(day, article))[:size]


def _rank(day: date, article: int) -> bytes:
    return hashlib.blake2b(f"{day}:{article}".encode(), digest_size=8).digest()
