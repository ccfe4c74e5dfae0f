"""Packing: how the records of a WARC are compressed, each by itself, so that any can be read alone."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import IO

import attrs
from fastwarc.stream_io import ZstdReader

_DICTIONARY = (0x184D2A5D).to_bytes(4, "little")
"""Begins a frame that holds the dictionary of all the others, at the beginning of a `.warc.zst`."""
_MOST_DICTIONARY = 10_000_000


@attrs.frozen
class Packing:
    """One way to compress records."""

    suffix: str
    beginning: re.Pattern[bytes]
    """What a compressed record begins with, and by chance something else now and then."""
    head: int
    """Bytes of it that are enough to see what is in it."""
    peek: Callable[[bytes, bytes], bytes]
    """Unpacks the first bytes, given the dictionary and such a head. Raises OSError, zlib.error."""

    def begins_a_record(self, head: bytes, dictionary: bytes) -> bool:
        """Whether what is compressed there is the beginning of a record."""
        try:
            return self.peek(dictionary, head).startswith(b"WARC/1.")
        except (OSError, zlib.error):
            return False


def packing_of(name: str) -> Packing | None:
    """Return how the records are compressed in a file of that name, None where they are not."""
    return next((one for one in (GZIP, ZSTD) if name.lower().endswith(one.suffix)), None)


def dictionary_in(file: IO[bytes] | io.RawIOBase) -> bytes:
    """Return the frame with the dictionary of a `.warc.zst`, empty where it has none.

    Raises OSError for one that is larger than any is.
    """
    head = file.read(8) or b""
    if not head.startswith(_DICTIONARY):
        return b""
    size = int.from_bytes(head[4:], "little")
    if size > _MOST_DICTIONARY:
        raise OSError(f"its dictionary has {size} bytes")
    return head + (file.read(size) or b"")


class AfterDictionary(io.RawIOBase):
    """The rest of a `.warc.zst` from some record on, with the dictionary before it.

    FastWARC looks for the dictionary at the beginning of what it is given, and counts from there.
    """

    def __init__(self, dictionary: bytes, rest: io.RawIOBase) -> None:
        self._dictionary, self._rest = dictionary, rest
        self._position = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end."""
        left = self._dictionary[self._position :]
        data = left[:size] if left and size >= 0 else left or self._rest.read(size) or b""
        self._position += len(data)
        return data

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._position


def _peek_gzip(_: bytes, head: bytes) -> bytes:
    return zlib.decompressobj(wbits=31).decompress(head, 16)


def _peek_zstd(dictionary: bytes, head: bytes) -> bytes:
    return ZstdReader(io.BytesIO(dictionary + head)).read(16)


GZIP = Packing(".gz", re.compile(rb"\x1f\x8b\x08[\x00-\x1f]"), 4_096, _peek_gzip)
ZSTD = Packing(".zst", re.compile(rb"\x28\xb5\x2f\xfd"), 140_000, _peek_zstd)  # a block of 128 KB
