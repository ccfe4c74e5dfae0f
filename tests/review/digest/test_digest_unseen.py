"""Dark, blocked, quiet, not asked: each is said to be what it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Press

DAY, WEEK, HOUR = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1)


def polled(press: Press, source: str, days: int, per_day: int, last_week: int) -> None:
    """Poll a source daily for some days, the last of them an hour ago, with articles each time."""
    for back in range(days, -1, -1):
        new = per_day if back >= 7 else last_week
        press.poll(source, press.clock - back * DAY - HOUR, new=new)


def test_a_source_without_a_way_in_is_dark_with_its_last_day_and_its_causes(press: Press) -> None:
    press.poll("matin", press.clock - 9 * DAY)
    press.poll("matin", press.clock - HOUR, {"source_failed": 1, "feed_dns": 2})

    (dark,) = press.digest().not_seen.dark

    assert (dark.name, str(dark.since), dark.reasons) == ("Matin", "2026-11-13", ("dns",))


def test_a_source_that_refuses_the_crawler_is_blocked_and_not_dark(press: Press) -> None:
    press.poll("matin", press.clock - HOUR, {"source_failed": 1, "feed_challenge": 1})

    seen = press.digest().not_seen

    assert (seen.dark, [source.reasons for source in seen.blocked]) == ((), [("challenge",)])


def test_what_befell_its_pages_is_not_why_a_source_is_dark(press: Press) -> None:
    errors = {"source_failed": 1, "feed_dns": 1, "section_dns": 1, "forbidden": 2, "gone": 1}
    press.poll("matin", press.clock - HOUR, errors)

    (dark,) = press.digest().not_seen.dark

    assert dark.reasons == ("dns",)


def test_a_source_that_recovered_within_the_period_is_neither(press: Press) -> None:
    press.poll("matin", press.clock - 5 * HOUR, {"source_failed": 1, "feed_dns": 1})
    press.poll("matin", press.clock - HOUR)

    seen = press.digest().not_seen

    assert (seen.dark, seen.blocked, seen.asked, seen.answered) == ((), (), 1, 1)


def test_a_source_whose_pages_are_mostly_refused_is_blocked(press: Press) -> None:
    press.poll("matin", press.clock - HOUR)
    press.publish("matin")
    press.refuse("matin", "robots", pages=3)

    (blocked,) = press.digest().not_seen.blocked

    assert (blocked.pages, blocked.reasons) == (3, ("robots",))


def test_two_forbidden_pages_are_too_few_to_tell(press: Press) -> None:
    press.poll("matin", press.clock - HOUR)
    press.refuse("matin", "robots", pages=2)

    assert press.digest().not_seen.blocked == ()


def test_one_forbidden_page_among_many_blocks_no_source(press: Press) -> None:
    press.poll("matin", press.clock - HOUR)
    for _ in range(4):
        press.publish("matin")
    press.refuse("matin", "robots")

    seen = press.digest().not_seen

    assert (seen.blocked, seen.refused) == ((), (("robots", 1),))


def test_a_source_that_was_not_polled_is_not_asked_rather_than_quiet(press: Press) -> None:
    press.poll("matin", press.clock - 2 * DAY)

    assert "Matin" in [source.name for source in press.digest().not_seen.not_asked]


@pytest.mark.parametrize("last_week", [0, 1], ids=["silent", "few"])
def test_a_source_far_below_its_own_history_is_quiet(press: Press, last_week: int) -> None:
    polled(press, "matin", days=41, per_day=9, last_week=last_week)

    (quiet,) = press.digest().not_seen.quiet

    assert (quiet.name, quiet.pages, quiet.since) == ("Matin", 7 * last_week, quiet.since)
    assert int(quiet.usual or 0) > 40


def test_a_source_as_lively_as_ever_is_not_quiet(press: Press) -> None:
    polled(press, "matin", days=41, per_day=9, last_week=8)

    seen = press.digest().not_seen

    assert (seen.quiet, seen.too_young) == ((), 0)


def test_a_few_days_of_history_are_too_few_to_tell(press: Press) -> None:
    polled(press, "matin", days=5, per_day=9, last_week=9)

    seen = press.digest().not_seen

    assert (seen.quiet, seen.too_young, seen.weeks_needed) == ((), 1, 1)


@pytest.mark.parametrize("last_week", [0, 1, 8])
def test_the_digest_calls_quiet_what_status_calls_silent(press: Press, last_week: int) -> None:
    polled(press, "matin", days=41, per_day=9, last_week=last_week)
    polled(press, "soir", days=41, per_day=9, last_week=9)

    told = {
        source.name for source in press.archive.health.sources(press.clock) if source.needs_a_person
    }

    for since in (DAY, WEEK):
        assert {source.name for source in press.digest(since=since).not_seen.quiet} == told
    assert told == ({"Matin"} if last_week < 8 else set())


def test_pages_are_refused_by_class_and_duplicates_are_no_refusal(press: Press) -> None:
    press.poll("matin", press.clock - HOUR)
    press.publish("matin")
    press.refuse("matin", "not_french", pages=2)
    press.refuse("matin", "gone")
    press.archive.db.execute("update pages set outcome = 'duplicate' where reason = 'gone'")

    seen = press.digest().not_seen

    assert (seen.articles, seen.refused) == (1, (("not_french", 2),))
