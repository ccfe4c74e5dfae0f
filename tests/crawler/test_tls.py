"""Certificates: verified, except where the catalogue says otherwise, which is recorded."""

from __future__ import annotations

import sqlite3
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from certificates import self_signed

FEED = b"<rss version='2.0'><channel><title>s</title></channel></rss>"
CERTIFICATES = {"127.0.3.1": (-1, "127.0.3.1"), "127.0.3.2": (-9, "127.0.3.2"), "127.0.3.3": (-1, "10.1.1.1")}  # fmt: skip
"""Self-signed, expired, and of another host: days ago of its beginning, and its address."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"" if self.path == "/robots.txt" else FEED)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a crawler that does not trust us hangs up."""


@pytest.fixture
def servers(tmp_path: Path):
    made = []
    for host, (days, address) in CERTIFICATES.items():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self_signed(tmp_path / f"{host}.pem", address, days=days))
        server = QuietServer((host, 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        made.append((host, server))
    yield {host: server.server_port for host, server in made}
    for _, server in made:
        server.shutdown()
        server.server_close()


def test_a_bad_certificate_is_refused_unless_the_catalogue_excuses_it(vigie, servers) -> None:
    entries = [
        f'[[source]]\nslug = "{slug}{n}"\nname = "S"\ncountry = "ML"\nurl = "https://{host}:{port}/"\n'
        f'feeds = ["https://{host}:{port}/feed/"]\n{extra}\n'
        for n, (host, port) in enumerate(servers.items())
        for slug, extra in (("strict", ""), ("trusting", "verify_tls = false"))
    ]
    (vigie.folder / "sources.toml").write_text("\n".join(entries), encoding="utf-8")

    log = vigie("crawl", "--sources", "sources.toml").stderr

    db = sqlite3.connect(vigie.db)
    feeds = dict(
        db.execute("select source, problem from feeds where url like '%/feed/'").fetchall()
    )
    verified = dict(db.execute("select source, tls_verified from polls").fetchall())
    db.close()
    for n in range(3):
        assert (feeds[f"strict{n}"], verified[f"strict{n}"]) == ("tls_invalid", 1), log
        assert (feeds[f"trusting{n}"], verified[f"trusting{n}"]) == ("empty", 0)
