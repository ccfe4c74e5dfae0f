"""Times: instants as the archive writes them, `2026-11-22T06:30:00Z`."""

from datetime import UTC, datetime, timedelta

LONGEST = timedelta(days=365_000)
"""A thousand years: what is longer cannot be taken from the present."""


def now() -> datetime:
    """Return the present instant, aware and UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def to_text(instant: datetime) -> str:
    """Write an aware instant as UTC text that sorts by time and that SQLite's date functions read."""
    # `strftime` would write the year 900 as three digits, which sort after 2026.
    plain = instant.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return f"{plain.isoformat()}Z"


def optional_text(instant: datetime | None) -> str | None:
    """Write an instant, or keep None."""
    return None if instant is None else to_text(instant)


def from_text(text: str) -> datetime:
    """Read an instant that `to_text` wrote."""
    return datetime.fromisoformat(text)  # forty times as quick as strptime


def parse_duration(text: str) -> timedelta:
    """Read `30m`, `12h`, `7d` or `2w`.

    Raises ValueError for anything else, and for more than a thousand years.
    """
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not number.isdecimal():
        raise ValueError(f"'{text}' is not a duration such as 30m, 12h, 7d or 2w")
    try:
        found = timedelta(**{units[unit]: int(number)})
    except OverflowError:
        found = timedelta.max
    if found > LONGEST:
        raise ValueError(f"'{text}' is longer than a thousand years")
    return found
