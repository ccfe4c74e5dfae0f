"""What the archive knows of what was not seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from storage.archive import Archive
from storage.coverage import Coverage
from storage.records import Link, Reading, Refusal
from storage.runs import Poll

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
Make = Callable[..., Reading]


def poll(archive: Archive, source: str, at: datetime, **errors: int) -> None:
    run = archive.runs.begin("test", "rules-1", "[[rule]]", at)
    archive.runs.record(run, Poll(source=source, started_at=at, seconds=1, errors=errors))


def test_the_last_poll_of_the_period_speaks_for_a_source(archive: Archive, now: datetime) -> None:
    poll(archive, "matin", now - 9 * DAY)
    poll(archive, "matin", now - 2 * HOUR, feed_dns=1)
    poll(archive, "matin", now - HOUR, source_failed=1)

    row = next(r for r in Coverage(archive.db).sources(now - DAY, now) if r["slug"] == "matin")

    assert (row["polls"], row["errors"]) == (2, '{"source_failed": 1}')
    assert (row["first_worked"], row["last_worked"]) == (
        "2026-11-13T06:30:00Z",
        "2026-11-22T04:30:00Z",
    )


def test_an_inactive_source_is_not_missed(archive: Archive, now: datetime) -> None:
    archive.db.execute("update sources set active = 0 where slug <> 'matin'")

    assert [row["slug"] for row in Coverage(archive.db).sources(now - DAY, now)] == ["matin"]


def test_pages_that_will_be_tried_again_wait(archive: Archive, now: datetime) -> None:
    url = "https://matin.example/a"
    archive.queue.add("matin", [Link(url=url, discovered_by="feed")], now)
    coverage = Coverage(archive.db)
    before = coverage.waiting()
    archive.queue.refuse(Refusal(source="matin", queued_url=url, reason="timeout"), now)

    assert (before, coverage.waiting()) == (0, 1)


def test_pages_count_in_the_period_in_which_they_ended(archive: Archive, now: datetime) -> None:
    for number, ended in enumerate((now - 2 * DAY, now - DAY, now - HOUR, now)):
        url = f"https://matin.example/{number}"
        archive.queue.add("matin", [Link(url=url, discovered_by="feed")], now - WEEK)
        archive.queue.refuse(Refusal(source="matin", queued_url=url, reason="gone"), ended)

    assert Coverage(archive.db).settled(now - DAY, now) == [
        {"source": "matin", "outcome": "refused", "reason": "gone", "pages": 2}
    ]
