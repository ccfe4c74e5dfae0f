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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gzip import GzipFile
from pathlib import Path
from typing import IO, cast

import attrs
from fastwarc.stream_io import ZstdReader
from fastwarc.warc import ArchiveIterator, WarcRecord

from crawler.errors import SavedPagesError
from crawler.ingest.packing import GZIP, ZSTD, AfterDictionary, Packing, dictionary_in, packing_of
from crawler.ingest.saved import WARC
from storage.sweeps import SweptFile

STRETCH = {True: 2_000_000, False: 10_000_000}
"""Bytes that one task reads of a compressed and of an uncompressed file: sixty pages or so."""

_MOST_UNPACKED = 300
"""How many times its size a file may unpack to; web pages compress to a fifth."""

_RECORD = re.compile(rb"WARC/1\.[01]\r\n")
_WINDOW = 1_000_000


@attrs.frozen
class Warc:
    """Records of the web one after the other in a file, or in a part of it."""

    swept: SweptFile
    """What its progress is remembered by."""
    path: Path
    start: int
    """Where it begins in the file at `path`."""
    size: int
    packing: Packing | None
    """How each record is compressed by itself, None where none is."""
    dictionary: bytes = attrs.field(default=b"", repr=False)
    """The frame with the dictionary of a `.warc.zst`."""

    @property
    def packed(self) -> bool:
        """Whether each record is compressed by itself."""
        return self.packing is not None

    @contextmanager
    def records(self, position: int) -> Iterator[Iterator[tuple[int, WarcRecord]]]:
        """Give the records from a position on, each with where it begins. Reading raises OSError."""
        with self.open(position) as part:
            if not self.dictionary or position < len(self.dictionary):
                yield ((one.stream_pos, one) for one in ArchiveIterator(part, parse_http=False))
                return
            stream = AfterDictionary(self.dictionary, part)
            shift = position - len(self.dictionary)
            found = ArchiveIterator(cast(IO[bytes], stream), parse_http=False)
            yield ((one.stream_pos + shift, one) for one in found)

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
        if warc.packing == ZSTD:
            with warc.open(0) as part:
                warc = attrs.evolve(warc, dictionary=dictionary_in(part))
        if warc.packing is None or _is_packed_by_record(warc, warc.packing):
            return warc
        with warc.open(0) as part:
            is_gzip = warc.packing == GZIP
            read = GzipFile(fileobj=part).read1 if is_gzip else ZstdReader(part).read
            path = _unpack(read, folder, warc.size)
    except (OSError, zipfile.BadZipFile) as e:
        raise SavedPagesError(f"{found.swept.name}: cannot be read ({e})") from e
    return Warc(warc.swept, path, 0, path.stat().st_size, None)


def _in_file(found: Found) -> Warc:
    return Warc(found.swept, found.file, 0, found.swept.size, packing_of(found.file.name))


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
            return Warc(found.swept, found.file, start, entry.file_size, packing_of(name))
        with pack.open(entry) as stream:
            path = _unpack(cast(zipfile.ZipExtFile, stream).read1, folder, entry.compress_size)
    return Warc(found.swept, path, 0, path.stat().st_size, packing_of(name))


def _start_of(path: Path, entry: zipfile.ZipInfo) -> int:
    """Return where the content of a stored entry begins: after a header of 30 bytes and two names."""
    with path.open("rb") as file:
        file.seek(entry.header_offset + 26)
        name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
    return entry.header_offset + 30 + name + extra


def _is_packed_by_record(warc: Warc, packing: Packing) -> bool:
    """Whether the second record begins a member of the compressed file."""
    with warc.records(0) as records:
        try:
            places = [at for at, _ in itertools.islice(records, 2)]
        except OSError:
            return True
    with warc.open(places[-1] if places else 0) as part:
        return len(places) < 2 or packing.beginning.match(part.read(4)) is not None


def _unpack(read: Callable[[int], bytes], folder: Path, size: int) -> Path:
    """Write a stream to a file in a folder, as far as it can be read."""
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".warc", delete=False) as file:
        for data in _readable(read):
            file.write(data)
            if file.tell() > _MOST_UNPACKED * size + _WINDOW:
                raise OSError(f"it unpacks to more than {_MOST_UNPACKED} times its size")
    return Path(file.name)


def _readable(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Give what a stream holds until something in it is broken. Raises OSError of the disk."""
    try:
        while data := read(_WINDOW):
            yield data
    except (EOFError, zlib.error, zipfile.BadZipFile):
        return
    except OSError as e:
        if e.errno is not None:
            raise


def next_record(warc: Warc, position: int, end: int) -> int | None:
    """Return where the first record from a position on seems to begin, None if none before `end`."""
    packing = warc.packing
    pattern, length = (packing.beginning, packing.head) if packing else (_RECORD, 16)
    with warc.open(0) as part:
        while position < end:
            part.seek(position)
            window = part.read(_WINDOW + length)
            for found in pattern.finditer(window, 0, _WINDOW + 16):
                at = position + found.start()
                if at >= end:
                    return None
                head = window[found.start() :][:length]
                if packing is None or packing.begins_a_record(head, warc.dictionary):
                    return at
            position += _WINDOW
    return None


def ends_well(warc: Warc, position: int) -> bool:
    """Whether a WARC ends with the whole record that begins at a position.

    Of gzip alone nobody else says so: a zstd frame that is cut cannot be read.
    """
    if warc.packing != GZIP:
        return True
    member = zlib.decompressobj(wbits=31)
    with warc.open(position) as part:
        while not member.eof and (data := part.read(_WINDOW)):
            while data and not member.eof:
                member.decompress(data, _WINDOW)
                data = member.unconsumed_tail
        return member.eof and not member.unused_data and not part.read(1)
