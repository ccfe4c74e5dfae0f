"""Printed dates: a date as a site writes it becomes a moment, with the precision it was given in.

Own grammar rather than dateparser: that one takes 200 ms at the first call of each worker, loses
the offset of "sam., 21 nov. 2026 10:00:00 +0000" and cannot read "14 h 32".
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import attrs

FIRST_YEAR = 1995
"""No outlet was on the web before; older years are typing errors or defaults such as 1970."""

_MONTHS = {
    "jan": 1, "janv": 1, "janvier": 1, "january": 1,
    "fev": 2, "fevr": 2, "fevrier": 2, "feb": 2, "february": 2,
    "mar": 3, "mars": 3, "march": 3,
    "avr": 4, "avril": 4, "apr": 4, "april": 4,
    "mai": 5, "may": 5,
    "juin": 6, "jun": 6, "june": 6,
    "juil": 7, "juillet": 7, "jul": 7, "july": 7,
    "aout": 8, "aug": 8, "august": 8,
    "sep": 9, "sept": 9, "septembre": 9, "september": 9,
    "oct": 10, "octobre": 10, "october": 10,
    "nov": 11, "novembre": 11, "november": 11,
    "dec": 12, "decembre": 12, "december": 12,
}  # fmt: skip

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TIME = (
    r"(?:\D{0,9}?(?<!\d)(?P<hour>\d{1,2})\s?[h:]\s?(?P<minute>\d{2})?(?:[:m]\s?(?P<second>\d{2}))?"
    r"(?:[.,]\d{1,9})?(?:\s?(?P<half>[ap])m\b)?\s?(?P<offset>z\b|(?:gmt|utc)?[+-]\d{2}:?\d{2}|gmt|utc)?)?"
)
_FORMS = tuple(
    re.compile(form + _TIME)
    for form in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:er)?[\s.-]{{1,3}}(?P<month>{_MONTH})\b\.?[\s,-]{{1,3}}(?P<year>\d{{4}})(?!\d)",
        r"(?<![\d/.-])(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?!\d)",
        rf"\b(?P<month>{_MONTH})\b\.?\s{{1,3}}(?P<day>\d{{1,2}}),?\s{{1,3}}(?P<year>\d{{4}})(?!\d)",
        r"(?<![\d/.-])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{2})(?![\d/])",
    )
)
"""In order of how sure they are. Day before month: this is the French-speaking press."""

_NAMED_ZONE = re.compile(r"\d [ecmp][sd]t\b")


@attrs.frozen(kw_only=True)
class Moment:
    """A date and perhaps a time."""

    at: datetime
    """UTC."""
    precision: str
    """second, minute or day."""
    local: datetime
    """The same in the offset it was printed with."""
    printed: str
    """The part of the text that says so."""


def parse_printed(printed: str) -> Moment | None:
    """Return the first date in a short text, None when there is none. Never raises.

    A date without an offset is taken as UTC, which is the legal time from Dakar to Lomé and one
    to three hours off in the rest of francophone Africa. Midnight sharp counts as no time at all.
    """
    printed = unicodedata.normalize("NFC", printed[:200])
    text = _folded(printed)
    if _NAMED_ZONE.search(text):
        return _from_mail_date(printed[:100])
    for form in _FORMS:
        for found in form.finditer(text):
            if moment := _moment(found.groupdict(), printed[found.start() : found.end()].strip()):
                return moment
    return _from_mail_date(printed[:100])


def _folded(text: str) -> str:
    """Return text in lower case without accents, of the same length."""
    return "".join(unicodedata.normalize("NFKD", char)[0].lower()[0] for char in text)


def _moment(parts: dict[str, str | None], printed: str) -> Moment | None:
    try:
        local = datetime(*_date(parts), *_time(parts), tzinfo=_offset(parts["offset"]))
        return _checked(local, _precision(parts), printed)
    except (ValueError, OverflowError):
        return None


def _date(parts: dict[str, str | None]) -> tuple[int, int, int]:
    year, day = parts["year"] or "", int(parts["day"] or 0)
    name = parts["month"] or ""
    month = _MONTHS.get(name) or int(name)
    if month > 12 >= day:  # the American order, where the French one is impossible
        month, day = day, month
    return int(year) + (2000 if len(year) == 2 else 0), month, day


def _time(parts: dict[str, str | None]) -> tuple[int, int, int]:
    hour = int(parts["hour"] or 0)
    if parts["half"] == "p" and hour < 12:
        hour += 12
    return hour, int(parts["minute"] or 0), int(parts["second"] or 0)


def _offset(printed: str | None) -> timezone:
    digits = re.sub(r"\D", "", printed or "")
    if not digits:
        return UTC
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError(f"no such offset: {printed}")
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if "-" in (printed or "") else delta)


def _precision(parts: dict[str, str | None]) -> str:
    if parts["hour"] is None:
        return "day"
    return "second" if parts["second"] is not None else "minute"


def _checked(local: datetime, precision: str, printed: str) -> Moment:
    if not FIRST_YEAR <= local.year <= 9000:
        raise ValueError(f"no year of the web press: {local.year}")
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        precision = "day"
    return Moment(at=local.astimezone(UTC), precision=precision, local=local, printed=printed)


def _from_mail_date(printed: str) -> Moment | None:
    """Read what only the mail format knows: two-digit years and named zones such as EST."""
    try:
        local = parsedate_to_datetime(printed)
        aware = local if local.tzinfo else local.replace(tzinfo=UTC)
        return _checked(aware, "second", printed)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
