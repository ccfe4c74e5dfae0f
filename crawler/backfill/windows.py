"""Windows: the stretch of the past that a command asks for, checked before the first request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from pipelines.page.printed_dates import FIRST_YEAR
from pipelines.past.periods import Period, period
from storage.errors import WrongInputError
from storage.window import Window

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DAY = timedelta(days=1)


class WindowError(WrongInputError):
    """What was asked for is no window of the past."""


def read_window(text: str, now: datetime) -> Window:
    """Read `2023-01..2023-12`, `2023-01-15..2023-02`, `2023` or `2023-05-12`.

    Raises WindowError for anything else, for one that is reversed, and for one that is not over.
    """
    first, _, last = text.partition("..")
    begin, end = _period(first, text), _period(last or first, text)
    if end.until <= begin.since:
        raise WindowError(f"--backfill {text}: it ends before it begins")
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if end.until > today:
        raise WindowError(
            f"--backfill {text}: it is not over; the last day it may hold is {today - _DAY:%Y-%m-%d}"
        )
    return Window(since=begin.since, until=end.until)


def months_of(window: Window) -> Iterator[Window]:
    """Yield the months of a window, the first and the last cut to what belongs to it."""
    since = window.since
    while since < window.until:
        following = (since.replace(day=1) + timedelta(days=32)).replace(day=1)
        until = min(following, window.until)
        yield Window(since=since, until=until)
        since = until


def days_of(window: Window) -> Iterator[datetime]:
    """Yield the days of a window."""
    day = window.since
    while day < window.until:
        yield day
        day += _DAY


def is_whole_months(window: Window) -> bool:
    """Whether a window begins and ends with a month."""
    return window.since.day == 1 and window.until.day == 1


def _period(text: str, whole: str) -> Period:
    form = _FORM.fullmatch(text)
    found = period(*form.groups()) if form else None
    if found is None:
        raise WindowError(
            f"--backfill {whole}: write it as 2023-01..2023-12, days as 2023-01-15..2023-02-10,"
            f" or one year, month or day, from {FIRST_YEAR} on"
        )
    return found
