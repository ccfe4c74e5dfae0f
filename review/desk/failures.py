"""Failures: what is answered when a page cannot be made.

Datasette's own answer prints every local variable of every frame where `rich` is installed
(0.9 s for a query that ran out of time) and has an inline script.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from datasette import hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from review.desk.session import open_session

OF_DATASETTE = "datasette.handle_exception"
logger = logging.getLogger(__name__)


def replace_datasettes() -> None:
    """Take Datasette's own answer to failures away; ours is part of the plugin."""
    if pm.has_plugin(OF_DATASETTE):
        pm.unregister(name=OF_DATASETTE)


@hookimpl
def handle_exception(request: Request, exception: Exception) -> Callable[[], Awaitable[Response]]:
    """Answer in one sentence, as JSON where JSON was asked for."""

    async def answer() -> Response:
        status, sentence = _told(exception)
        if status == 500:
            logger.error("%s failed", request.path, exc_info=exception)
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": sentence, "status": status}, status=status)
        session = open_session(request)
        if status == 404:
            return session.missing()
        return session.page("failure.html", status=status, sentence=sentence)

    return answer


def _told(exception: Exception) -> tuple[int, str]:
    """Return the status and the sentence for a failure; nothing of our insides goes out."""
    if isinstance(exception, DatasetteError):
        # Its messages are HTML only where a query ran out of time.
        sentence = (
            "SQL Interrupted: out of time" if exception.message_is_html else exception.message
        )
        return exception.status, str(sentence)
    if isinstance(exception, Base400):
        return exception.status, str(exception)
    return 500, type(exception).__name__
