"""Schemes: a source that moved to https or back is followed, unless somebody may be in the way."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from certificates import self_signed

from storage.times import now

HOST = "127.0.4.1"
TLS_HANDSHAKE = b"\x16"
"""The first byte that a client of https sends."""
SOURCES = {
    "moved": ("http", "https", "verify_tls = false"),
    "back": ("https", "http", "verify_tls = false"),
    "forged": ("https", "http", ""),
}
"""The scheme of the catalogue, the one where the articles are, and what the entry says besides."""


class BothSchemes(ThreadingHTTPServer):
    """Speaks http and https on one port, and remembers who asked for what by which."""

    def __init__(self, certificate: Path) -> None:
        super().__init__((HOST, 0), Handler)
        self.asked: set[tuple[str, str, str]] = set()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(certificate)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if request.recv(1, socket.MSG_PEEK) != TLS_HANDSHAKE:
            super().finish_request(request, client_address)
            return
        with self._tls.wrap_socket(request, server_side=True) as connection:
            super().finish_request(connection, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a crawler that does not trust us hangs up."""


class Handler(BaseHTTPRequestHandler):
    server: BothSchemes

    def do_GET(self) -> None:
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        host = self.headers["Host"]
        name = host.partition(".")[0]
        self.server.asked.add((name, scheme, self.path))
        is_feed = self.path == "/feed/" and SOURCES[name][1] == scheme
        body = feed(f"{scheme}://{host}/") if is_feed else b"nothing here"
        self.send_response(200 if is_feed else 404)
        self.send_header("Content-Type", "application/rss+xml" if is_feed else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def feed(home: str) -> bytes:
    return (
        f"<rss version='2.0'><channel><title>s</title><item><title>Titre</title>"
        f"<link>{home}article-1.html</link><pubDate>{format_datetime(now())}</pubDate></item>"
        "</channel></rss>"
    ).encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BothSchemes]:
    server = BothSchemes(self_signed(tmp_path / "server.pem", HOST))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_feed_is_followed_to_the_other_scheme_where_its_host_itself_sends_us(
    vigie, server: BothSchemes
) -> None:
    homes = {slug: f"{SOURCES[slug][0]}://{slug}.example:{server.server_port}/" for slug in SOURCES}
    entries = [
        f'[[source]]\nslug = "{slug}"\nname = "S"\ncountry = "ML"\nurl = "{home}"\n'
        f'feeds = ["{home}feed/"]\n{SOURCES[slug][2]}\n'
        for slug, home in homes.items()
    ]
    (vigie.folder / "sources.toml").write_text("\n".join(entries), encoding="utf-8")

    vigie.with_names({f"{slug}.example": (HOST, 0) for slug in SOURCES})

    asked = server.asked
    assert {("moved", "https", "/article-1.html"), ("back", "http", "/article-1.html")} <= asked
    assert not [path for name, _, path in asked if name == "forged"]
    assert vigie.rows(
        "select problem from feeds where source = 'forged' and url not like '%www%'"
    ) == [("tls_invalid",)]
