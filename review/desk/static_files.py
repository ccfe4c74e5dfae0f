"""Static files: the desk's one style sheet, one script and one icon."""

from __future__ import annotations

from datasette.utils.asgi import Request, Response

from review.desk.rendering import STATIC

TYPES = {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


async def send_static(request: Request) -> Response:
    """Send one of the desk's files; its address changes with its content, so it may be kept."""
    name = request.url_vars["name"]
    if name not in TYPES:
        return Response.text("no such file", status=404)
    return Response(
        (STATIC / name).read_text(encoding="utf-8"),
        headers={"cache-control": "private, max-age=31536000, immutable"},
        content_type=TYPES[name],
    )
