"""Score: more evidence never lowers it, and its arithmetic adds up."""

from __future__ import annotations

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.matching.schema import ScoreEntry
from pipelines.matching.score import Drift, FiredSentence, score

PARAMETERS = ScoreEntry(passing=-12, opening=10)
FIRED = st.builds(
    FiredSentence,
    number=st.integers(0, 30),
    field=st.integers(0, 2),
    strength=st.integers(1, 3),
    enumerated=st.booleans(),
    placed=st.booleans(),
)
DRIFTS = st.lists(st.builds(Drift, st.just("war"), st.just(-40.0), st.integers(1, 20)), max_size=2)


def test_an_article_in_which_nothing_fired_has_no_points() -> None:
    assert score([], [Drift("war", -40, 3)], 10, PARAMETERS).points == 0


@given(st.lists(FIRED, min_size=1, max_size=8), DRIFTS, FIRED)
@settings(deadline=None)
def test_one_more_fired_sentence_never_lowers_the_score(
    fired: list[FiredSentence], drifts: list[Drift], more: FiredSentence
) -> None:
    before = score(fired, drifts, 31, PARAMETERS).points

    assert score([*fired, more], drifts, 31, PARAMETERS).points >= before - 1  # rounding


@given(st.lists(FIRED, min_size=1, max_size=8), DRIFTS)
@settings(deadline=None)
def test_a_stronger_rule_never_lowers_the_score(
    fired: list[FiredSentence], drifts: list[Drift]
) -> None:
    stronger = [attrs.evolve(one, strength=3) for one in fired]

    before = score(fired, drifts, 31, PARAMETERS).points
    assert score(stronger, drifts, 31, PARAMETERS).points >= before


@given(st.lists(FIRED, min_size=1, max_size=8), DRIFTS)
@settings(deadline=None)
def test_the_arithmetic_adds_up(fired: list[FiredSentence], drifts: list[Drift]) -> None:
    judged = score(fired, drifts, 31, PARAMETERS)
    total = sum(points for _, points in judged.arithmetic)

    assert judged.points == max(0, min(100, round(total)))
    assert judged.flagged == (judged.points >= PARAMETERS.threshold)


def test_a_headline_about_something_else_takes_its_points_once() -> None:
    fired = [FiredSentence(4, field=2, strength=3, enumerated=False)]
    drifts = [Drift(name, 0, 3, in_headline=True) for name in ("war", "elsewhere")]
    parameters = ScoreEntry(headline_elsewhere=-20)

    plain = score(fired, [attrs.evolve(one, in_headline=False) for one in drifts], 10, parameters)
    assert score(fired, drifts, 10, parameters).points == plain.points - 20


def test_a_sentence_that_opens_the_text_weighs_more_where_a_state_is_named() -> None:
    opening = FiredSentence(2, field=2, strength=1, enumerated=False)
    unplaced = attrs.evolve(opening, placed=False)
    deeper = attrs.evolve(opening, number=3)

    points = [score([one], [], 5, PARAMETERS).points for one in (opening, unplaced, deeper)]

    assert points == [34, 24, 24]
