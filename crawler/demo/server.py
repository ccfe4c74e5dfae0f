"""Server: the imitation news sites, served on loopback addresses for the demo and the tests."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from crawler.demo.rendering import Answer, Renderer
from crawler.demo.site import DemoSite, load_sites

_ATTEMPTS = 20


class DemoSites:
    """The running sites; a context manager that stops them."""

    def __init__(self, running: dict[DemoSite, _SiteServer]) -> None:
        self._running = running
        for server in running.values():
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def sites(self) -> tuple[DemoSite, ...]:
        """The sites, by the address they are served from."""
        return tuple(self._running)

    @property
    def sources_toml(self) -> str:
        """The sites as a catalogue file."""
        return "\n".join(_entry(site, server.home) for site, server in self._running.items())

    def home(self, slug: str) -> str:
        """Return the address of the site, ending in a slash."""
        return next(server.home for site, server in self._running.items() if site.slug == slug)

    def close(self) -> None:
        """Stop serving."""
        for server in self._running.values():
            server.shutdown()
            server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def serve(port: int = 0, now: datetime | None = None) -> DemoSites:
    """Serve the bundled sites, each on its own loopback address and all on one port.

    Port 0 picks a free one.
    The ages of the articles are counted back from `now`, the start by default.
    Raises OSError where the port is taken.
    """
    sites = load_sites()
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    servers = _bind_all([site.host for site in sites], port)
    for site, server in zip(sites, servers, strict=True):
        server.show(Renderer(site, server.home, moment))
    return DemoSites(dict(zip(sites, servers, strict=True)))


def _bind_all(hosts: list[str], port: int) -> list[_SiteServer]:
    for _ in range(_ATTEMPTS - 1):
        try:
            return _bind(hosts, port)
        except OSError:
            # A port that is free on the first address may be taken on another one.
            if port:
                raise
    return _bind(hosts, port)


def _bind(hosts: list[str], port: int) -> list[_SiteServer]:
    servers: list[_SiteServer] = []
    try:
        for host in hosts:
            servers.append(_SiteServer((host, port), _Handler))
            port = servers[0].server_port
    except OSError:
        for server in servers:
            server.server_close()
        raise
    return servers


def _entry(site: DemoSite, home: str) -> str:
    feeds = f'feeds = ["{home}{site.announcement.path[1:]}"]\n' if site.announcement.linked else ""
    return (
        "[[source]]\n"
        f'slug = "{site.slug}"\n'
        f'name = "{site.name}"\n'
        f'country = "{site.country}"\n'
        f'url = "{home}"\n'
        f'spider = "{site.spider}"\n'
        f"{feeds}"
        f'cms = "{site.cms}"\n'
    )


class _SiteServer(ThreadingHTTPServer):
    daemon_threads = True
    answers: dict[str, Answer]
    missing: Answer

    @property
    def home(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_port}/"

    def show(self, renderer: Renderer) -> None:
        self.answers = renderer.answers()
        self.missing = renderer.missing(404)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A crawler that is stopped hangs up in the middle of an answer; that is no news.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _SiteServer
    server_version = "Demo"
    timeout = 10

    def do_GET(self) -> None:
        answer = self.server.answers.get(self.path, self.server.missing)
        if self._knows(answer):
            self._send_head(answer, 304, 0)
            return
        self._send_head(answer, answer.status, len(answer.body))
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _knows(self, answer: Answer) -> bool:
        """Return whether the client has this answer already; the ETag decides where both are sent."""
        etag = self.headers.get("If-None-Match")
        if etag is not None:
            return answer.etag is not None and answer.etag in etag
        since = self.headers.get("If-Modified-Since")
        return since is not None and since == answer.last_modified

    def _send_head(self, answer: Answer, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(length))
        if answer.etag is not None:
            self.send_header("ETag", answer.etag)
        if answer.last_modified is not None:
            self.send_header("Last-Modified", answer.last_modified)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the demo prints what the crawl finds."""
