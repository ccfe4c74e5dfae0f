"""robots.txt as it was answered, for as long as it holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.archive import Archive

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SITE = "https://matin.example"


def test_what_was_fetched_in_time_is_kept() -> None:
    robots = Archive.open(":memory:").robots
    robots.keep(SITE, b"Disallow: /a", NOW - timedelta(hours=30))
    robots.keep(SITE, b"Disallow: /b", NOW - timedelta(hours=3))

    assert robots.kept(SITE, NOW - timedelta(hours=24), NOW) == b"Disallow: /b"
    assert robots.kept(SITE, NOW - timedelta(hours=2), NOW) is None
    assert robots.kept("http://matin.example", NOW - timedelta(hours=24), NOW) is None


def test_what_comes_from_the_future_is_not_believed() -> None:
    robots = Archive.open(":memory:").robots
    robots.keep(SITE, b"", NOW + timedelta(days=400))  # before a clock was set back

    assert robots.kept(SITE, NOW - timedelta(hours=24), NOW) is None
