"""Rhythms: holidays where few sources are known, and weeks poorer than any before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.alarms import History, PollFacts, judge
from storage.rhythm import Arrival, Rhythm, learn_rhythm, shared_holidays

BEGUN = datetime(2026, 10, 5, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = BEGUN + 41 * DAY
TABASKI, NATIONAL = 30, 33
"""Days after the first on which most countries rest, and on which one does."""


def arrivals(per_day: int, idle: set[int], days: int = 41) -> list[Arrival]:
    """Return a source's articles, at noon of each day that is not idle."""
    return [
        Arrival(at=BEGUN + n * DAY + timedelta(hours=12), pages=per_day)
        for n in range(days)
        if n not in idle
    ]


def sources(count: int, idle: set[int]) -> list[tuple[Rhythm, list[Arrival]]]:
    came = arrivals(6, idle)
    rhythm = learn_rhythm(BEGUN, came)
    assert rhythm is not None
    return [(rhythm, came)] * count


def day(number: int) -> date:
    return (BEGUN + number * DAY).date()


def test_a_country_of_one_source_has_the_holidays_that_most_countries_have() -> None:
    holidays = shared_holidays(
        {
            "ML": sources(3, {TABASKI, NATIONAL}),
            "SN": sources(4, {TABASKI}),
            "CG": sources(3, set()),
            "KM": sources(1, {TABASKI}),
        },
        NOW,
        42,
    )

    assert holidays["ML"] == {day(TABASKI), day(NATIONAL)}
    assert holidays["SN"] == holidays["KM"] == {day(TABASKI)}
    assert holidays["CG"] == frozenset()


def test_where_no_country_has_three_sources_all_of_them_are_judged_together() -> None:
    holidays = shared_holidays(
        {code: sources(1, {TABASKI}) for code in ("ML", "SN", "KM")}, NOW, 42
    )

    assert set(holidays.values()) == {frozenset({day(TABASKI)})}


def test_two_sources_in_all_tell_no_holiday() -> None:
    holidays = shared_holidays({"ML": sources(2, {TABASKI})}, NOW, 42)

    assert holidays == {"ML": frozenset()}


def history(came: list[Arrival], holidays: set[date] | None = None) -> History:
    polls = [
        PollFacts(at=one.at, new=one.pages, stored=one.pages, duplicate=0, refused=0, characters=3000 * one.pages, errors={})
        for one in came
    ]  # fmt: skip
    rhythm = learn_rhythm(BEGUN, came, holidays or ())
    return History(begun=BEGUN, polls=polls, arrivals=came, rhythm=rhythm, holidays=holidays or ())


@pytest.mark.parametrize(
    ("last_week", "state"), [(12, "ok"), (8, "ok"), (5, "few"), (1, "few")], ids=str
)
def test_a_week_far_poorer_than_the_poorest_before_it_is_told(last_week: int, state: str) -> None:
    came = arrivals(12, set(), days=34)
    came += [
        Arrival(at=BEGUN + n * DAY + timedelta(hours=12), pages=last_week) for n in range(34, 41)
    ]

    assert judge(history(came), NOW)[0] == state


def test_a_week_of_holidays_is_no_drop() -> None:
    idle = set(range(35, 40))
    came = [*arrivals(12, {*idle, 40}), Arrival(at=NOW - timedelta(hours=1), pages=5)]

    assert judge(history(came), NOW)[0] == "few"
    assert judge(history(came, {day(n) for n in idle}), NOW)[0] != "few"


def test_a_short_history_or_a_quiet_source_tells_of_no_drop() -> None:
    short = arrivals(12, set(), days=20)
    rare = [*arrivals(1, set(), days=34), *arrivals(1, set(range(40)), days=41)]

    assert judge(history(short), BEGUN + 20 * DAY)[0] == "ok"
    assert judge(history(rare), NOW)[0] in {"ok", "quiet", "silent"}
