"""Alarms: single polls and weeks, at the edge of what is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.alarms import History, PollFacts, judge
from storage.rhythm import Arrival

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def polls(now, *ends: tuple[int, int]) -> list[PollFacts]:
    """Return polls by the hour, each with so many pages stored and so many without an article."""
    return [
        PollFacts(
            at=now - (len(ends) - number) * HOUR, new=stored + short, stored=stored, duplicate=0,
            refused=short, characters=stored * 3_000, errors={"extract_short": short},
        )
        for number, (stored, short) in enumerate(ends)
    ]  # fmt: skip


@pytest.mark.parametrize(("short_before", "state"), [(1, "template"), (5, "new")])
def test_pages_without_an_article_are_told_where_they_were_rare(now, short_before, state) -> None:
    seen = polls(now, *[(10 - short_before, short_before)] * 4, (0, 8))

    told, _ = judge(History(begun=now - 9 * DAY, polls=seen, arrivals=[], rhythm=None), now)

    assert told == state


@pytest.mark.parametrize(("came", "state"), [(20, "new"), (19, "few")])
def test_a_week_of_as_many_articles_as_the_catalogue_says_is_enough(now, came, state) -> None:
    history = History(
        begun=now - 9 * DAY, polls=polls(now, (came, 0)), rhythm=None, min_per_week=20,
        arrivals=[Arrival(at=now - DAY, pages=came)],
    )  # fmt: skip

    assert judge(history, now)[0] == state
