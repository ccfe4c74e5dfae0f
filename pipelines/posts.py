"""Posts: the articles that WordPress' REST API lists."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import attrs

from pipelines.page.addresses import absolute
from pipelines.page.decode import decode
from storage.cleaning import clean_line
from storage.records import Link

MAX_POSTS = 100
MAX_TITLE = 500
_TAG = re.compile(r"<[^<>]{0,500}>")
_BREAK = re.compile(r"<br\b[^<>]{0,500}>", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class PostsReading:
    """What the API lists."""

    links: tuple[Link, ...] = ()
    problem: str | None = None
    """malformed when the answer is not a list of posts, empty when the list is."""


def read_posts(body: bytes, content_type: str | None, url: str) -> PostsReading:
    """Return the articles listed, in their order. Never raises.

    `url` is where the list came from; relative links are resolved against it.
    """
    try:
        posts = json.loads(decode(body, content_type))
    except (ValueError, RecursionError):
        return PostsReading(problem="malformed")
    if not isinstance(posts, list):
        return PostsReading(problem="malformed")
    links = tuple(filter(None, (post_link(post, url) for post in posts[:MAX_POSTS])))
    return PostsReading(links=links, problem=None if links else "empty")


def post_link(post: Any, base: str) -> Link | None:
    """Return the article that one post of the API announces, None when it is none."""
    if not isinstance(post, dict) or not isinstance(post.get("link"), str):
        return None
    address = absolute(base, post["link"])
    if address is None:
        return None
    return Link(
        url=address,
        discovered_by="posts",
        title=_title(post.get("title")),
        published_hint=_date(post.get("date_gmt")),
    )


def _title(value: Any) -> str | None:
    rendered = value.get("rendered") if isinstance(value, dict) else None
    if not isinstance(rendered, str):
        return None
    told = _TAG.sub("", _BREAK.sub(" ", rendered[: MAX_TITLE * 20]))
    return clean_line(html.unescape(told), MAX_TITLE) or None


def _date(value: Any) -> str | None:
    """Return the date with the offset that `date_gmt` leaves out."""
    return f"{value[:100]}Z" if isinstance(value, str) and value else None
