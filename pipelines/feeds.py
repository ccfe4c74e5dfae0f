"""Feeds: the links that an RSS, Atom or RDF feed announces."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable
from typing import Any

import attrs
import feedparser

from pipelines.page.addresses import absolute
from pipelines.page.decode import decode
from storage.cleaning import clean_line
from storage.records import Link
from storage.urls import canonical_url

MAX_ITEMS = 500
MAX_TITLE = 500
MAX_STANDFIRST = 2000
MAX_DATE = 100

_PROLOG = re.compile(r"^\s*<\?xml[^>]{0,300}\?>", re.IGNORECASE)
_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|rdf|channel)\b", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,500}>")

_HINTED_DATES = ("published", "created", "updated")
"""feedparser's names; `updated` comes last because a correction moves it."""


@attrs.frozen(kw_only=True)
class FeedReading:
    """What a feed announces."""

    links: tuple[Link, ...] = ()
    kind: str | None = None
    """Format and version as feedparser names them, such as `rss20` or `atom10`."""
    problem: str | None = None
    """html, empty, malformed, or None when there is nothing to report.

    A malformed feed may still have links: those that were found before it broke."""
    title: str | None = None
    updated: str | None = None
    """When the feed says it changed, as printed."""
    skipped: int = 0
    """Items without a link that can be fetched."""


def read_feed(body: bytes, content_type: str | None, url: str) -> FeedReading:
    """Return the links of a feed, in its order, each document once. Never raises.

    `url` is where the feed came from; relative links are resolved against it.
    """
    text = _without_prolog(decode(body, content_type))
    if not text.strip():
        return FeedReading(problem="empty")
    if _is_page(text):
        return FeedReading(problem="html")
    parsed = _parse(text)
    if parsed is None:
        return FeedReading(problem="malformed")
    return _reading(parsed, url)


def _without_prolog(text: str) -> str:
    """Cut the XML declaration: the text is handed on as UTF-8, which it may deny."""
    return _PROLOG.sub("", text.lstrip("\ufeff \t\r\n"), count=1)


def _is_page(text: str) -> bool:
    """Whether the body is an HTML page. maliweb and malijet answer `/feed` with one, status 200."""
    root = _ROOT.search(text)
    page = _PAGE.search(text)
    return page is not None and (root is None or page.start() < root.start())


def _parse(text: str) -> Any:
    # A stream, never the bare body: one that reads "/etc/passwd" makes feedparser open the file.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(
            stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        # feedparser's loose parser raises these on broken markup instead of setting `bozo`.
        return None


def _reading(parsed: Any, url: str) -> FeedReading:
    links: dict[str, Link] = {}
    skipped = 0
    base = absolute(url, parsed.feed.get("link")) or url
    for entry in parsed.entries[:MAX_ITEMS]:
        link = _link(entry, base)
        if link is None:
            skipped += 1
            continue
        links.setdefault(canonical_url(link.url), link)
    return FeedReading(
        links=tuple(links.values()),
        kind=parsed.version or None,
        problem=_problem(parsed),
        title=_plain(parsed.feed.get("title"), MAX_TITLE),
        updated=_date_hint(parsed.feed, ("updated", "published")),
        skipped=skipped,
    )


def _problem(parsed: Any) -> str | None:
    if not parsed.version and not parsed.entries:
        return "malformed"
    if not parsed.entries:
        return "malformed" if parsed.bozo else "empty"
    return "malformed" if parsed.bozo else None


def _link(entry: Any, base: str) -> Link | None:
    url = _entry_address(entry, base)
    if url is None:
        return None
    return Link(
        url=url,
        discovered_by="feed",
        title=_plain(entry.get("title"), MAX_TITLE),
        published_hint=_date_hint(entry, _HINTED_DATES),
        standfirst_hint=_plain(entry.get("summary"), MAX_STANDFIRST),
    )


def _entry_address(entry: Any, base: str) -> str | None:
    """Return the item's page: its alternate link, else its link, else a GUID that is an address.

    feedparser gives a GUID as the link where there is none, even "c41042ae-5460-11e8-b38c".
    """
    links = entry.get("links") or ()
    alternates = [link.get("href") for link in links if link.get("rel") == "alternate"]
    others = [link.get("href") for link in links if link.get("rel") in {"self", "related"}]
    guid = str(entry.get("id") or "").strip()
    is_address = guid.startswith(("http://", "https://"))
    candidates = (*alternates, entry.get("link"), guid, *others)
    addresses = (absolute(base, text) for text in candidates if text != guid or is_address)
    return next(filter(None, addresses), None)


def _date_hint(entry: Any, names: Iterable[str]) -> str | None:
    for name in names:
        # `entry.get` would answer `updated` with `published`, and warn that it does.
        if hint := _plain(dict.get(entry, name), MAX_DATE):
            return hint
    return None


def _plain(value: Any, limit: int) -> str | None:
    """Return a field as one line of text, tags and all markup gone, None when nothing is left."""
    if not isinstance(value, str):
        return None
    text = _TAG.sub(" ", _SCRIPT.sub(" ", value[: limit * 20]))
    return clean_line(html.unescape(text), limit) or None
