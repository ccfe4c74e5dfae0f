"""Scoring: how well a rule set agrees with labelled articles."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet
from storage.errors import WrongInputError
from storage.intervals import wilson
from storage.records import THEMES, Flag

RESAMPLES = 1000


class ScoringError(WrongInputError):
    """A file of articles cannot be scored; the message names file, line and reason."""


@attrs.frozen(kw_only=True)
class Labelled:
    """One row of a file: an article, and what a reader says of it where it is labelled."""

    id: str
    title: str
    text: str
    outlet_country: str | None = None
    flag: bool | None = None
    themes: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    borderline: bool = False


@attrs.frozen
class Tally:
    """Right and wrong answers."""

    hits: int
    false_alarms: int
    misses: int

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right, None when nothing was found."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> float | None:
        """Share of what is right that was found, None when nothing is right."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return _share(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)

    def as_dict(self) -> dict[str, object]:
        """Return the counts, the shares, and Wilson intervals of precision and recall."""
        return attrs.asdict(self) | {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "precision_interval": _interval(self.hits, self.hits + self.false_alarms),
            "recall_interval": _interval(self.hits, self.hits + self.misses),
        }


@attrs.frozen(kw_only=True)
class Disagreement:
    """An article on which the rules and the reader differ."""

    id: str
    title: str
    kind: str
    """false alarm, miss, themes or countries."""
    score: int
    expected: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class ScoreReport:
    """The scores of a rule set on a file."""

    rows: int
    flag: Tally
    flag_f1_interval: tuple[float, float] | None
    themes: Tally
    """Micro-average over the articles that are on the subject."""
    countries: Tally
    by_theme: dict[str, Tally]
    disagreements: tuple[Disagreement, ...]


def read_articles(path: Path) -> list[Labelled]:
    """Read JSON Lines with `id`, `title`, `text` and, where labelled, the labels.

    Raises ScoringError.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as e:
        raise ScoringError(f"{path}: cannot be read ({e.strerror})") from e
    except UnicodeDecodeError as e:
        raise ScoringError(f"{path}: is not UTF-8 text (byte {e.start})") from e
    return [_row(path, n, line) for n, line in enumerate(lines, start=1) if line.strip()]


def _row(path: Path, number: int, line: str) -> Labelled:
    try:
        row = json.loads(line)
        return Labelled(
            id=str(row["id"]),
            title=row.get("title") or "",
            text=row["text"],
            outlet_country=row.get("outlet_country"),
            flag=row.get("flag"),
            themes=frozenset(row.get("themes") or ()),
            countries=frozenset(row.get("countries") or ()),
            borderline=bool(row.get("borderline")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise ScoringError(f"{path}:{number}: no article with id and text ({e!r})") from e


def predict(articles: Iterable[Labelled], rules: RuleSet) -> Iterator[tuple[Labelled, Flag]]:
    """Judge articles one after the other."""
    for article in articles:
        yield (
            article,
            flag_text(article.title, None, article.text, rules, article.outlet_country),
        )


def prediction(article: Labelled, flag: Flag) -> dict[str, Any]:
    """Return what is written of one judged article."""
    return {
        "id": article.id,
        "flagged": flag.flagged,
        "score": flag.score,
        "themes": flag.themes,
        "countries": flag.countries,
        "matches": [match._asdict() for match in flag.matches],
    }


def score(
    judged: Sequence[tuple[Labelled, Flag]], *, include_borderline: bool = False
) -> ScoreReport:
    """Compare judgements with labels; rows without a label are left out."""
    rows = [
        (article, flag)
        for article, flag in judged
        if article.flag is not None and (include_borderline or not article.borderline)
    ]
    on_subject = [(article, flag) for article, flag in rows if article.flag]
    answers = [(bool(article.flag), flag.flagged) for article, flag in rows]
    return ScoreReport(
        rows=len(rows),
        flag=_tally(answers),
        flag_f1_interval=bootstrap(answers),
        themes=_sets((a.themes, f.themes) for a, f in on_subject),
        countries=_sets((a.countries, f.countries) for a, f in on_subject),
        by_theme={
            theme: _tally([(theme in a.themes, theme in f.themes) for a, f in on_subject])
            for theme in THEMES
        },
        disagreements=tuple(_disagreements(rows)),
    )


def _tally(answers: Sequence[tuple[bool, bool]]) -> Tally:
    return Tally(
        hits=sum(expected and found for expected, found in answers),
        false_alarms=sum(found and not expected for expected, found in answers),
        misses=sum(expected and not found for expected, found in answers),
    )


def _sets(pairs: Iterable[tuple[Iterable[str], Iterable[str]]]) -> Tally:
    hits = false_alarms = misses = 0
    for expected, found in ((set(e), set(f)) for e, f in pairs):
        hits += len(expected & found)
        false_alarms += len(found - expected)
        misses += len(expected - found)
    return Tally(hits, false_alarms, misses)


def _disagreements(rows: Sequence[tuple[Labelled, Flag]]) -> Iterator[Disagreement]:
    for article, flag in rows:
        if flag.flagged != article.flag:
            kind = "false alarm" if flag.flagged else "miss"
            yield _disagreement(article, flag, kind, "themes")
        elif article.flag:
            for label in ("themes", "countries"):
                if set(getattr(flag, label)) != getattr(article, label):
                    yield _disagreement(article, flag, label, label)


def _disagreement(article: Labelled, flag: Flag, kind: str, label: str) -> Disagreement:
    return Disagreement(
        id=article.id,
        title=article.title,
        kind=kind,
        score=flag.score,
        expected=tuple(sorted(getattr(article, label))),
        found=tuple(sorted(getattr(flag, label))),
    )


def bootstrap(answers: Sequence[tuple[bool, bool]]) -> tuple[float, float] | None:
    """Return the 95 % bootstrap interval of F1, the same for the same answers."""
    if not answers:
        return None
    dice = random.Random(0)  # noqa: S311 - repeatable, not secret
    drawn = (_tally(dice.choices(answers, k=len(answers))).f1 for _ in range(RESAMPLES))
    values = sorted(value for value in drawn if value is not None)
    if not values:
        return None
    return values[int(len(values) * 0.025)], values[int(len(values) * 0.975)]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _interval(hits: int, total: int) -> tuple[float, float] | None:
    """Return the Wilson interval of a share, None of nothing."""
    return wilson(hits, total) if total else None
