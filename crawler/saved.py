"""Saved: pages from files instead of sites: HTML, WARC, WARC.gz and WACZ."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import attrs
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from crawler.errors import SavedPagesError
from storage.times import now

_HTML = (".html", ".htm", ".xhtml")
_CANONICAL = re.compile(
    rb"""<link[^>]{0,300}?rel=["']?canonical["'\s][^>]{0,300}?href=["']([^"'>\s]+)"""
    rb"""|<link[^>]{0,300}?href=["']([^"'>\s]+)["'][^>]{0,300}?rel=["']?canonical\b"""
    rb"""|<meta[^>]{0,300}?property=["']og:url["'][^>]{0,300}?content=["']([^"'>\s]+)""",
    re.IGNORECASE,
)


@attrs.frozen(kw_only=True)
class SavedPage:
    """A page as saved: its address and what the site answered."""

    url: str
    body: bytes
    fetched_at: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


def saved_pages(paths: Iterable[Path], addresses: dict[str, str]) -> Iterator[SavedPage]:
    """Return the pages of files and folders, in the order of their names.

    `addresses` names the address of HTML files by file name; a file that it does not name has the
    canonical address it prints, else `https://<file name>`.
    Raises SavedPagesError: at once for a path that cannot be read, as it is reached for a file.
    """
    return _pages([file for path in paths for file in _files(path)], addresses)


def _pages(files: list[Path], addresses: dict[str, str]) -> Iterator[SavedPage]:
    for file in files:
        try:
            yield from _pages_of(file, addresses)
        except (OSError, zipfile.BadZipFile) as e:
            raise SavedPagesError(f"{file}: cannot be read ({e})") from e


def read_addresses(path: Path) -> dict[str, str]:
    """Read `{address: {"file": name}}` or `{file name: address}` from JSON, keyed by file name.

    Raises SavedPagesError.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise SavedPagesError(f"{path}: cannot be read as JSON ({e})") from e
    return {
        Path(value["file"]).name if isinstance(value, dict) else key: key
        if isinstance(value, dict)
        else value
        for key, value in document.items()
    }


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    try:
        files = sorted(file for file in path.rglob("*") if file.is_file() and _is_known(file))
        next(path.iterdir(), None)
    except OSError as e:
        raise SavedPagesError(f"{path}: cannot be read ({e.strerror})") from e
    if not files:
        raise SavedPagesError(f"{path}: no .html, .warc, .warc.gz or .wacz file in it")
    return files


def _is_known(file: Path) -> bool:
    return file.suffix.lower() in _HTML or _is_warc(file.name) or file.suffix == ".wacz"


def _is_warc(name: str) -> bool:
    return name.endswith((".warc", ".warc.gz"))


def _pages_of(file: Path, addresses: dict[str, str]) -> Iterator[SavedPage]:
    if _is_warc(file.name):
        with file.open("rb") as stream:
            yield from _warc_pages(stream)
    elif file.suffix == ".wacz":
        with zipfile.ZipFile(file) as pack:
            for name in filter(_is_warc, sorted(pack.namelist())):
                with pack.open(name) as stream:
                    yield from _warc_pages(stream)
    else:
        yield _html_page(file, addresses)


def _html_page(file: Path, addresses: dict[str, str]) -> SavedPage:
    body = file.read_bytes()
    url = addresses.get(file.name) or _printed_address(body) or f"https://{file.stem}"
    return SavedPage(url=url, body=body, fetched_at=now())


def _printed_address(body: bytes) -> str | None:
    found = _CANONICAL.search(body, 0, 100_000)
    address = next(filter(None, found.groups()), b"").decode("ascii", "ignore") if found else ""
    return address if address.startswith(("http://", "https://")) else None


def _warc_pages(stream: IO[bytes]) -> Iterator[SavedPage]:
    for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
        url = record.headers.get("WARC-Target-URI")
        if url and record.is_http and record.http_headers is not None:
            yield _warc_page(record, url.strip("<>"))


def _warc_page(record: WarcRecord, url: str) -> SavedPage:
    http = record.http_headers
    date = record.record_date
    return SavedPage(
        url=url,
        body=record.reader.read(),
        fetched_at=now() if date is None else date.astimezone(UTC),
        status=http.status_code or 200,
        headers=tuple((name.lower(), value) for name, value in http.asdict().items()),
    )
