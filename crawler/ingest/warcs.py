"""WARCs: where the records of web archives stand, so that they can be read in stretches.

A file of gigabytes is read from many places at once. What begins a record is looked for from a
place on; the one before it, when it ends, says whether that was right.
"""

from __future__ import annotations

import io
import itertools
import re
import tempfile
import zipfile
import zlib
from contextlib import suppress
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import IO, cast

import attrs
from fastwarc.warc import ArchiveIterator

from crawler.errors import SavedPagesError
from crawler.ingest.saved import WARC
from storage.sweeps import SweptFile

STRETCH = {True: 2_000_000, False: 10_000_000}
"""Bytes that one task reads of a compressed and of an uncompressed file: sixty pages or so."""

_MOST_UNPACKED = 300
"""How many times its size a file may unpack to; web pages compress to a fifth."""

_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_RECORD = re.compile(rb"WARC/1\.[01]\r\n")
_WINDOW = 1_000_000
_MEMBER_HEAD = 4_096


@attrs.frozen
class Warc:
    """Records of the web one after the other in a file, or in a part of it."""

    swept: SweptFile
    """What its progress is remembered by."""
    path: Path
    start: int
    """Where it begins in the file at `path`."""
    size: int
    packed: bool
    """Whether each record is compressed by itself."""

    def open(self, position: int) -> Part:
        """Open it for reading from a position on."""
        part = Part(self.path.open("rb"), self.start, self.size)
        part.seek(position)
        return part


class Part(io.RawIOBase):
    """A part of a file, as if it were one."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file, self._start, self._size = file, start, size
        self._position = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end of the part."""
        left = max(0, self._size - self._position)
        self._file.seek(self._start + self._position)
        data = self._file.read(left if size < 0 else min(size, left))
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a position in the part."""
        self._position = offset + (0, self._position, self._size)[whence]
        return self._position

    def tell(self) -> int:
        """Return the position in the part."""
        return self._position

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


@attrs.frozen
class Found:
    """A WARC that was found, not looked into yet."""

    swept: SweptFile
    file: Path
    entry: str | None = None
    """Its name in its pack, None where it is the file itself."""


def warcs_in(file: Path, folder: Path) -> list[Warc]:
    """Return the WARCs in a file, ready to be read; see `found_in` and `readable`."""
    return [readable(found, folder) for found in found_in(file)]


def found_in(file: Path) -> list[Found]:
    """Return the WARCs in a file: itself, or in a WACZ several.

    Raises SavedPagesError when the file cannot be read.
    """
    try:
        found = file.stat()
        whole = Found(SweptFile(str(file.resolve()), found.st_size, found.st_mtime_ns), file)
        return _in_pack(whole) if file.suffix.lower() == ".wacz" else [whole]
    except (OSError, zipfile.BadZipFile) as e:
        raise SavedPagesError(f"{file}: cannot be read ({e})") from e


def readable(found: Found, folder: Path) -> Warc:
    """Return a WARC that can be read from anywhere.

    One that was compressed as a whole, or that its WACZ compresses, is unpacked to `folder`.
    Raises SavedPagesError when the file cannot be read.
    """
    try:
        warc = _in_file(found) if found.entry is None else _in_entry(found, found.entry, folder)
        if not warc.packed or _is_packed_by_record(warc):
            return warc
        with warc.open(0) as part, GzipFile(fileobj=part) as stream:
            path = _unpack(stream, folder, warc.size)
    except (OSError, zipfile.BadZipFile) as e:
        raise SavedPagesError(f"{found.swept.name}: cannot be read ({e})") from e
    return attrs.evolve(warc, path=path, start=0, size=path.stat().st_size, packed=False)


def _in_file(found: Found) -> Warc:
    return Warc(found.swept, found.file, 0, found.swept.size, packed=_is_gz(found.file.name))


def _in_pack(whole: Found) -> list[Found]:
    with zipfile.ZipFile(whole.file) as pack:
        names = sorted(name for name in pack.namelist() if name.lower().endswith(WARC))
    swept = [attrs.evolve(whole.swept, name=f"{whole.swept.name}!{name}") for name in names]
    return [Found(one, whole.file, name) for one, name in zip(swept, names, strict=True)]


def _in_entry(found: Found, name: str, folder: Path) -> Warc:
    with zipfile.ZipFile(found.file) as pack:
        entry = pack.getinfo(name)
        if entry.compress_type == zipfile.ZIP_STORED:
            start = _start_of(found.file, entry)
            return Warc(found.swept, found.file, start, entry.file_size, packed=_is_gz(name))
        with pack.open(entry) as stream:
            path = _unpack(cast(zipfile.ZipExtFile, stream), folder, entry.compress_size)
    return Warc(found.swept, path, 0, path.stat().st_size, packed=_is_gz(name))


def _is_gz(name: str) -> bool:
    return name.lower().endswith(".gz")


def _start_of(path: Path, entry: zipfile.ZipInfo) -> int:
    """Return where the content of a stored entry begins: after a header of 30 bytes and two names."""
    with path.open("rb") as file:
        file.seek(entry.header_offset + 26)
        name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
    return entry.header_offset + 30 + name + extra


def _is_packed_by_record(warc: Warc) -> bool:
    """Whether the second record begins a member of the compressed file."""
    with warc.open(0) as part:
        try:
            places = [record.stream_pos for record in itertools.islice(ArchiveIterator(part), 2)]
        except OSError:
            return True
        part.seek(places[-1] if places else 0)
        return len(places) < 2 or _MEMBER.match(part.read(4)) is not None


def _unpack(stream: GzipFile | zipfile.ZipExtFile, folder: Path, size: int) -> Path:
    """Write a stream to a file in a folder, as far as it can be read."""
    with (
        tempfile.NamedTemporaryFile(dir=folder, suffix=".warc", delete=False) as file,
        suppress(EOFError, zlib.error, BadGzipFile, zipfile.BadZipFile),
    ):
        while data := stream.read1(_WINDOW):
            file.write(data)
            if file.tell() > _MOST_UNPACKED * size + _WINDOW:
                raise OSError(f"it unpacks to more than {_MOST_UNPACKED} times its size")
    return Path(file.name)


def next_record(warc: Warc, position: int, end: int) -> int | None:
    """Return where the first record from a position on seems to begin, None if none before `end`."""
    pattern = _MEMBER if warc.packed else _RECORD
    with warc.open(0) as part:
        while position < end:
            part.seek(position)
            window = part.read(_WINDOW + _MEMBER_HEAD)
            for found in pattern.finditer(window, 0, _WINDOW + 16):
                at = position + found.start()
                if at >= end:
                    return None
                if not warc.packed or _begins_a_record(window[found.start() :][:_MEMBER_HEAD]):
                    return at
            position += _WINDOW
    return None


def _begins_a_record(member: bytes) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(member, 16).startswith(b"WARC/1.")
    except zlib.error:
        return False


def ends_well(warc: Warc, position: int) -> bool:
    """Whether a compressed WARC ends with the whole record that begins at a position."""
    member = zlib.decompressobj(wbits=31)
    with warc.open(position) as part:
        while not member.eof and (data := part.read(_WINDOW)):
            while data and not member.eof:
                member.decompress(data, _WINDOW)
                data = member.unconsumed_tail
        return member.eof and not member.unused_data and not part.read(1)
