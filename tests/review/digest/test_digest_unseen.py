"""Dark, blocked, quiet, not asked: each is said to be what it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from review.digest.unseen import is_quiet

if TYPE_CHECKING:
    from conftest import Press

DAY, WEEK, HOUR = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1)


def polled(press: Press, source: str, weeks: int, per_day: int, last: int) -> None:
    """Poll a source weekly for some weeks, with articles on each of these days and on the last."""
    for week in range(weeks, -1, -1):
        press.poll(source, press.clock - week * WEEK - HOUR)
    for week in range(weeks, 0, -1):
        day = press.clock - week * WEEK - 2 * HOUR
        for _ in range(per_day):
            press.publish(source, seen=day, flagged=False)
    for _ in range(last):
        press.publish(source, flagged=False)


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


def test_a_source_far_below_its_own_history_is_quiet(press: Press) -> None:
    polled(press, "matin", weeks=5, per_day=9, last=1)

    (quiet,) = press.digest().not_seen.quiet

    assert (quiet.name, quiet.pages, quiet.usual) == ("Matin", 1, "9")


def test_a_source_as_lively_as_ever_is_not_quiet(press: Press) -> None:
    polled(press, "matin", weeks=5, per_day=9, last=8)

    seen = press.digest().not_seen

    assert (seen.quiet, seen.too_young) == ((), 0)


def test_three_weeks_of_history_are_too_few_to_tell(press: Press) -> None:
    polled(press, "matin", weeks=3, per_day=9, last=0)

    seen = press.digest().not_seen

    assert (seen.quiet, seen.too_young, seen.weeks_needed) == ((), 1, 4)


def test_a_weekly_digest_compares_whole_weeks(press: Press) -> None:
    polled(press, "matin", weeks=6, per_day=9, last=0)

    (quiet,) = press.digest(since=WEEK).not_seen.quiet

    assert (quiet.pages, quiet.usual) == (0, "9")


def test_pages_are_refused_by_class_and_duplicates_are_no_refusal(press: Press) -> None:
    press.poll("matin", press.clock - HOUR)
    press.publish("matin")
    press.refuse("matin", "not_french", pages=2)
    press.refuse("matin", "gone")
    press.archive.db.execute("update pages set outcome = 'duplicate' where reason = 'gone'")

    seen = press.digest().not_seen

    assert (seen.articles, seen.refused) == (1, (("not_french", 2),))


@pytest.mark.parametrize(
    ("now", "earlier", "quiet"),
    [
        (0, [6, 6, 6, 6], True),
        (0, [4, 4, 4, 4], False),
        (2, [10, 10, 10, 12], True),
        (3, [10, 10, 10, 12], False),
        (0, [0, 0, 0, 0], False),
        (24, [50, 40, 60, 55], True),
        (27, [50, 40, 60, 55], False),
        (900, [2000, 2000, 2000, 2000], True),
    ],
    ids=str,
)
def test_quiet_is_below_half_the_usual_and_not_by_chance(
    now: int, earlier: list[int], quiet: bool
) -> None:
    assert is_quiet(now, earlier) is quiet
