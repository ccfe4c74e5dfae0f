"""Skim: the words of a page without parsing it, none left out.

A parser takes 3 ms for a page of 170 KB and the extraction twenty; this takes one. Whatever the
extraction could print is among the words, and more: menus, teasers, comments. What is not read as
words: tags but `<meta>`, scripts but JSON-LD, and style sheets.
A tag within a word may join its halves (`<b>Rus</b>sie`) or part two words (`Mali<br>Niger`), and so
may an invisible character; both readings are returned.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Iterable
from html import unescape
from html.entities import html5

import attrs

from pipelines.page.decode import decode
from pipelines.page.written import JOINT, Written, texts_of, written_on
from storage.folding import fold_words

LONGEST_WORD = 60
"""Pieces are put together up to this many letters; no word of a rule is that long."""

_MOST_JOINED = 50_000
"""A page has some hundreds; one that has more was made to keep us busy."""

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_AMBIGUOUS = b"|"
"""What a joint becomes once all else is letters, digits and spaces."""
_PARTED = bytes.maketrans(_AMBIGUOUS, b" ")
_WITHIN = re.compile(rb"\|(?<=[^ |]\|)\|*[^ |]")
"""A joint that stands within a word, or between two."""

_ENTITY = re.compile(rb"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});?")
_JSON_ESCAPE = re.compile(rb"\\(?:u([0-9a-f]{4})|(.))", re.DOTALL)
_MOJIBAKE = re.compile(b"\xc3[\x82\x83\x85\xa2\xa3\xa5]\x1f*[\xc2\xc5\xc6\xcb\xe2]")
"""What `decode.mend` repairs, as it stands in UTF-8."""

_CODEC = "cp1252"
_LIGATURES = (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"), ("ß", "ss"))
_SPACES = ("\u202f", "\u2009")
"""What of the rest is common in the press."""
_RARE = re.compile(
    "([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+)"  # marks
    "|([\x80-\x9f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ue000-\uf8ff\ufdd0-\ufdef\ufeff"
    "\ufff0-\uffff\U000e0000-\U0010ffff]+)"  # invisible, or not meant to be seen
    "|[\u0100-\u024f\u1e00-\u1eff\u212a\u212b\u2c60-\u2c7f\ua720-\ua7ff\ufb00-\ufb06]"  # Latin
)
"""What the code page lacks and words in Latin letters may hold. All else parts words."""


@attrs.frozen
class Skimmed:
    """What is written on a page, folded to ASCII letters and digits, in lower case."""

    words: bytes
    """All words, one space between two and at both ends; joints part them."""
    joined: bytes
    """The words that joints may be within, likewise."""
    is_uncertain: bool
    """Whether there may be more: some was encoded twice, or too many words may be within joints."""


def skim(body: bytes, content_type: str | None = None, *more: str) -> Skimmed:
    """Return the words of a page as it was fetched, and of other lines of text.

    What is written on nearly every page is UTF-8; only where it is not, the page is decoded first.
    """
    wide = body.startswith(_MARKS) or b"\0" in body[:200]
    written = None if wide else written_on(body)
    if written is None or not _is_utf8(written):
        written = written_on(decode(body, content_type).encode("utf-8", "replace"))
    text = _text(written, more)
    folded = _folded(text)
    joined = _joined(folded) if _WITHIN.search(folded) else []
    return Skimmed(
        words=b" %b " % b" ".join(folded.translate(_PARTED).split()),
        joined=b" %b " % b" ".join(joined),
        is_uncertain=len(joined) > _MOST_JOINED or _MOJIBAKE.search(text) is not None,
    )


def _is_utf8(written: Written) -> bool:
    try:
        for text in (written.text, *written.linked):
            text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(written: Written, more: Iterable[str]) -> bytes:
    """Return what is written in lower case with its escapes undone, and other lines after it."""
    parts = [written.text.lower(), *(line.encode("utf-8", "replace").lower() for line in more)]
    for script in written.linked:
        plain = _JSON_ESCAPE.sub(_json_character, script.lower())
        parts += [plain, texts_of(_unescaped(plain))]
    return _unescaped(b" ".join(parts))


def folded_form(form: str) -> bytes:
    """Return folded words (see `storage.folding.fold_words`) as `skim` would print them."""
    return b" ".join(_folded(form.encode("utf-8", "replace")).split())


def _unescaped(text: bytes) -> bytes:
    return _ENTITY.sub(_character, text) if b"&" in text else text


def _character(found: re.Match[bytes]) -> bytes:
    return _character_of(found[0])


@functools.lru_cache(maxsize=4096)
def _character_of(reference: bytes) -> bytes:
    name = reference[1:].decode()
    text = _named().get(name) or unescape(f"&{name}")
    return text.encode("utf-8", "replace").lower()


@functools.cache
def _named() -> dict[str, str]:
    """Return the entities that end with a semicolon by their names in lower case."""
    names = {name.lower(): text for name, text in html5.items() if name.endswith(";")}
    return names | {name: text for name, text in html5.items() if name in names}


def _json_character(found: re.Match[bytes]) -> bytes:
    code, letter = found.groups()
    if code:
        return chr(int(code, 16)).encode("utf-8", "replace").lower()
    return JOINT if letter in b"bf" else b" "


def _folded(text: bytes) -> bytes:
    """Return ASCII letters and digits as they fold, joints as `|`, spaces for all else."""
    characters = text.decode("utf-8", "replace")
    for ligature, letters in _LIGATURES:
        characters = characters.replace(ligature, letters)
    for space in _SPACES:
        characters = characters.replace(space, " ")
    try:
        raw = characters.encode(_CODEC)  # a tenth of what the expression takes
    except UnicodeEncodeError:
        raw = _RARE.sub(_rare, characters).encode(_CODEC, "replace")
    return raw.translate(_TABLE)


def _rare(found: re.Match[str]) -> str:
    marks, invisible = found.groups()
    if marks:
        return ""
    return "\x1f" if invisible else fold_words(found[0]).text


def _joined(folded: bytes) -> list[bytes]:
    """Return the words that go on from a piece to the next, or over several, if joints join."""
    # Most joints stand next to a space, where they join nothing.
    pieces = folded.replace(b"| ", b" ").replace(b" |", b" ").split(_AMBIGUOUS)
    found: list[bytes] = []
    begun: list[bytes] = []
    for piece in pieces:
        if len(found) > _MOST_JOINED:
            break
        end = piece.find(b" ")
        if end < 0:
            begun = [word + piece for word in begun if len(word) <= LONGEST_WORD]
            found += begun
            begun.append(piece)
        else:
            found += [word + piece[:end] for word in begun]
            begun = [piece[piece.rfind(b" ") + 1 :]]
    return found


def _table() -> bytes:
    """Return what each byte of the code page is printed as."""
    table = bytearray(b" " * 256)
    for byte in range(256):
        character = bytes([byte]).decode(_CODEC, "ignore")
        piece = fold_words(character).text
        if character == "\u00ad" or (byte < 0x20 and character not in "\t\n\r") or byte == 0x7F:
            table[byte] = _AMBIGUOUS[0]
        elif len(piece) == 1 and piece.isascii():
            table[byte] = ord(piece)
    return bytes(table)


_TABLE = _table()
