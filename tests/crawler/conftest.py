"""Imitation sites on loopback addresses, and the command run against them."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from archive_rows import rows

NAMES_DRIVER = Path(__file__).with_name("names_driver.py")
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore"}
"""Nothing else: a command that ran in this process has left its settings in `os.environ`."""
SUBJECTS = ("Le maire", "La préfète", "Le syndicat", "L’association", "Le comité", "La ministre")
VERBS = ("a présenté", "a inauguré", "a défendu", "a visité", "réclame", "prépare", "a salué")
OBJECTS = ("le marché", "l’école", "la route", "le barrage", "le centre de santé", "la récolte")
PLACES = ("Ségou", "Bouaké", "Parakou", "Maradi", "Kindia", "Abéché", "Bossangoa", "Dolisie")


def story(seed: str, sentences: int = 14) -> list[str]:
    """Return sentences of ordinary French news, the same for the same seed."""
    dice = random.Random(seed)
    return [
        f"{dice.choice(SUBJECTS)} {dice.choice(VERBS)} {dice.choice(OBJECTS)} de"
        f" {dice.choice(PLACES)} devant {dice.randint(10, 9999)} habitants réunis pour la"
        f" {dice.randint(2, 60)}e journée de mobilisation."
        for _ in range(sentences)
    ]


class Sites:
    """Some news sites, each on a loopback address of its own, all on one port."""

    def __init__(self, count: int, articles: int) -> None:
        self.hosts = [f"127.0.1.{number + 1}" for number in range(count)]
        self.articles = articles
        self._published = format_datetime(datetime.now(UTC) - timedelta(hours=3))
        self.requests: Counter[str] = Counter()
        self.asked: list[str] = []
        """Host and path of every request, in their order."""
        self.not_modified = 0
        self.dated: dict[str, str] = {}
        """Last-Modified of answers, by path."""
        self.since: dict[str, str] = {}
        """What each path was last asked for if modified since."""
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        """Answers by path, or by host and path, that stand in for the usual ones: status, content
        type, body."""
        self.redirects: dict[str, str] = {}
        """Addresses by host and path that answer 301."""
        self.trap: Callable[[str], bytes | None] = lambda _: None
        """Makes answers up as they are asked for."""
        self.hang: set[str] = set()
        """Paths that are not answered for eight seconds."""
        self._servers = [self._bind(host, 0) for host in self.hosts[:1]]
        self.port = self._servers[0].server_port
        self._servers += [self._bind(host, self.port) for host in self.hosts[1:]]
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def home(self, host: str) -> str:
        return f"http://{host}:{self.port}/"

    def catalogue(self) -> str:
        return "\n".join(
            f'[[source]]\nslug = "site_{number}"\nname = "Site {number}"\ncountry = "ML"\n'
            f'url = "{self.home(host)}"\nfeeds = ["{self.home(host)}feed/"]\n'
            for number, host in enumerate(self.hosts)
        )

    def answer(self, host: str, path: str) -> tuple[int, str, bytes]:
        made_up = self.trap(path)
        if made_up is not None:
            return 200, "text/html; charset=utf-8", made_up
        if f"{host}{path}" in self.pages:
            return self.pages[f"{host}{path}"]
        if path in self.pages:
            return self.pages[path]
        if path == "/feed/":
            return 200, "application/rss+xml", self._feed(host).encode()
        if path.startswith("/article-"):
            return 200, "text/html; charset=utf-8", self._page(host, path).encode()
        return 404, "text/plain", b"nothing here"

    def _feed(self, host: str) -> str:
        items = "".join(
            f"<item><title>Titre {n}</title><link>{self.home(host)}article-{n}.html</link>"
            f"<pubDate>{self._published}</pubDate></item>"
            for n in range(self.articles)
        )
        return f'<rss version="2.0"><channel><title>Site</title>{items}</channel></rss>'

    def _page(self, host: str, path: str) -> str:
        sentences = story(host + path)
        paragraphs = "".join(
            f"<p>{' '.join(sentences[i : i + 3])}</p>" for i in range(0, len(sentences), 3)
        )
        return (
            f'<!doctype html><html lang="fr"><head><title>{sentences[0][:60]}</title></head><body>'
            f"<nav><a href='/'>Accueil</a></nav><article><h1>{sentences[0][:60]}</h1>{paragraphs}"
            "</article><footer>© 2026 Site</footer></body></html>"
        )

    def _bind(self, host: str, port: int) -> ThreadingHTTPServer:
        sites = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                sites.requests[f"{host}{self.path}"] += 1
                sites.asked.append(f"{host}{self.path}")
                if self.path in sites.hang:
                    time.sleep(8)
                if "If-Modified-Since" in self.headers:
                    sites.since[self.path] = self.headers["If-Modified-Since"]
                status, kind, body = sites.answer(host, self.path)
                location = sites.redirects.get(f"{host}{self.path}")
                etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                if self.path == "/feed/" and self.headers.get("If-None-Match") == etag:
                    sites.not_modified += 1
                    status, body = 304, b""
                self.send_response(status if location is None else 301)
                if location is not None:
                    self.send_header("Location", location)
                self.send_header("Content-Type", kind)
                self.send_header("ETag", etag)
                if self.path in sites.dated:
                    self.send_header("Last-Modified", sites.dated[self.path])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer((host, port), Handler)
        server.daemon_threads = True
        return server


class Vigie:
    """The command, run in a folder of its own that allows loopback addresses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = folder / "vigie.db"
        (folder / "vigie.toml").write_text(
            "[fetch]\ndelay = 0\nallow_private_addresses = true\n", encoding="utf-8"
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "crawler", *arguments],
            cwd=self.folder,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=240)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def with_names(self, names: Mapping[str, tuple[str | None, float]]) -> int:
        """Crawl `sources.toml` with each name at its address, after so many seconds, or nowhere.

        Returns the exit code.
        """
        (self.folder / "names.json").write_text(json.dumps(names), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(NAMES_DRIVER), str(self.folder)],
            env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=90,
        )  # fmt: skip
        assert done.returncode in {0, 1}, done.stderr[-3000:]
        return done.returncode

    def kill_when(self, enough: Callable[[], object], *arguments: str) -> bool:
        """Start a command and kill it as soon as there is enough; return whether it still ran.

        It waits for a minute and a half at most.
        """
        process = self.start(*arguments)
        deadline = time.monotonic() + 90
        while process.poll() is None and not enough() and time.monotonic() < deadline:
            time.sleep(0.002)  # another process does what is waited for
        process.kill()
        process.communicate()
        return process.returncode == -signal.SIGKILL

    def number(self, sql: str) -> int:
        """Return the one number that the archive answers, 0 while there is no archive."""
        try:
            return int(str(self.rows(sql)[0][0]))
        except sqlite3.OperationalError:
            return 0

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return what the archive answers, read-only."""
        return rows(self.db, sql)

    def json(self, *arguments: str) -> object:
        done = self(*arguments, "--json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    return Vigie(tmp_path)


@pytest.fixture
def make_sites() -> Iterator[Callable[[int, int], Sites]]:
    made: list[Sites] = []

    def make(count: int, articles: int) -> Sites:
        made.append(Sites(count, articles))
        return made[-1]

    yield make
    for sites in made:
        sites.close()


@pytest.fixture(scope="session")
def imitations() -> tuple[type[Vigie], type[Sites]]:
    """Return the classes, for a fixture that crawls once for many tests."""
    return Vigie, Sites
