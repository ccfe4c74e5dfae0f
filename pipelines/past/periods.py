"""Periods: the year, month or day that an address names."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import attrs

from pipelines.page.printed_dates import FIRST_YEAR

_YEAR = r"((?:19|20)\d{2})"
_MONTH = r"(0?[1-9]|1[0-2])"
_DAY = r"(0?[1-9]|[12]\d|3[01])"

_IN_ARTICLE = (
    re.compile(rf"/{_YEAR}/{_MONTH}/{_DAY}(?=/)"),
    re.compile(rf"(?<!\d){_YEAR}-{_MONTH}-{_DAY}(?!\d)"),
    re.compile(rf"/{_YEAR}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_-])"),
    re.compile(rf"/{_YEAR}/{_MONTH}(?=/)"),
    re.compile(rf"/{_YEAR}(?=/)"),
)
"""A year in a slug is no date: "can-2023-le-mali-…" may be of any year."""

_IN_SITEMAP = (
    re.compile(rf"(?<!\d){_YEAR}[-_/.]?(0[1-9]|1[0-2])[-_/.]?(0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}[-_/.]?(0[1-9]|1[0-2])(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}[-_/.][1-9](?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}(?!\d)"),
)
_QUERY_KEYS = (("yyyy", "year"), ("mm", "month"), ("dd", "day"))
"""How WordPress' monthly sitemaps ask for a day: `/sitemap.xml?yyyy=2023&mm=05&dd=12`."""


@attrs.frozen
class Period:
    """A year, a month or a day."""

    since: datetime
    """Its first instant, UTC."""
    until: datetime
    """The first instant after it, UTC."""


def period_of_article(url: str) -> Period | None:
    """Return the day, month or year of publication that an article's address names."""
    return _first(_IN_ARTICLE, urlsplit(url).path)


def period_of_sitemap(url: str) -> Period | None:
    """Return the year, month or day whose articles a sitemap lists, as its address names it."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    asked = [next((query[key][0] for key in keys if query.get(key)), None) for keys in _QUERY_KEYS]
    if asked[0]:
        return period(*asked)
    return _first(_IN_SITEMAP, parts.path)


def period(year: str | None, month: str | None = None, day: str | None = None) -> Period | None:
    """Return a year, a month or a day, None when there is no such day."""
    try:
        since = datetime(int(year or ""), int(month or 1), int(day or 1), tzinfo=UTC)
    except ValueError:
        return None
    if not FIRST_YEAR <= since.year <= 2100:
        return None
    if day:
        return Period(since, since + timedelta(days=1))
    if month:
        return Period(since, (since + timedelta(days=31)).replace(day=1))
    return Period(since, since.replace(year=since.year + 1))


def _first(forms: tuple[re.Pattern[str], ...], text: str) -> Period | None:
    for form in forms:
        found = form.search(text)
        named = period(*found.groups()) if found else None
        if named is not None:
            return named
    return None
