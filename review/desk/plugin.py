"""Plugin: what the desk adds to Datasette, as Datasette's hooks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Request, Response

from review.desk.article_page import show_article, show_stored
from review.desk.guard import OWN_PAGES
from review.desk.judging import choose_reviewer, record, undo
from review.desk.quality_page import show_quality
from review.desk.queue_page import show_queue
from review.desk.session import open_session
from review.desk.static_files import send_static
from review.desk.trends_page import send_feed, show_trends

LARGEST_VALUE = 5_000_000
"""Bytes of one value in a query; `zeroblob(1000000000)` kept Datasette busy for 66 s without."""


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Return the desk's pages."""
    return [
        (r"^/$", go_to_queue),
        (r"^/-/review$", show_queue),
        (r"^/-/review/article/(?P<article>\d+)$", show_article),
        (r"^/-/review/article/(?P<article>\d+)/stored$", show_stored),
        (r"^/-/review/verdict$", record),
        (r"^/-/review/undo$", undo),
        (r"^/-/review/reviewer$", choose_reviewer),
        (r"^/-/review/quality$", show_quality),
        (r"^/-/review/charts$", show_trends),
        (r"^/-/review/atom\.xml$", send_feed),
        (r"^/-/review/help$", show_help),
        (r"^/-/review/static/(?P<name>[a-z.]+)$", send_static),
    ]


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Bound what a query may do beyond Datasette's own limits of time and rows."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE)
    conn.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    conn.set_authorizer(_authorize)


@hookimpl
def skip_csrf(scope: dict[str, Any]) -> bool:
    """Leave the desk's own forms to the guard, which knows where they come from."""
    return str(scope["path"]).startswith(OWN_PAGES)


@hookimpl
def menu_links() -> list[dict[str, str]]:
    """Lead from Datasette's pages back to the desk."""
    return [{"href": OWN_PAGES, "label": "Review desk"}]


async def go_to_queue() -> Response:
    """Send whoever opens the bare address to the queue."""
    return Response.redirect(OWN_PAGES)


async def show_help(request: Request) -> Response:
    """Show the keys, for those without JavaScript."""
    return open_session(request).page("help.html")


def _authorize(action: int, *_: str | None) -> int:
    refused = (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)
    return sqlite3.SQLITE_DENY if action in refused else sqlite3.SQLITE_OK
