"""WARC files: web archives of invented pages, whole and broken, and how tests have them read."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from crawler.ingest.saved import SavedPage
from crawler.ingest.stretch import Selection, Stretched
from crawler.ingest.sweep import Sweep
from crawler.ingest.warcs import warcs_in
from pipelines.workers import WorkerDiedError

HTML = "Content-Type: text/html; charset=utf-8"
ALL = Selection(everything=True, domains=None)
RULES = """
[[state]]
code = "ML"
name = "Mali"
names = ["Mali"]
[[rule]]
id = "one"
strength = 3
query = "Russie"
"""


def record(
    url: str,
    body: bytes,
    *,
    kind: str = "response",
    status: str = "200 OK",
    headers: Sequence[str] = (HTML,),
    extra: Sequence[str] = (),
) -> bytes:
    http = "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        "WARC-Record-ID: <urn:uuid:1>",
        "WARC-Date: 2026-10-01T08:00:00Z",
        f"WARC-Target-URI: {url}",
        *extra,
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(http)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + http + b"\r\n\r\n"


def write(file: Path, records: Sequence[bytes]) -> Path:
    """Write records as the file's name tells: `whole` is compressed as one, `twice` twice."""
    packed = [gzip.compress(one) for one in records]
    if file.suffix == ".wacz":
        method = zipfile.ZIP_DEFLATED if file.stem == "twice" else zipfile.ZIP_STORED
        with zipfile.ZipFile(file, "w", method) as pack:
            pack.writestr("indexes/index.cdx", "x" * 100)
            pack.writestr("archive/data.warc.gz", b"".join(packed))
    elif file.name == "whole.warc.gz":
        file.write_bytes(gzip.compress(b"".join(records)))
    else:
        file.write_bytes(b"".join(packed if file.suffix == ".gz" else records))
    return file


def numbered(count: int, word: str = "page") -> list[bytes]:
    """Return records that compress little, so that stretches end within them."""
    dice = random.Random(count)
    noise = (dice.randbytes(300).hex() for _ in itertools.count())
    return [
        record(f"https://a.example/{n}", f"<p>{word} {n} {next(noise)}</p>".encode())
        for n in range(count)
    ]


def story(number: int, word: str) -> bytes:
    sentences = " ".join(
        f"Le maire de Ségou a présenté le projet numéro {n} du dossier {number}." for n in range(12)
    )
    return (
        f'<html lang="fr"><head><title>Le marché numéro {number}</title></head><body><article>'
        f"<h1>Le marché numéro {number}</h1><p>{sentences}</p><p>{word} aide le marché"
        f" {number}.</p></article></body></html>"
    ).encode()


def stories(count: int, host: str = "a.example") -> list[bytes]:
    """Return records of articles, every third of which the rules flag."""
    return [
        record(f"https://{host}/{n}", story(n, "La Russie" if n % 3 == 0 else "Le Maroc"))
        for n in range(count)
    ]


def broken(name: str, records: list[bytes]) -> bytes:
    packed = [gzip.compress(one) for one in records]
    match name:
        case "damaged":
            packed[3] = packed[3][:150] + b"x" * 60 + packed[3][210:]
        case "gap":
            packed[3] = b"no member of a gzip file at all" * 20
        case "shortened":
            packed[3] = packed[3][:-200]
        case "cut":
            packed[-1] = packed[-1][:-200]
        case "header":
            packed[3] = gzip.compress(b"WARC/1.0\r\nContent-Length: many\r\n\r\nx\r\n\r\n")
        case "foreign":
            packed[3] = gzip.compress(b"GIF89a" * 40)
    return b"".join(packed)


class Inline:
    """Does what workers do, at once; `deadly` are bytes of which no task may read a record."""

    size = 2

    def __init__(self, *deadly: int) -> None:
        self.deadly = deadly

    async def run(self, task: Callable[..., object], *args: object, **_: object) -> object:
        done = task(*args)
        if isinstance(done, Stretched) and self._kills(done):
            raise WorkerDiedError("out of memory")
        return done

    def _kills(self, done: Stretched) -> bool:
        first = done.first
        return first is not None and any(first <= at < done.stop for at in self.deadly)


def sweep(
    file: Path, selection: Selection = ALL, workers: Inline | None = None, position: int = 0
) -> tuple[list[SavedPage], Counter[str], list[str], list[int]]:
    """Return the pages of a file, what was counted, what was broken, and where it could go on."""

    async def run() -> None:
        for warc in warcs_in(file, file.parent):
            reading = Sweep(workers or Inline(), selection)  # type: ignore[arg-type]  # stands in
            async for part in reading.stretches(warc, position):
                pages.extend(part.pages)
                counts.update(part.counts)
                problems.extend(part.problems)
                stops.append(part.stop)

    pages: list[SavedPage] = []
    counts: Counter[str] = Counter()
    problems: list[str] = []
    stops: list[int] = []
    asyncio.run(run())
    return pages, counts, problems, stops


def urls(pages: Sequence[SavedPage]) -> list[str]:
    return [page.url.removeprefix("https://a.example/") for page in pages]
