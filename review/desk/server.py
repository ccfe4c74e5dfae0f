"""Server: the desk on a socket."""

from __future__ import annotations

import socket

import uvicorn

from review.desk.guard import App
from review.errors import ReviewError

BACKLOG = 128


def bind(host: str, port: int) -> socket.socket:
    """Take a port, so that its number is known before anybody is told of it.

    Raises ReviewError when it is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio turns Nagle's algorithm off for sockets that say they are TCP alone;
    # with it each page waits 40 ms for the client's acknowledgement of its headers.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as e:
        listener.close()
        raise ReviewError(f"{host}:{port}: cannot listen there ({e.strerror}); try --port 0") from e
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared
    return f"http://{shown}:{port}/-/review"


def serve(app: App, listener: socket.socket) -> None:
    """Serve until interrupted."""
    config = uvicorn.Config(app, log_level="warning", server_header=False, date_header=False)
    uvicorn.Server(config).run(sockets=[listener])
