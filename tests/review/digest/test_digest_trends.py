"""The numbers behind the charts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from review.digest.trends import mondays

if TYPE_CHECKING:
    from conftest import Press

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def test_weeks_begin_on_monday_and_end_with_the_present_one() -> None:
    assert mondays(date(2026, 11, 22), 2) == (date(2026, 11, 9), date(2026, 11, 16))


def test_a_story_counts_once_in_the_week_of_its_first_article(press: Press) -> None:
    press.publish("matin", copy_of="x", seen=press.clock - WEEK)
    press.publish("soir", copy_of="x")
    press.publish("matin", themes=("energy",), countries=("NE", "BF"))

    trends = press.digest().trends

    assert [(s.name, s.values[-2:]) for s in trends.themes] == [
        ("military", (1, 0)),
        ("energy", (0, 1)),
    ]
    assert [(s.name, s.total) for s in trends.countries] == [("BF", 1), ("ML", 1), ("NE", 1)]


def test_an_irrelevant_story_is_not_counted(press: Press) -> None:
    press.judge(press.publish(), "irrelevant")

    assert press.digest().trends.themes == ()


def test_an_old_article_ingested_today_belongs_to_its_own_week(press: Press) -> None:
    press.publish(published=press.clock - 52 * WEEK)

    assert press.digest().trends.themes == ()


def test_sources_are_shown_by_volume_and_by_silence(press: Press) -> None:
    press.publish("matin", seen=press.clock - 6 * DAY)
    press.publish("relais", seen=press.clock - 3 * DAY)
    press.publish("soir")
    press.publish("soir")

    trends = press.digest().trends

    assert [(s.name, s.total, s.last) for s in trends.loudest] == [
        ("Soir", 2, "0"),
        ("Le Relais", 1, "3"),
        ("Matin", 1, "6"),
    ]
    assert [s.name for s in trends.quietest] == ["Matin", "Le Relais"]
    assert len(trends.loudest[0].values) == 28
