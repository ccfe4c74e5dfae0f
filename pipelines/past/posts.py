"""Posts: articles of a window that WordPress' REST API lists, most of them with all of their text."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import attrs

from pipelines.page.decode import decode
from pipelines.page.printed_dates import parse_printed
from pipelines.past.layout import rendered
from pipelines.past.records import PastArticle, PastReading, digest_of
from pipelines.posts import MAX_POSTS, post_link
from storage.records import Link
from storage.window import Window

WHOLE = 250
"""Characters of text below which the API is not believed to give all of it."""

_TAG = re.compile(r"<[^<>]{0,2000}>")
_CUT = re.compile(r"(?:\[?(?:…|\.\.\.)\]|lire (?:la )?suite\W*)\s*$", re.IGNORECASE)


def read_past_posts(
    body: bytes, content_type: str | None, url: str, window: Window, sections: bytes | None
) -> PastReading:
    """Return the posts of the window in an answer of the API. Never raises.

    `sections` is the API's list of sections, which it names by number in its posts.
    """
    listed = _list(body, content_type)
    if listed is None:
        return PastReading(problem="malformed")
    names = _names(sections)
    posts = [(post, post_link(post, url)) for post in listed[:MAX_POSTS]]
    known = [(post, link) for post, link in posts if link is not None]
    articles = tuple(_article(post, link, names) for post, link in known if _is_of(link, window))
    return PastReading(
        articles=articles,
        listed=len(listed),
        left_out=len(known) - len(articles),
        digest=digest_of(link.url for _, link in known) if known else None,
    )


def _list(body: bytes, content_type: str | None) -> list[Any] | None:
    try:
        listed = json.loads(decode(body, content_type))
    except (ValueError, RecursionError):
        return None
    return listed if isinstance(listed, list) else None


def _is_of(link: Link, window: Window) -> bool:
    """Whether a post is of the window; one without a date may be."""
    moment = parse_printed(link.published_hint) if link.published_hint else None
    return moment is None or window.holds(moment.at)


def _article(post: dict[str, Any], link: Link, names: dict[int, str]) -> PastArticle:
    if not _is_whole(post):
        return PastArticle(link=link)
    numbers = post.pop("categories", None)
    numbers = numbers if isinstance(numbers, list) else []
    sections = [names[n] for n in numbers if isinstance(n, int) and n in names]
    kept = json.dumps(post | {"sections": sections}, ensure_ascii=False)
    return PastArticle(
        link=attrs.evolve(link, discovered_by="posts_text"),
        post=kept.encode("utf-8", "replace"),
    )


def _is_whole(post: dict[str, Any]) -> bool:
    """Whether the API gives the text, and not its beginning alone or nothing."""
    content = post.get("content")
    if isinstance(content, dict) and content.get("protected"):
        return False
    text = html.unescape(_TAG.sub(" ", rendered(post, "content"))).strip()
    return len(text) >= WHOLE and _CUT.search(text[-100:]) is None


def _names(sections: bytes | None) -> dict[int, str]:
    listed = _list(sections, None) if sections else None
    return {
        section["id"]: section["name"]
        for section in listed or ()
        if isinstance(section, dict)
        and isinstance(section.get("id"), int)
        and isinstance(section.get("name"), str)
    }
