"""Quality: how good the rules are, from the verdicts, with the uncertainty of small samples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs
from sqlite_utils import Database

from storage.intervals import wilson
from storage.probe import RUSSIA


@attrs.frozen(kw_only=True)
class Share:
    """A share of a sample, with the 95 % interval of Wilson."""

    name: str
    hits: int
    size: int
    theme: str | None = None

    @property
    def value(self) -> float | None:
        """The share, None without a sample."""
        return self.hits / self.size if self.size else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest plausible share; 0 to 1 without a sample."""
        return wilson(self.hits, self.size)


@attrs.frozen(kw_only=True)
class Misses:
    """What the daily samples say of one kind of unflagged article."""

    kind: str
    """naming (Russia is named) or others."""
    articles: int
    """Unflagged articles of this kind in the archive."""
    share: Share
    """Of those sampled, the ones that should have been flagged."""


@attrs.frozen(kw_only=True)
class Quality:
    """What the verdicts say of the rules."""

    flags: Share
    rules: list[Share]
    themes: list[Share]
    misses: list[Misses]
    flagged: int
    """Flagged articles in the archive."""
    agreement: Share
    """Of the articles that two reviewers judged, those on which they agree."""
    unsure: int

    @property
    def tighten(self) -> list[Share]:
        """Rules that are surely worse than the flags as a whole, the worst first."""
        overall = self.flags.value or 0.0
        worse = [rule for rule in self.rules if rule.interval[1] < overall]
        return sorted(worse, key=lambda rule: (rule.interval[1], -rule.size))

    @property
    def recall(self) -> float | None:
        """The estimated share of relevant articles that were flagged; None before any sample."""
        samples = [m.share.size for m in self.misses if m.articles]
        if self.flags.value is None or not samples or not all(samples):
            return None
        caught = self.flagged * self.flags.value
        missed = sum(m.articles * (m.share.value or 0.0) for m in self.misses)
        return caught / (caught + missed) if caught + missed else None


def measure_quality(db: Database) -> Quality:
    """Return what the verdicts say of the rules; the latest verdict on an article decides."""
    judged = list(
        db.query(
            """
            select latest.article, latest.verdict, latest.themes as corrected, flags.themes
              from standing_verdicts as latest
              join flags on flags.article = latest.article and flags.flagged = 1
             where latest.id in (select max(id) from standing_verdicts
                                  where verdict <> 'unsure' group by article)
            """
        )
    )
    relevant = sum(row["verdict"] == "relevant" for row in judged)
    return Quality(
        flags=Share(name="flags", hits=relevant, size=len(judged)),
        rules=_rules(db),
        themes=_themes(judged),
        misses=_misses(db),
        flagged=_count(db, "select count(*) from flags where flagged = 1"),
        agreement=_agreement(db),
        unsure=_count(db, "select count(*) from standing_verdicts where verdict = 'unsure'"),
    )


def _rules(db: Database) -> list[Share]:
    rows = db.query(
        """
        select rule, theme, relevant, relevant + irrelevant as size from rule_precision
         order by size desc, rule
        """
    )
    return [
        Share(name=row["rule"], theme=row["theme"], hits=row["relevant"], size=row["size"])
        for row in rows
    ]


def _themes(judged: Iterable[dict[str, Any]]) -> list[Share]:
    """Count a theme as wrong where the article is irrelevant or a reviewer took the theme out."""
    hits: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for row in judged:
        flagged = set(json.loads(row["themes"]))
        right = set(json.loads(row["corrected"])) if row["corrected"] else flagged
        sizes.update(flagged)
        if row["verdict"] == "relevant":
            hits.update(flagged & right)
    return [Share(name=theme, hits=hits[theme], size=size) for theme, size in sizes.most_common()]


def _misses(db: Database) -> list[Misses]:
    naming = {
        article
        for (article,) in db.execute(
            """
            select article from flags where flagged = 0
               and article in (select rowid from articles_fts where articles_fts match ?)
            """,
            [RUSSIA],
        )
    }
    unflagged = _count(db, "select count(*) from flags where flagged = 0")
    sampled = db.execute(
        """
        select standing_verdicts.article, max(verdict = 'relevant') from standing_verdicts
          join flags on flags.article = standing_verdicts.article and flags.flagged = 0
         where asked_by = 'probe' and verdict <> 'unsure' group by standing_verdicts.article
        """
    ).fetchall()
    return [
        _kind("naming", len(naming), [missed for article, missed in sampled if article in naming]),
        _kind(
            "others",
            unflagged - len(naming),
            [missed for article, missed in sampled if article not in naming],
        ),
    ]


def _kind(name: str, articles: int, missed: list[int]) -> Misses:
    return Misses(
        kind=name,
        articles=articles,
        share=Share(name=name, hits=sum(missed), size=len(missed)),
    )


def _agreement(db: Database) -> Share:
    row = db.execute(
        """
        select coalesce(sum(kinds = 1), 0), count(*) from (
            select count(distinct verdict) as kinds from standing_verdicts
             group by article having count(*) > 1)
        """
    ).fetchone()
    return Share(name="agreement", hits=row[0], size=row[1])


def _count(db: Database, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])
