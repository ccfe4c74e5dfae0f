from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage.archive import Archive
from storage.records import Link, Refusal
from storage.runs import Poll
from storage.schedules import LONGEST, SHORTEST, UNKNOWN

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def history(archive: Archive, now: datetime, per_poll: int, days: int = 10) -> None:
    """Record six polls a day up to now, the first of which brings a whole feed."""
    for number in range(days * 6, 0, -1):
        new = 40 if number == days * 6 else per_poll
        poll = Poll(source="matin", started_at=now - number * 4 * HOUR, seconds=1, new_pages=new)
        run = archive.runs.begin("test", "rules-1", "", now)
        archive.runs.record(run, poll)


@pytest.mark.parametrize(
    ("per_poll", "shortest", "longest"),
    [(0, LONGEST, LONGEST), (1, 2 * HOUR, 2.1 * HOUR), (4, 0.5 * HOUR, 0.6 * HOUR), (90, SHORTEST, SHORTEST)],
)  # fmt: skip
def test_a_source_is_asked_twice_in_its_usual_gap_within_bounds(
    archive: Archive, now: datetime, per_poll: int, shortest: timedelta, longest: timedelta
) -> None:
    history(archive, now, per_poll)
    assert shortest <= archive.schedules.plan("matin", now, failed=False) <= longest


def test_a_source_that_fails_is_asked_more_and_more_rarely(archive: Archive, now: datetime) -> None:
    pauses = [archive.schedules.plan("matin", now, failed=True) for _ in range(12)]
    assert pauses[:5] == [UNKNOWN, UNKNOWN, UNKNOWN, 2 * UNKNOWN, 4 * UNKNOWN]
    assert pauses[-1] == LONGEST
    assert archive.schedules.plan("matin", now, failed=False) == UNKNOWN


def test_what_is_due_is_what_was_never_asked_or_whose_turn_has_nearly_come(
    archive: Archive, now: datetime
) -> None:
    schedules = archive.schedules
    schedules.plan("matin", now, failed=False)
    both = ("matin", "soir")
    assert schedules.due(both, now + 53 * HOUR / 60) == ("soir",)
    assert schedules.due(both, now + 55 * HOUR / 60) == both
    schedules.plan("matin", now, failed=False, not_before=now + 3 * HOUR)
    assert schedules.due(both, now + 2 * HOUR) == ("soir",)
    archive.queue.add("matin", [Link(url="https://matin.example/a", discovered_by="feed")], now)
    assert schedules.due(both, now) == both


def test_a_search_in_vain_waits_longer_each_time_and_a_find_ends_the_waiting(
    archive: Archive, now: datetime
) -> None:
    schedules, at, waits = archive.schedules, now, []
    for _ in range(5):
        schedules.note_rediscovery("matin", at, worked=False)
        begun = at
        while not schedules.may_rediscover("matin", at):
            at += HOUR
        waits.append(at - begun)
    assert waits == [6 * HOUR, DAY, 3 * DAY, 7 * DAY, 7 * DAY]
    schedules.note_rediscovery("matin", at, worked=True)
    assert schedules.may_rediscover("matin", at)


def test_a_host_is_left_alone_until_the_latest_instant_it_asked_for(
    archive: Archive, now: datetime
) -> None:
    archive.hosts.wait("a.example", now + 2 * HOUR, "status 429", now)
    archive.hosts.wait("a.example", now + HOUR, "status 503", now)
    assert archive.hosts.not_before("a.example", now) == now + 2 * HOUR
    assert archive.hosts.not_before("b.example", now) is None
    assert [row["host"] for row in archive.hosts.waiting(now)] == ["a.example"]
    assert archive.hosts.waiting(now + 3 * HOUR) == []


def test_a_clock_that_was_a_year_ahead_keeps_nothing_waiting(
    archive: Archive, now: datetime
) -> None:
    wrong, schedules = now + 365 * DAY, archive.schedules
    url = "https://matin.example/a"
    run = archive.runs.begin("test", "rules-1", "[[rule]]", wrong)
    archive.runs.record(run, Poll(source="matin", started_at=wrong, seconds=1, new_pages=50))
    archive.queue.add("matin", [Link(url=url, discovered_by="feed")], wrong)
    archive.queue.refuse(Refusal(source="matin", queued_url=url, reason="timeout"), wrong)
    archive.hosts.wait("matin.example", wrong + HOUR, "status 429", wrong)
    schedules.note_rediscovery("matin", wrong, worked=False)
    schedules.plan("matin", wrong, failed=False)

    assert schedules.due(["matin"], now) == ("matin",)
    assert schedules.may_rediscover("matin", now)
    assert archive.hosts.not_before("matin.example", now) is None
    assert archive.hosts.waiting(now) == []
    assert [page.url for page in archive.queue.due("matin", now, 9)] == [url]
    assert archive.health.sources(now) == ()

    archive.hosts.wait("matin.example", now + HOUR, "status 429", now)
    run = archive.runs.begin("test", "rules-1", "[[rule]]", now)
    archive.runs.record(run, Poll(source="matin", started_at=now, seconds=1))
    assert archive.hosts.not_before("matin.example", now) == now + HOUR
    assert schedules.plan("matin", now, failed=False) == HOUR
    assert [health.state for health in archive.health.sources(now)] == ["new"]


def test_a_clock_that_jumps_ahead_asks_each_source_once(archive: Archive, now: datetime) -> None:
    archive.schedules.plan("matin", now, failed=False)
    later = now + DAY
    assert archive.schedules.due(["matin"], later) == ("matin",)

    archive.schedules.plan("matin", later, failed=False)

    assert archive.schedules.due(["matin"], later + timedelta(minutes=5)) == ()


def test_what_is_the_hosts_fault_does_not_count_against_the_page_for_two_weeks(
    archive: Archive, now: datetime
) -> None:
    url = "https://matin.example/a"
    archive.queue.add("matin", [Link(url=url, discovered_by="feed")], now)
    refusal = Refusal(source="matin", queued_url=url, reason="robots_unavailable")
    ends = [archive.queue.refuse(refusal, now + day * DAY) for day in range(15)]
    assert ends == [False] * 14 + [True]


def test_an_older_archive_with_rows_gains_the_tables_and_keeps_its_feeds(now: datetime) -> None:
    from sqlite_utils import Database

    from storage.migrations import m001_first_schema, m002_review_desk, m004_unattended

    db = Database(memory=True)
    m001_first_schema(db)
    m002_review_desk(db)
    db.execute("insert into sources (slug, name, language, url) values ('m', 'M', 'fr', 'u')")
    db.execute(
        "insert into feeds (url, source, kind, last_polled_at) values ('u', 'm', 'feed', 't')"
    )
    db.execute("insert into rule_sets values ('d', 'v', 't', '')")
    db.execute("insert into runs (command, started_at) values ('c', 't')")
    db.execute(
        "insert into polls (run, source, started_at, seconds, requests, new_pages, stored, duplicate,"
        " refused, flagged) values (1, 'm', 't', 1, 1, 1, 1, 0, 0, 0)"
    )
    m004_unattended(db)
    assert db.execute("select url, newest_at from feeds").fetchall() == [("u", None)]
    assert db.execute("select tls_verified, characters from polls").fetchall() == [(1, 0)]
    assert db.execute("select count(*) from schedules").fetchone() == (0,)
