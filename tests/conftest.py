"""What all tests share: the environment they begin with, and where skipping is not allowed."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")

REQUIRED = os.environ.get("VIGIE_BROWSER_TESTS") == "required"
"""Set by `.ci/run`, which installs Chromium: there a skipped browser test is a failure."""
BROWSER = ("chromium", "playwright", "datasette")

_skipped: list[str] = []


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """Put the environment back: a command leaves its settings there for the crawl it begins."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if any(word in reason.lower() for word in BROWSER):
            _skipped.append(f"{report.nodeid}: {reason}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if REQUIRED and _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if REQUIRED and _skipped:
        terminalreporter.section("browser tests were skipped, which is not allowed here")
        for line in _skipped:
            terminalreporter.line(line)
