"""The gate: forty forms of inner addresses, on every path that could lead to them."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("gate_driver.py")
HOSTS = (
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "2130706433", "2130706434",
    "0x7f000001", "0x7f.1", "0x7f.0.0.1", "0177.0.0.1", "0177.1", "017700000001", "0", "0.0.0.0",  # noqa: S104 - refused, not bound
    "0x0", "00.0.0.0", "localhost", "LOCALHOST", "localhost.", "ip6-localhost", "[::1]",
    "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[fe80::1]", "[fc00::1]", "[ff02::1]", "①②⑦.⓪.⓪.①", "127。0。0。1",
    "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
    "user:pw@127.0.0.1",
)  # fmt: skip


class Listener:
    """Something inside that must never be reached, on every loopback address of both families."""

    def __init__(self) -> None:
        self.connections = 0
        self.socket = socket.socket(socket.AF_INET6)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.socket.bind(("::", 0))
        self.socket.listen(64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


TEXT = "<p>" + "Le conseil municipal de Ségou a voté le budget de la voirie. " * 12 + "</p>"


def announced(inner: list[str], port: int) -> dict[str, str]:
    """Return the feed and the sitemap, which lead inside in every way they can."""
    items = "".join(
        f"<item><title>t</title><link>http://site.test:{port}/{way}/{n}</link></item>"
        for way in ("redirect", "refresh", "canonical")
        for n in range(len(inner))
    )
    links = "".join(f"<item><title>t</title><link>{url}</link></item>" for url in inner)
    urls = "".join(f"<url><loc>{url}</loc></url>" for url in inner)
    return {
        "/feed/": f"<rss version='2.0'><channel><title>s</title>{items}{links}</channel></rss>",
        "/sitemap.xml": f"<urlset>{urls}</urlset>",
        "/robots.txt": "",
    }


def page(way: str, path: str, url: str) -> str:
    head = {
        "refresh": f'<meta http-equiv="refresh" content="0; url={url}">',
        "canonical": f'<link rel="canonical" href="{url}">',
    }.get(way, "")
    title = f"<title>Budget de Ségou {path}</title>"
    return f"<html><head>{title}{head}</head><body><article>{TEXT}{path}</article></body></html>"


def site(inner: list[str]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"].partition(".")[0]
            way, _, number = self.path.strip("/").partition("/")
            if self.path == "/robots.txt" and host.startswith("r"):
                way, number = "redirect", host[1:]
            url = inner[int(number)] if number.isdecimal() else ""
            known = announced(inner, self.server.server_port)
            self.send_response(302 if way == "redirect" else 200)
            if way == "redirect":
                self.send_header("Location", url.encode().decode("latin-1"))
            self.end_headers()
            self.wfile.write((known.get(self.path) or page(way, self.path, url)).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory):
    """Return the listener and the pages' outcomes after one crawl of everything."""
    folder, listener = tmp_path_factory.mktemp("gate"), Listener()
    inner = [f"http://{host}:{listener.port}/secret-{n}" for n, host in enumerate(HOSTS)]
    server = site(inner)
    port = server.server_port
    entry = '[[source]]\nslug = "{0}"\nname = "{0}"\ncountry = "ML"\nurl = "http://{0}.test:{1}/"\n{2}\n'
    entries = [
        entry.format("site", port, f'feeds = ["http://site.test:{port}/feed/"]'),
        entry.format("maps", port, f'spider = "sitemap"\nsitemaps = ["http://maps.test:{port}/sitemap.xml"]'),
        *(entry.format(f"r{n}", port, f'feeds = ["http://r{n}.test:{port}/feed/"]') for n in range(len(HOSTS))),
    ]  # fmt: skip
    (folder / "sources.toml").write_text("\n".join(entries), encoding="utf-8")
    (folder / "direct.txt").write_text("\n".join(inner), encoding="utf-8")
    (folder / "vigie.toml").write_text(
        "[fetch]\ndelay = 0\nallow_private_addresses = true\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(folder)],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    server.shutdown()
    server.server_close()
    listener.socket.close()
    db = sqlite3.connect(folder / "vigie.db")
    yield listener, db
    db.close()


def test_there_are_forty_forms() -> None:
    assert len(set(HOSTS)) == 40


def test_no_connection_is_made_whatever_leads_inside(crawl) -> None:
    listener, _ = crawl
    assert listener.connections == 0


def test_direct_addresses_and_redirects_end_as_blocked_or_as_no_address(crawl) -> None:
    _, db = crawl
    rows = db.execute(
        "select url, outcome, state, reason from pages where url like '%secret%' or url like '%/redirect/%'"
    ).fetchall()
    assert len(rows) == 80
    wrong = [row for row in rows if row[3] not in {"blocked_address", "bad_redirect", "dns"}]
    assert wrong == []


def test_a_meta_refresh_is_not_followed_and_its_page_is_an_article_of_its_own(crawl) -> None:
    _, db = crawl
    stored = db.execute(
        "select count(*) from pages where outcome = 'stored' and url like '%/refresh/%'"
    ).fetchone()
    assert stored == (40,)


def test_a_canonical_address_inside_is_not_believed(crawl) -> None:
    _, db = crawl
    assert db.execute(
        "select count(*) from articles where canonical_url like '%secret%'"
    ).fetchone() == (0,)


def test_a_host_whose_robots_txt_leads_inside_is_left_alone(crawl) -> None:
    _, db = crawl
    errors = db.execute("select count(*) from polls where source like 'r%' and new_pages > 0")
    assert errors.fetchone() == (0,)
