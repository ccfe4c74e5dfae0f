"""Layout: an article that WordPress' REST API gave becomes a plain page, which is read like any other.

The stages that read pages read it too, so that a text is cleaned, dated and judged in one way,
wherever it comes from.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

from pipelines.page.decode import decode
from pipelines.page.markup import parse_html, words_of

_TYPES = ("application/json", "text/json")


def page_of_post(body: bytes, content_type: str | None) -> str | None:
    """Return the page that a post makes, None when the body is no post. Never raises."""
    if not (content_type or "").lower().startswith(_TYPES):
        return None
    try:
        post = json.loads(decode(body, content_type))
    except (ValueError, RecursionError):
        return None
    if not isinstance(post, dict) or not rendered(post, "content"):
        return None
    head = "".join(_head(post))
    title, content = rendered(post, "title"), rendered(post, "content")
    return (
        f"<!doctype html><html><head>{head}</head>"
        f"<body><article><h1>{title}</h1>{content}</article></body></html>"
    )


def rendered(post: dict[str, Any], name: str) -> str:
    """Return the markup of a post's title, content or excerpt, empty where there is none."""
    field = post.get(name)
    text = field.get("rendered") if isinstance(field, dict) else None
    return text if isinstance(text, str) else ""


def _head(post: dict[str, Any]) -> Iterator[str]:
    seo = post.get("yoast_head_json")
    seo = seo if isinstance(seo, dict) else {}
    yield _meta("article:published_time", _with_offset(post.get("date_gmt")))
    yield _meta("article:modified_time", _with_offset(post.get("modified_gmt")))
    yield _meta("description", _plain(rendered(post, "excerpt")))
    yield _meta("author", seo.get("author"))
    yield _meta("og:image", _image(seo))
    for name in _names(post.get("sections")):
        yield _meta("article:section", name)
    if isinstance(post.get("link"), str):
        yield f'<link rel="canonical" href="{html.escape(post["link"])}">'


def _meta(name: str, content: object) -> str:
    if not isinstance(content, str) or not content:
        return ""
    return f'<meta property="{name}" content="{html.escape(content)}">'


def _with_offset(value: object) -> str | None:
    """Return a GMT date with the offset that the API leaves out."""
    return f"{value}Z" if isinstance(value, str) and value else None


def _plain(markup: str) -> str:
    tree = parse_html(markup[:20_000]) if markup else None
    return "" if tree is None else words_of(tree)


def _image(seo: dict[str, Any]) -> object:
    images = seo.get("og_image")
    first = images[0] if isinstance(images, list) and images else None
    return first.get("url") if isinstance(first, dict) else None


def _names(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (html.unescape(name) for name in value[:20] if isinstance(name, str))
