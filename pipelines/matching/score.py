"""Score: how sure the rules are that an article is on the subject, from 0 to 100.

    strength   points of the strongest rule that fired, × the weight of its best sentence
    field      points when a rule fired in the title, else in the lead, else where the text opens
    density    rises with each sentence in which a rule fired, ever more slowly
    passing    taken when all of a long article's fired sentences are one, deep in its text
    headline   taken when the title is about something else and nothing Russian
    context    taken in proportion to the sentences about something else

A sentence in which Russia stands in an enumeration of countries weighs less.
One more fired sentence, a stronger rule or a better field never lowers the score.
All points are in `score.toml`.
"""

from __future__ import annotations

import attrs

from pipelines.matching.schema import ScoreEntry

MOST = 100
_OPENING = 2
"""The sentences up to this one open an article; many have no standfirst."""


@attrs.frozen
class FiredSentence:
    """A sentence in which at least one rule fired."""

    number: int
    """Its place in the article; the title is 0."""
    field: int
    strength: int
    """Of the strongest rule that fired here."""
    enumerated: bool
    placed: bool = True
    """Whether an African state is named there, next to it, or in the title."""


@attrs.frozen
class Drift:
    """How many sentences an article gives to something else."""

    name: str
    points: float
    sentences: int
    in_headline: bool = False
    """Whether the title is about it, and names nothing Russian."""


@attrs.frozen
class Score:
    """A score and what it is made of."""

    points: int
    flagged: bool
    arithmetic: tuple[tuple[str, float], ...]


def score(
    fired: list[FiredSentence], drifts: list[Drift], sentences: int, parameters: ScoreEntry
) -> Score:
    """Judge an article of so many sentences by those in which rules fired."""
    if not fired:
        return Score(0, False, ())
    parts = [
        _strength(fired, parameters),
        _field(fired, parameters),
        _density(fired, parameters),
        _passing(fired, sentences, parameters),
        _headline(drifts, parameters),
        *(_context(fired, drift, parameters) for drift in drifts),
    ]
    arithmetic = tuple((label, round(points, 1)) for label, points in parts if round(points, 1))
    total = round(sum(points for _, points in arithmetic))
    points = max(0, min(MOST, total))
    return Score(points, points >= parameters.threshold, arithmetic)


def _weight(sentence: FiredSentence, parameters: ScoreEntry) -> float:
    return parameters.enumerated if sentence.enumerated else 1


def _strength(fired: list[FiredSentence], parameters: ScoreEntry) -> tuple[str, float]:
    best = max(
        (parameters.strength[one.strength - 1] * _weight(one, parameters), one.strength)
        for one in fired
    )
    return f"strength {best[1]}", best[0]


def _field(fired: list[FiredSentence], parameters: ScoreEntry) -> tuple[str, float]:
    title = max((_weight(one, parameters) for one in fired if one.field == 0), default=0)
    lead = max((_weight(one, parameters) for one in fired if one.field == 1), default=0)
    opening = max((_weight(one, parameters) for one in fired if _opens(one)), default=0)
    points = {
        "title": parameters.title * title,
        "lead": parameters.lead * lead,
        "opening": parameters.opening * opening,
    }
    name = max(points, key=lambda key: points[key])
    return name, points[name]


def _opens(sentence: FiredSentence) -> bool:
    return sentence.field == 2 and sentence.number <= _OPENING and sentence.placed


def _density(fired: list[FiredSentence], parameters: ScoreEntry) -> tuple[str, float]:
    weight = sum(_weight(one, parameters) for one in fired)
    return "density", parameters.density * (1 - parameters.density_decay**weight)


def _passing(
    fired: list[FiredSentence], sentences: int, parameters: ScoreEntry
) -> tuple[str, float]:
    only = fired[0]
    deep = only.field == 2 and only.number > 4 and sentences > parameters.passing_after_sentences
    passing = len(fired) == 1 and deep and only.strength < 3
    return "passing", parameters.passing if passing else 0


def _headline(drifts: list[Drift], parameters: ScoreEntry) -> tuple[str, float]:
    elsewhere = next((drift.name for drift in drifts if drift.in_headline), None)
    if elsewhere is None:
        return "headline", 0
    return f"headline {elsewhere}", parameters.headline_elsewhere


def _context(fired: list[FiredSentence], drift: Drift, parameters: ScoreEntry) -> tuple[str, float]:
    share = drift.sentences / (drift.sentences + len(fired))
    free = parameters.context_free_share
    return f"context {drift.name}", drift.points * max(0.0, (share - free) / (1 - free))
