"""Saved: pages from files instead of sites, and which files hold some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import attrs
from pydantic import BaseModel, TypeAdapter, ValidationError

from crawler.errors import SavedPagesError
from crawler.ingest.ccnews import begun_at
from storage.times import now, to_text

WARC = (".warc", ".warc.gz", ".warc.zst")
_HTML = (".html", ".htm", ".xhtml")
_CANONICAL = re.compile(
    rb"""<link[^>]{0,300}?rel=["']?canonical["'\s][^>]{0,300}?href=["']([^"'>\s]+)"""
    rb"""|<link[^>]{0,300}?href=["']([^"'>\s]+)["'][^>]{0,300}?rel=["']?canonical\b"""
    rb"""|<meta[^>]{0,300}?property=["']og:url["'][^>]{0,300}?content=["']([^"'>\s]+)""",
    re.IGNORECASE,
)


class _Named(BaseModel):
    """What a crawler that saves pages notes of one, as far as we need it."""

    file: str


_ADDRESSES = TypeAdapter(dict[str, str | _Named])


@attrs.frozen(kw_only=True)
class SavedPage:
    """A page as saved: its address and what the site answered."""

    url: str
    body: bytes
    fetched_at: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class SavedFiles:
    """The files that were named, and those in the folders that were named."""

    pages: tuple[Path, ...]
    """Files of one page each."""
    archives: tuple[Path, ...]
    """Files of many pages: WARC and WACZ."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return self.size_of_pages + sum(file.stat().st_size for file in self.archives)

    @property
    def size_of_pages(self) -> int:
        """Bytes of the files of one page each."""
        return sum(file.stat().st_size for file in self.pages)

    def between(self, since: str | None, until: str | None) -> SavedFiles:
        """Leave out the files of CC-NEWS that were begun before `since`, or at `until` and after.

        Instants are as `storage.times` writes them. Raises SavedPagesError when nothing is left.
        """
        kept = tuple(file for file in self.archives if _is_between(file, since, until))
        if not kept and not self.pages:
            raise SavedPagesError(
                f"none of the {len(self.archives)} files was begun between"
                f" {since or 'the beginning'} and {until or 'now'}"
            )
        return attrs.evolve(self, archives=kept)


def saved_files(paths: Iterable[Path]) -> SavedFiles:
    """Find the files of saved pages, in the order of the paths and then of their names.

    Raises SavedPagesError for a folder that cannot be read or holds none.
    """
    files = [file for path in paths for file in _files(path)]
    archives = tuple(file for file in files if _is_archive(file))
    return SavedFiles(tuple(file for file in files if not _is_archive(file)), archives)


def saved_pages(files: Iterable[Path], addresses: dict[str, str]) -> Iterator[SavedPage]:
    """Return the pages of HTML files.

    `addresses` names the address of files by file name; a file that it does not name has the
    canonical address it prints, else `https://<file name>`.
    Raises SavedPagesError as a file that cannot be read is reached.
    """
    for file in files:
        try:
            yield _html_page(file, addresses)
        except OSError as e:
            raise SavedPagesError(f"{file}: cannot be read ({e.strerror})") from e


def read_addresses(path: Path) -> dict[str, str]:
    """Read `{address: {"file": name}}` or `{file name: address}` from JSON, keyed by file name.

    Raises SavedPagesError.
    """
    try:
        document = _ADDRESSES.validate_json(path.read_bytes())
    except OSError as e:
        raise SavedPagesError(f"{path}: cannot be read ({e.strerror})") from e
    except ValidationError as e:
        raise SavedPagesError(f'{path}: is no JSON such as {{"page.html": "https://…"}}') from e
    return dict(
        (key, value) if isinstance(value, str) else (Path(value.file).name, key)
        for key, value in document.items()
    )


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    try:
        files = sorted(file for file in path.rglob("*") if file.is_file() and _is_known(file))
        next(path.iterdir(), None)
    except OSError as e:
        raise SavedPagesError(f"{path}: cannot be read ({e.strerror})") from e
    if not files:
        raise SavedPagesError(f"{path}: no .html, .warc, .warc.gz, .warc.zst or .wacz file in it")
    return files


def _is_between(file: Path, since: str | None, until: str | None) -> bool:
    begun = begun_at(file)
    return begun is None or (since or "") <= to_text(begun) < (until or "9")


def _is_known(file: Path) -> bool:
    return file.suffix.lower() in _HTML or _is_archive(file)


def _is_archive(file: Path) -> bool:
    return file.name.lower().endswith((*WARC, ".wacz"))


def _html_page(file: Path, addresses: dict[str, str]) -> SavedPage:
    body = file.read_bytes()
    url = addresses.get(file.name) or _printed_address(body) or f"https://{file.stem}"
    return SavedPage(url=url, body=body, fetched_at=now())


def _printed_address(body: bytes) -> str | None:
    found = _CANONICAL.search(body, 0, 100_000)
    address = next(filter(None, found.groups()), b"").decode("ascii", "ignore") if found else ""
    return address if address.startswith(("http://", "https://")) else None
