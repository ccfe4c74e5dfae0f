"""Rendering: templates of the desk, where every value is escaped."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from review.desk.naming import NAMES
from storage.records import THEMES
from storage.times import from_text

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"


def render(template: str, **values: Any) -> str:
    """Return a page."""
    return environment().get_template(template).render(**values)


@cache
def environment() -> Environment:
    """Return the desk's templates with what they may call."""
    env = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(THEMES=THEMES, static_url=static_url, **NAMES)
    env.filters.update(instant=instant, web_link=web_link)
    return env


def instant(text: str) -> datetime:
    """Read a time that the archive wrote."""
    return from_text(text)


def web_link(url: str | None) -> str | None:
    """Return an address that may stand in a link, None for anything but http and https."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None


@cache
def static_url(name: str) -> str:
    """Return the address of a style sheet or script, which changes with its content."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/-/review/static/{name}?v={digest}"
