"""Hostile site: a raw server on loopback addresses that answers as sites should not.

Run as a program it prints its port and serves until its input ends. Every endless answer stops by
itself. What it answers to depends on the path alone (`PAGES`), or on the host (`ROBOTS`).
"""

from __future__ import annotations

import gzip
import json
import socket
import sys
import threading
import time
import zlib
from collections import Counter
from email.utils import formatdate

from hostile_answers import (
    ARTICLE,
    BOMB,
    OK,
    SENTENCE,
    Answer,
    bomb,
    brotli_bomb,
    drip,
    encoded,
    labelled,
    page,
    raw,
    reset,
    robots,
    status,
    to,
    wait,
    whole,
    zstd_bomb,
)

requests: list[tuple[float, str, str]] = []
SHORT_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = SHORT_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GRAPH = json.dumps({"@graph": [{"@type": "Person", "name": f"N {n}"} for n in range(120_000)]})
LD = '<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{}"}}</script>'

PAGES: dict[str, tuple[Answer, tuple[str, ...]]] = {
    # path: what is answered, the outcomes or reasons that are right
    "refused": (raw(b""), ("connect",)),
    "closed": (raw(b""), ("bad_http", "data_loss")),
    "reset": (reset, ("bad_http", "connect")),
    "half-header": (raw(b"HTTP/1.1 200 OK\r\nContent-Ty"), ("bad_http", "data_loss")),
    "never": (wait, ("timeout",)),
    "slow-header": (drip(b"HTTP/1.1 200 OK\r\nX-Y: ", 0.5, b"a"), ("timeout",)),
    "slow-body": (drip(SHORT_HEAD + b"\r\n", 0.4, b"a"), ("timeout",)),
    "not-http": (raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), ("bad_http", "data_loss")),
    "status-abc": (raw(b"HTTP/1.1 abc OK\r\n\r\nx"), ("bad_http",)),
    "status-999": (status("999 No"), ("forbidden",)),
    "length-too-long": (raw(SHORT_HEAD + b"Content-Length: 900\r\n\r\nabc"), ("data_loss",)),
    "length-negative": (raw(SHORT_HEAD + b"Content-Length: -5\r\n\r\nabc"), ("bad_http",)),
    "length-two": (raw(SHORT_HEAD + b"Content-Length: 3\r\nContent-Length: 9\r\n\r\nabc"), ("bad_http", "data_loss", "not_html")),
    "length-99-gb": (raw(SHORT_HEAD + b"Content-Length: 99000000000\r\n\r\nabc"), ("too_big",)),
    "chunk-zzz": (raw(CHUNKED + b"ZZZ\r\nabc\r\n"), ("data_loss", "bad_http")),
    "chunk-huge": (raw(CHUNKED + b"FFFFFFFFFFFFFFFF\r\nabc"), ("data_loss", "bad_http", "too_big")),
    "chunk-cut": (raw(CHUNKED + b"3\r\nabc\r\n"), ("data_loss",)),
    "endless": (drip(SHORT_HEAD + b"\r\n", 0, b"a" * 100_000), ("too_big",)),
    "endless-chunks": (drip(CHUNKED, 0, b"186a0\r\n" + b"a" * 100_000 + b"\r\n"), ("too_big",)),
    "length-too-short": (whole(ARTICLE, SHORT_HEAD + b"Content-Length: 20\r\n"), ("bad_http", "data_loss", "extract_short", "not_html")),
    "early-hints": (raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 500 + OK + b"Content-Length: %d\r\n\r\n" % len(ARTICLE) + ARTICLE), ("stored", "duplicate")),
    "headers-100-kb": (whole(ARTICLE, OK + b"".join(b"X-%d: " % n + b"a" * 1000 + b"\r\n" for n in range(100))), ("stored", "duplicate")),
    "headers-100-k": (whole(ARTICLE, OK + b"X: a\r\n" * 100_000), ("stored", "duplicate", "bad_http")),
    "headers-endless": (drip(OK, 0, b"X: a\r\n" * 2000), ("timeout", "bad_http")),
    "header-20-mb": (whole(ARTICLE, OK + b"X: " + b"a" * 20_000_000 + b"\r\n"), ("bad_http",)),
    "header-1-mb": (whole(ARTICLE, OK + b"X: " + b"a" * 1_000_000 + b"\r\n"), ("bad_http",)),
    "bomb-gzip": (encoded(bomb(), "gzip"), ("too_big",)),
    "bomb-deflate": (encoded(zlib.compress(b"a" * BOMB), "deflate"), ("too_big",)),
    "bomb-br": (encoded(brotli_bomb(), "br"), ("too_big",)),
    "bomb-zstd": (encoded(zstd_bomb(), "zstd"), ("too_big", "not_html")),
    "bomb-gzip-gzip": (encoded(bomb(2), "gzip, gzip"), ("too_big",)),
    "bad-gzip": (encoded(b"this is no gzip", "gzip"), ("decode", "extract_short", "not_html", "empty")),
    "bad-br": (encoded(b"this is no brotli", "br"), ("decode",)),
    "cut-gzip": (encoded(gzip.compress(ARTICLE)[:10], "gzip"), ("decode", "extract_short", "empty")),
    "loop": (to("/p/loop"), ("redirect_loop",)),
    "chain": (to("/hop/24"), ("redirect_loop",)),
    "to-ftp": (to("ftp://127.0.2.1/a"), ("bad_redirect",)),
    "to-s3": (to("s3://bucket/a"), ("bad_redirect",)),
    "to-100000": (to("/" + "a" * 100_000), ("bad_redirect", "bad_http")),
    "to-file": (to("file:///etc/passwd"), ("bad_redirect",)),
    "to-data": (to("data:text/html,x"), ("bad_redirect",)),
    "to-javascript": (to("javascript:alert(1)"), ("bad_redirect",)),
    "to-bad-port": (to("http://127.0.2.1:99999/"), ("bad_redirect",)),
    "to-open-bracket": (to("http://[::1"), ("bad_redirect",)),
    "to-no-host": (to("http://"), ("bad_redirect", "redirect_loop")),
    "to-user": (to("http://a:b@127.0.2.1/"), ("bad_redirect",)),
    "to-3000": (to("/" + "a" * 3000), ("bad_redirect",)),
    "cookie-redirect": (to("/p/cookie-redirect\r\nSet-Cookie: vu=1; Path=/"), ("redirect_loop",)),
    "cookie-reload": (page("<script>document.cookie = 'vu=1'; location.reload()</script><noscript>Activez les cookies.</noscript>"), ("challenge", "extract_short")),
    "cookie-wall": (page("<h2>Votre vie privée</h2><p>Nous et nos 142 partenaires utilisons des cookies pour mesurer l’audience.</p><p>Vous pouvez accepter ou refuser ces cookies à tout moment.</p><a href='?oui'>Tout accepter</a>"), ("challenge",)),
    "to-other-site": (to("http://127.0.2.99:PORT/parked"), ("other_site",)),
    "403": (status("403 Forbidden"), ("forbidden",)),
    "cf-mitigated": (status("403 Forbidden\r\ncf-mitigated: challenge"), ("challenge",)),
    "just-a-moment-403": (status("403 Forbidden", b"<html><head><title>Just a moment...</title>"), ("challenge",)),
    "just-a-moment-200": (page("<p>Checking</p>", "<title>Just a moment...</title>"), ("challenge",)),
    "404": (status("404 Not Found"), ("gone",)),
    "410": (status("410 Gone"), ("gone",)),
    "soft-404": (page("<h1>Page introuvable</h1><p>Rien ici.</p>", "<title>Page introuvable</title>"), ("soft_404",)),
    "jpeg": (whole(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9), ("not_html",)),
    "random": (whole(bytes((n * 7919 + n // 251) % 256 for n in range(200_000))), ("not_html", "extract_short")),
    "octet-stream": (labelled("application/octet-stream", ARTICLE.replace(b"voirie", b"voirie ancienne")), ("stored",)),
    "nul": (whole(ARTICLE.replace(b"habitants", b"habi\0tants \x01\x02")), ("stored", "duplicate")),
    "attributes": (page("<div " + " ".join(f"a{n}='{n}'" for n in range(40_000)) + "><p>x</p></div>"), ("extract_timeout", "extract_short", "extract_crash")),
    "deep": (page("<div>" * 100_000 + "x"), ("extract_short", "stored", "extract_timeout")),
    "deep-b": (page("<b>" * 100_000 + "x"), ("extract_short", "stored", "extract_timeout")),
    "deep-table": (page("<table><tr><td>" * 30_000 + "x"), ("extract_short", "stored", "extract_timeout")),
    "big-attribute": (page(f"<p title='{'a' * 2_000_000}'>x</p>"), ("extract_short", "extract_timeout")),
    "big-text": (page("<p>" + "mot " * 1_100_000 + "</p>"), ("stored", "not_french", "extract_timeout", "extract_short")),
    "small-divs": (page("<div>a</div>" * 400_000), ("extract_timeout", "extract_crash", "extract_short", "not_french", "stored")),
    "small-divs-500-k": (page("<div>a</div>" * 500_000), ("too_big",)),
    "json-ld-4-mb": (page(f"<article><h1>Un graphe</h1><p>Un graphe : {SENTENCE * 12}</p></article>", f'<title>Un graphe</title><script type="application/ld+json">{GRAPH}</script>'), ("stored",)),
    "json-ld-broken": (page(f"<article><h1>Un reste</h1><p>Un reste : {SENTENCE * 12}</p></article>", '<title>Un reste</title><script type="application/ld+json">' + '[{"a":' * 800_000 + "</script>"), ("stored",)),
    "big-headline": (page(f"<article><h1>Un titre</h1><p>{SENTENCE * 12}</p></article>", LD.format("a" * 2_000_000)), ("stored", "duplicate")),
    "many-links": (page("".join(f"<a href='/x{n}'>lien {n}</a>" for n in range(100_000))), ("extract_short", "extract_timeout", "stored", "not_french")),
}  # fmt: skip

WILD_RULES = b"".join(b"Disallow: /*a*%d*b$\n" % n for n in range(1000))
ROBOTS: dict[str, Answer] = {
    "127.0.2.11": status("503 Service Unavailable"),
    "127.0.2.12": wait,
    "127.0.2.13": whole(b"User-agent: *\nDisallow: /non/\n" + b"# rien\n" * 3_700_000, b"HTTP/1.1 200 OK\r\n"),
    "127.0.2.14": whole(bytes(range(256)) * 40),
    "127.0.2.15": page("<p>Accueil</p>"),
    "127.0.2.16": to("/robots-2.txt"),
    "127.0.2.17": to("/robots.txt"),
    "127.0.2.18": whole(b"User-agent: *\nCrawl-delay: 2\n", b"HTTP/1.1 200 OK\r\n"),
    "127.0.2.19": whole(b"User-agent: *\nCrawl-delay: -5\n", b"HTTP/1.1 200 OK\r\n"),
    "127.0.2.20": whole(b"User-agent: *\nCrawl-delay: 1e999\n", b"HTTP/1.1 200 OK\r\n"),
    "127.0.2.21": status("500 Oops"),
    "127.0.2.22": status("404 Not Found"),
    "127.0.2.23": robots(WILD_RULES * 20),
    "127.0.2.24": robots(b"".join(b"User-agent: x%d\n" % n for n in range(15_000)) + b"Disallow: /\n" * 20_000),
    "127.0.2.25": robots(WILD_RULES * 9),
}  # fmt: skip
LIMITS = {
    "127.0.2.31": ("429 Too Many Requests\r\nRetry-After: 300", 300),
    "127.0.2.32": ("503 Service Unavailable\r\nRetry-After: 300", 300),
    "127.0.2.33": ("429 Too Many Requests\r\nRetry-After: abc", 600),
    "127.0.2.34": ("429 Too Many Requests\r\nRetry-After: 1000000000", 86_400),
    "127.0.2.35": (f"503 Wait\r\nRetry-After: {formatdate(time.time() + 400, usegmt=True)}", 400),
}  # fmt: skip
"""What these hosts answer to their second article, and the seconds they are then left alone."""
FEEDS: dict[str, Answer] = {
    "127.0.2.41": whole(b"/etc/passwd", b"HTTP/1.1 200 OK\r\n"),
    "127.0.2.42": whole(b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY b%d "%s">' % (n, b"&a;" * 10 if n == 0 else b"&b%d;" % (n - 1) * 10) for n in range(9)) + b"]><rss><channel><title>&b8;</title></channel></rss>", b"HTTP/1.1 200 OK\r\n"),
    "127.0.2.43": whole(b"<rss><channel><item " + b" ".join(b"a%d='1'" % n for n in range(60_000)) + b"/></channel></rss>", b"HTTP/1.1 200 OK\r\n"),
    "127.0.2.44": drip(SHORT_HEAD + b"\r\n", 0, b"<item>" * 20_000),
}  # fmt: skip
GOOD = "127.0.2.1"
CLOSED = {"/p/refused": 1}
"""Paths that are announced at a port where nobody listens."""
FAULTY = ("127.0.2.2", "127.0.2.3", "127.0.2.4", "127.0.2.5", "127.0.2.6", "127.0.2.7")


def sources() -> dict[str, list[str]]:
    """Return the paths that each host's feed announces."""
    names = list(PAGES)
    shared = {
        host: [f"/p/{name}" for name in names[n :: len(FAULTY)]] for n, host in enumerate(FAULTY)
    }
    few = {host: ["/a/0", "/a/1", "/a/2", "/non/3"] for host in (*ROBOTS, *LIMITS)}
    return (
        {GOOD: [f"/a/{n}" for n in range(120)]} | shared | few | {host: ["/a/0"] for host in FEEDS}
    )


def feed(host: str, port: int) -> Answer:
    items = "".join(
        f"<item><title>t</title><link>http://{host}:{CLOSED.get(path, port)}{path}</link></item>"
        for path in sources()[host]
    )
    return whole(
        f"<rss version='2.0'><channel><title>s</title>{items}</channel></rss>".encode(),
        b"HTTP/1.1 200 OK\r\n",
    )


def answer_to(host: str, path: str, port: int, seen: Counter[str]) -> Answer:
    first, _, rest = path[1:].partition("/")
    if path == "/robots.txt":
        return ROBOTS.get(host, status("404 Not Found"))
    if path == "/feed/":
        return FEEDS.get(host) or feed(host, port)
    if first == "p":
        return PAGES[rest][0]
    if first == "hop" and rest != "0":
        return to(f"/hop/{int(rest) - 1}")
    if first in {"a", "non"}:
        return article(host, path, seen)
    return whole(ARTICLE) if path in {"/parked", "/hop/0"} else status("404 Not Found")


def article(host: str, path: str, seen: Counter[str]) -> Answer:
    seen[host] += 1
    if host in LIMITS and seen[host] == 2:
        return status(LIMITS[host][0])
    text = f"À {path[1:]} {host} on dit : " + SENTENCE * 8
    return page(f"<article><h1>Titre {path} de {host}</h1><p>{text}</p></article>")


def serve(connection: socket.socket, host: str, port: int, seen: Counter[str]) -> None:
    try:
        head = b""
        while b"\r\n\r\n" not in head and (piece := connection.recv(65536)):
            head += piece
        path = head.split(b" ")[1].decode() if b" " in head else "/"
        requests.append((time.time(), host, path))
        answer = answer_to(host, path, port, seen)
        if b"\r\ncookie:" in head.lower():
            answer = whole(ARTICLE)  # it opens every door, and is not to be had
        answer(connection)
    except OSError:
        pass  # the crawler hung up, as it should
    finally:
        connection.close()


def listen(host: str, port: int, seen: Counter[str]) -> int:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen(64)
    bound: int = server.getsockname()[1]

    def accept() -> None:
        while True:
            connection, _ = server.accept()
            threading.Thread(
                target=serve, args=(connection, host, bound, seen), daemon=True
            ).start()

    threading.Thread(target=accept, daemon=True).start()
    return bound


if __name__ == "__main__":
    counts: Counter[str] = Counter()
    port = 0
    for address in [*sources(), "127.0.2.99"]:
        port = listen(address, port, counts)
    redirect = f"http://127.0.2.99:{port}/parked"
    PAGES["to-other-site"] = (to(redirect), ("other_site",))
    hosts = list(sources())
    facts = {"port": port, "hosts": hosts, "pages": {name: right for name, (_, right) in PAGES.items()}, "limits": {host: s for host, (_, s) in LIMITS.items()}}  # fmt: skip
    print(json.dumps(facts), flush=True)  # noqa: T201 - how the test learns of it
    sys.stdin.read()
    print(json.dumps(requests), flush=True)  # noqa: T201 - what was asked
