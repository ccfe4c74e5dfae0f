"""Quality page: precision per rule and theme, what to tighten first, and what the probe found."""

from __future__ import annotations

from datasette.utils.asgi import Request, Response

from review.desk.notice import read_notice
from review.desk.session import open_session
from storage.quality import measure_quality


async def show_quality(request: Request) -> Response:
    """Show how good the rules are."""
    session = open_session(request)
    quality = await session.archive.read(lambda desk: measure_quality(desk.db))
    return session.page("quality.html", quality=quality, notice=await read_notice(session))
