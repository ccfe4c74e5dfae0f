"""Imitation sites with a past, on loopback addresses: what each answers is a function of its path."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from past_stories import BY_PATH, FEW, MANY, Story

Response = tuple[int, dict[str, str], bytes]
HTML = {"Content-Type": "text/html; charset=UTF-8"}

Answer = Callable[[str, str], Response]
"""What a site at some home says to a path."""


class PastSites:
    """Imitation sites, each on a loopback address of its own, all on one port."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.requests: Counter[str] = Counter()
        self.hosts = {slug: f"127.0.3.{n}" for n, slug in enumerate(answers, start=1)}
        self._servers: list[ThreadingHTTPServer] = []
        for slug, answer in answers.items():
            self._serve(self.hosts[slug], answer)

    def catalogue(self) -> str:
        return "\n".join(
            f'[[source]]\nslug = "{slug}"\nname = "Le Pays"\ncountry = "ML"\n'
            f'url = "http://{host}:{self._port}/"\n'
            for slug, host in self.hosts.items()
        )

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @property
    def _port(self) -> int:
        return self._servers[0].server_port if self._servers else 0

    def _serve(self, host: str, answer: Answer) -> None:
        sites = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                sites.requests[f"{host}{self.path}"] += 1
                status, headers, body = answer(f"http://{host}:{sites._port}/", self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer((host, self._port), Handler)
        server.daemon_threads = True
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()


MOST = 25
"""Posts that these sites give at once, whatever they are asked for."""
MISSING: Response = (404, HTML, b"<html><title>Page introuvable</title></html>")


def pages(home: str, path: str) -> Response:
    """Answer articles alone."""
    story = BY_PATH.get(path)
    return MISSING if story is None else (200, HTML, story.page(home).encode())


def in_json(value: object, status: int = 200, **headers: str) -> Response:
    kind = {"Content-Type": "application/json; charset=UTF-8"}
    return status, kind | headers, json.dumps(value).encode()


def wordpress(home: str, path: str, listed: list[Story] = MANY) -> Response:
    """Answer as WordPress with its REST API open."""
    parts = urlsplit(path)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    if parts.path == "/wp-json/wp/v2/categories":
        return in_json([{"id": 1, "name": "Non classé"}, {"id": 7, "name": "Société &amp; vie"}])
    if parts.path != "/wp-json/wp/v2/posts":
        return pages(home, path)
    after, before = (
        datetime.fromisoformat(query[key]).replace(tzinfo=UTC) for key in ("after", "before")
    )
    found = [story for story in listed if after < story.local < before]
    size, page = min(int(query["per_page"]), MOST), int(query["page"])
    total = -(-len(found) // size)
    if page > max(total, 1):
        return in_json({"code": "rest_post_invalid_page_number"}, 400)
    shown = found[(page - 1) * size : page * size]
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(total)}
    return in_json([story.post(home) for story in shown], 200, **headers)


def few_posts(home: str, path: str) -> Response:
    return wordpress(home, path, FEW)


def lying(home: str, path: str) -> Response:
    """Answer that there are 99 pages, all of which are the first."""
    status, headers, body = few_posts(home, re.sub(r"&page=\d+", "&page=1", path))
    return status, headers | {"X-WP-TotalPages": "99"}, body


def heavy(home: str, path: str) -> Response:
    """Answer 500 to whoever asks for a hundred articles at once."""
    return (500, HTML, b"") if "per_page=100&page" in path else few_posts(home, path)


def other_texts(home: str, path: str) -> Response:
    """Answer with the words of a plugin instead of the articles."""
    status, headers, body = few_posts(home, path)
    if "/posts?" not in path or status != 200:
        return status, headers, body
    posts = json.loads(body)
    for post in posts:
        post["content"]["rendered"] = "<p>Ce contenu est servi par une extension du site.</p>" * 9
    return status, headers, json.dumps(posts).encode()


XML = {"Content-Type": "application/xml"}


def index(home: str, names: Iterable[str]) -> Response:
    entries = "".join(f"<sitemap><loc>{home}{name}</loc></sitemap>" for name in names)
    return 200, XML, f"<?xml version='1.0'?><sitemapindex>{entries}</sitemapindex>".encode()


def urls(home: str, listed: Iterable[Story], *, dated: bool = True) -> Response:
    entries = "".join(
        f"<url><loc>{home}{s.path[1:]}</loc>"
        + (f"<lastmod>{s.at.isoformat()}</lastmod></url>" if dated else "</url>")
        for s in listed
    )
    return 200, XML, f"<?xml version='1.0'?><urlset>{entries}</urlset>".encode()


def with_sitemaps(home: str, path: str) -> Response:
    """Answer with a sitemap index by month that robots.txt names, and the REST API closed."""
    if path.startswith("/wp-json/"):
        return in_json({"code": "rest_disabled"}, 401)
    if path == "/robots.txt":
        lines = f"User-agent: *\nAllow: /\n\nSitemap: {home}sitemap.xml\n"
        return 200, {"Content-Type": "text/plain"}, lines.encode()
    if path == "/sitemap.xml":
        months = [f"sitemap-pt-post-{y}-{m:02}.xml" for y in (2022, 2023) for m in range(1, 13)]
        return index(home, [*months, "sitemap-pt-page-2023-02.xml", "category-sitemap.xml"])
    if month := re.fullmatch(r"/sitemap-pt-post-(\d{4})-(\d{2})\.xml", path):
        year, number = map(int, month.groups())
        return urls(home, [s for s in FEW if (s.at.year, s.at.month) == (year, number)])
    return pages(home, path)


def behind_robots(home: str, path: str) -> Response:
    """Forbid the REST API, and list undated articles in a numbered sitemap and one more loop."""
    if path == "/robots.txt":
        return 200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /wp-json/\n"
    if path == "/wp-sitemap.xml":
        return index(home, ["wp-sitemap.xml", "wp-sitemap-posts-post-1.xml", "loop.xml"])
    if path == "/loop.xml":
        return index(home, ["wp-sitemap.xml", "wp-sitemap-posts-post-1.xml", "loop.xml"])
    if path == "/wp-sitemap-posts-post-1.xml":
        return urls(home, FEW, dated=False)
    return few_posts(home, path)


def front_page_everywhere(home: str, path: str) -> Response:
    """Answer every address but the articles' with the front page, the sitemaps' too."""
    if path in BY_PATH:
        return pages(home, path)
    links = "".join(f"<a href='{s.path}'>{s.title}</a>" for s in FEW[-6:])
    return 200, HTML, f"<html><title>Le Pays</title><h1>Le Pays</h1>{links}</html>".encode()


def with_dated_pages(home: str, path: str) -> Response:
    """Answer with dated archive pages alone, four articles on each."""
    asked = re.fullmatch(r"/(\d{4})/(\d{2})/(?:(\d{2})/)?(?:page/(\d+)/)?", path)
    if not asked:
        return pages(home, path)
    year, month, day, page = (int(part) if part else None for part in asked.groups())
    listed = [
        s
        for s in reversed(FEW)
        if (s.local.year, s.local.month) == (year, month) and day in {None, s.local.day}
    ]
    first = 4 * ((page or 1) - 1)
    if not listed[first:]:
        return MISSING
    links = "".join(f"<h2><a href='{s.path}'>{s.title}</a></h2>" for s in listed[first : first + 4])
    base = f"/{year}/{month:02}/" + (f"{day:02}/" if day else "")
    more = listed[first + 4 :]
    following = f"<a class='next' href='{base}page/{(page or 1) + 1}/'>Suivant</a>" if more else ""
    return 200, HTML, f"<html><h1>Archives {month:02}/{year}</h1>{links}{following}</html>".encode()


def endless(home: str, path: str) -> Response:
    """List two more sitemaps in each sitemap, for ever."""
    if path.startswith("/sitemap"):
        return index(home, [f"{path[1:-4]}{letter}.xml" for letter in "ab"])
    return MISSING


def closed(home: str, path: str) -> Response:
    return (403, HTML, b"<html><title>403</title></html>") if home and path else MISSING


def pausing(home: str, path: str) -> Response:
    """Ask for a pause as soon as the REST API is asked."""
    if path.startswith("/wp-json/"):
        return 429, HTML | {"Retry-After": "300"}, b"non"
    return few_posts(home, path)


SITES = {
    "many_posts": wordpress,
    "lying": lying,
    "heavy": heavy,
    "other_texts": other_texts,
    "sitemaps": with_sitemaps,
    "behind_robots": behind_robots,
    "front_page": front_page_everywhere,
    "dated_pages": with_dated_pages,
    "endless": endless,
    "closed": closed,
    "pausing": pausing,
}
