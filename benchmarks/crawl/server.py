"""Server: the imitation sites, served from memory on loopback addresses by a process of their own.

    python -m benchmarks.crawl.server PAGES HOSTS PORT FOLDER

Writes `urls.csv` and `sources.toml` to the folder, then a line to stdout, and serves until its
stdin is closed. With no PAGES every feed is the same short one, and answers 304 when asked again.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import sys
from pathlib import Path

from benchmarks.crawl.pages import Site, build
from benchmarks.crawl.press import Press

ROBOTS = b"User-agent: *\nDisallow: /wp-admin/\n"
ADDRESSES = 200
"""Addresses in one block of 127.1.0.0/16."""
ITEMS = 20
"""Entries of the feed where there are no pages to list."""

Answers = dict[bytes, tuple[bytes, bytes, bytes]]
"""By path: the heads of a plain and of a compressed answer, and the ETag; bodies follow the heads."""


class Answering(asyncio.Protocol):
    """One connection: GET requests answered in turn, and kept alive."""

    def __init__(self, sites: dict[str, Answers]) -> None:
        self._sites = sites
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Find the answers of the site that was connected to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._answers = self._sites[transport.get_extra_info("sockname")[0]]

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1]
        plain, compressed, etag = self._answers.get(path, MISSING)
        if etag and etag in head:
            self._transport.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n")
        else:
            self._transport.write(compressed if b"gzip" in head else plain)


def answer(body: bytes, content_type: str, status: str = "200 OK") -> tuple[bytes, bytes, bytes]:
    """Return a body as it goes over the wire, plain and compressed, and its ETag."""
    etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'.encode()
    packed = gzip.compress(body, 5, mtime=0)
    common = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nETag: ".encode() + etag
    return (
        common + f"\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body,
        common
        + f"\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
        + packed,
        etag,
    )


MISSING = answer(b"nothing here", "text/plain", "404 Not Found")


def addresses(count: int) -> list[str]:
    """Return so many loopback addresses."""
    return [f"127.1.{number // ADDRESSES}.{number % ADDRESSES + 1}" for number in range(count)]


def prepare(pages: int, hosts: list[str], port: int, folder: Path) -> dict[str, Answers]:
    """Write what the contestants are given to a folder, and return what each host answers."""
    sites: dict[str, Answers] = {}
    urls, entries = ["url"], []
    for site, stories in _built(pages, [f"http://{host}:{port}/" for host in hosts]):
        answers = {b"/robots.txt": answer(ROBOTS, "text/plain")}
        answers[b"/feed/"] = answer(site.feed(stories).encode(), "application/rss+xml")
        for story in stories[: None if pages else 0]:
            path = site.path(story)
            urls.append(site.home + path)
            answers[b"/" + path.encode()] = answer(
                site.page(story).encode(), "text/html; charset=utf-8"
            )
        sites[hosts[site.number]] = answers
        entries.append(site.entry())
    (folder / "urls.csv").write_text("\n".join(urls) + "\n", encoding="utf-8")
    (folder / "sources.toml").write_text("".join(entries), encoding="utf-8")
    return sites


def _built(pages: int, homes: list[str]):  # type: ignore[no-untyped-def]
    if pages:
        yield from build(pages, homes)
        return
    press = Press()
    stories = [press.story(number) for number in range(ITEMS)]
    for number, home in enumerate(homes):
        yield Site(number, home, press), stories


async def serve(sites: dict[str, Answers], port: int) -> None:
    """Serve until stdin is closed."""
    loop = asyncio.get_running_loop()
    for host in sites:
        await loop.create_server(lambda: Answering(sites), host, port)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Prepare and serve."""
    pages, count, port, folder = sys.argv[1:]
    sites = prepare(int(pages), addresses(int(count)), int(port), Path(folder))
    asyncio.run(serve(sites, int(port)))


if __name__ == "__main__":
    main()
