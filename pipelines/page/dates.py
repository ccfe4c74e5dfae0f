"""Dates: when an article was published, and how that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import attrs
import htmldate

from pipelines.page.markup import Tree, around, without_surroundings, words_of
from pipelines.page.printed_dates import Moment, parse_printed
from storage.cleaning import clean_line
from storage.records import Published

TOLERANCE = timedelta(hours=24)
"""How far a date may lie ahead of the fetch: offsets are left out or wrong. More is refused."""

_LEVELS = 5
"""How far up from the title a printed date is looked for."""

_MAX_PHRASE = 160
"""A line with a date that is longer than this is text of the article."""

_PUBLISHED = re.compile(
    r"\b(?:publi[ée]e?|mise? en ligne|post[ée]e?|par[ue]+|cr[ée]{2}|[ée]crit|date|ajout[ée]e?|published|posted)\b",
    re.IGNORECASE,
)
_DAY = r"\d{1,2}(?:er)?[\s/.-]+[^\W_]+\.?[\s/.-]+(?:\d{4}|\d{2})(?!\d)"
_BORDERS_ON_DATE = re.compile(
    rf"^(?:\W*(?:le|[a-z]{{3,8}}\.?,?)\s+){{0,2}}\W*{_DAY}|\b{_DAY}(?:\W{{1,4}}\d{{1,2}}[h:]\d{{2}})?\W*$",
    re.IGNORECASE,
)
_MODIFIED = re.compile(r"\b(?:modifi|mis[e]? [àa] jour|actualis|updated)", re.IGNORECASE)
_IN_PATH = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?!\d)|(?<!\d)(\d{2}-\d{2}-20\d{2})(?!\d)"
)


@attrs.frozen(kw_only=True)
class DateClaim:
    """A date somebody gives for the article, unread."""

    printed: str
    origin: str
    """One of the origins of `Published`."""


@attrs.frozen(kw_only=True)
class DateQuestion:
    """All that may tell when an article was published."""

    tree: Tree
    url: str
    fetched_at: datetime
    claims: tuple[DateClaim, ...] = ()
    """What the page declares, then what the feed announced, the surest first."""
    heading: Tree | None = None
    """The element that holds the printed title."""


def find_published(question: DateQuestion) -> Published | None:
    """Return when an article was published, None when nothing says so. Never raises.

    In order: what page and feed declare, a date printed near the title, the address, and what
    htmldate finds in the markup. Its extensive search stays off, for it makes "© 2026" in a footer
    into the first of January. A claim that names only the day gives way to one with the time.
    """
    claims = tuple(_read(question.claims, question.fetched_at))
    for first in claims:
        return _finest(first, claims)
    for source in (_near_title, _in_address, _in_markup):
        for published in _read(source(question), question.fetched_at):
            return published
    return None


def find_modified(claims: Iterable[DateClaim], fetched_at: datetime) -> datetime | None:
    """Return when the page says it last changed."""
    for published in _read(claims, fetched_at):
        return published.at
    return None


def _read(claims: Iterable[DateClaim], fetched_at: datetime) -> Iterator[Published]:
    """Yield the claims that are dates and do not lie in the future."""
    for claim in claims:
        moment = parse_printed(claim.printed)
        if moment is not None and moment.at <= fetched_at + TOLERANCE:
            yield _published(moment, claim)


def _published(moment: Moment, claim: DateClaim) -> Published:
    return Published(
        at=moment.at,
        printed=clean_line(claim.printed, 100),
        precision=moment.precision,
        origin=claim.origin,
    )


def _finest(first: Published, claims: Iterable[Published]) -> Published:
    """Return the first claim, or one of the same day that also gives the time."""
    if first.precision != "day":
        return first
    timed = (claim for claim in claims if claim.precision != "day")
    return next((claim for claim in timed if claim.at.date() == first.at.date()), first)


def _near_title(question: DateQuestion) -> Iterator[DateClaim]:
    """Yield dates printed around the title, the nearest first."""
    if question.heading is not None:
        for element in around(question.heading, _LEVELS):
            yield from _claims_of(element, question.fetched_at)


def _claims_of(element: Tree, fetched_at: datetime) -> Iterator[DateClaim]:
    stamp = element.get("datetime") if element.tag == "time" else None
    if stamp and parse_printed(stamp):
        yield DateClaim(printed=stamp, origin="markup")
        return
    line = _own_line(element)
    if line and _is_date_line(line, fetched_at):
        moment = parse_printed(line)
        yield DateClaim(printed=moment.printed if moment else line, origin="text")


def _own_line(element: Tree) -> str | None:
    """Return the short line of text an element holds with its inline children."""
    if len(element) > 6 or not isinstance(element.tag, str) or element.tag in {"script", "style"}:
        return None
    line = words_of(element)
    if not 6 <= len(line) <= _MAX_PHRASE:
        return None
    return None if any(len(words_of(p)) > _MAX_PHRASE for p in element.iterancestors("p")) else line


def _is_date_line(line: str, fetched_at: datetime) -> bool:
    """Whether a line gives the article's date and not that of something else.

    Without a word such as "publié" the date must begin or end the line and must not be today's: some
    sites print today's date above every article.
    """
    if _MODIFIED.search(line) and not _PUBLISHED.search(line):
        return False
    if _PUBLISHED.search(line):
        return True
    moment = parse_printed(line) if _BORDERS_ON_DATE.search(line) else None
    return moment is not None and moment.local.date() != fetched_at.date()


def _in_address(question: DateQuestion) -> Iterator[DateClaim]:
    if found := _IN_PATH.search(urlsplit(question.url).path):
        yield DateClaim(printed=found.group(), origin="url")


def _in_markup(question: DateQuestion) -> Iterator[DateClaim]:
    """Yield what htmldate finds, apart from the day of the fetch, which is rather the page's."""
    try:
        found = htmldate.find_date(
            without_surroundings(question.tree, question.heading),
            extensive_search=False,
            original_date=True,
            url="",  # the address was looked at already; None makes htmldate look for another
            max_date=question.fetched_at + TOLERANCE,
        )
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError):
        return
    if found and found != question.fetched_at.date().isoformat():
        yield DateClaim(printed=found, origin="markup")
