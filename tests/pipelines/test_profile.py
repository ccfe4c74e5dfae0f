"""The profile of a run: what pages report, added up."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.matching.ruleset import RuleSet
from pipelines.profile import Profile
from pipelines.read import read_page, use_rules
from pipelines.stopwatch import Stopwatch
from storage.profiles import WORK, RunProfile
from storage.records import Page, Reading, Refusal

PAGES = Path(__file__).parents[1] / "fixtures" / "pages"


def page(body: bytes) -> Page:
    return Page(
        source="matin",
        url="https://matin.example/bamako",
        queued_url="https://matin.example/bamako",
        body=body,
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def test_a_page_brings_the_seconds_of_each_stage_that_it_reached(rules: RuleSet) -> None:
    use_rules(rules)

    started = time.perf_counter()
    reading = read_page(page((PAGES / "wordpress_tagdiv.html").read_bytes()), "none")
    passed = time.perf_counter() - started
    refusal = read_page(page((PAGES / "challenge.html").read_bytes()), "none")

    assert isinstance(reading, Reading)
    assert list(reading.seconds) == list(WORK[:-1])
    assert 0.5 * passed < sum(reading.seconds.values()) <= passed
    assert isinstance(refusal, Refusal)
    assert "language" not in refusal.seconds


def test_the_seconds_do_not_make_two_readings_differ(rules: RuleSet) -> None:
    use_rules(rules)
    body = (PAGES / "spip.html").read_bytes()

    assert read_page(page(body), "none") == read_page(page(body), "none")


def test_a_stopwatch_adds_the_laps_of_a_stage_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 11.0, 13.0, 16.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    watch = Stopwatch()

    for stage in ("decode", "extract", "decode"):
        watch.lap(stage)

    assert watch.seconds == {"decode": 4.0, "extract": 2.0}


def test_what_a_page_did_not_spend_in_a_stage_it_waited() -> None:
    profile = Profile()
    profile.page({"extract": 0.2, "language": 0.1}, 1.0)
    profile.page({"extract": 0.2}, 0.1)  # clocks of two processes may differ
    profile.add("store", 0.5)

    report = profile.report(4.0)

    assert report.pages == 2
    assert report.stages == pytest.approx(
        {"extract": 0.4, "language": 0.1, "queue": 0.7, "store": 0.5}
    )
    assert report.pages_per_second == 0.5
    assert report.shares["extract"] == 0.4
    assert sum(report.shares.values()) == pytest.approx(1.0)
    assert (report.lag_p50, report.lag_p95) == (None, None)


def test_the_lag_is_told_in_milliseconds() -> None:
    profile = Profile()
    for number in range(101):
        profile.late(number / 1000)

    report = profile.report(1.0)

    assert (report.lag_p50, report.lag_p95) == (50.0, pytest.approx(96, abs=1))


def test_a_profile_comes_back_from_the_archive_as_it_was() -> None:
    profile = RunProfile(pages=3, seconds=1.5, stages={"store": 0.25}, lag_p50=1.0, lag_p95=2.5)

    assert RunProfile.from_json(profile.to_json()) == profile


def test_a_run_without_pages_has_neither_speed_nor_shares() -> None:
    profile = RunProfile(pages=0, seconds=0.0, stages={})

    assert (profile.pages_per_second, profile.shares) == (0.0, {})
