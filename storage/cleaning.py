"""Cleaning: the one way in which text from outside becomes text we keep."""

from __future__ import annotations

import re
import unicodedata

_NEW_LINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")

_UNWANTED = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls, apart from tab and the kinds of new line
    "\u00ad\u200b\u2060\ufeff"  # invisible: they split a word and hide it from the rules
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks: they show text in another order
    "\ud800-\udfff"  # lone surrogates: SQLite cannot store them
    "\ufdd0-\ufdef\ufffe\uffff"  # non-characters
    "]"
)

_SPACES = re.compile(r"[^\S\xa0\u202f]+")


def clean_text(value: str, limit: int) -> str:
    """Return text in NFC without what cannot be seen or stored, at most `limit` characters.

    Line breaks are all `\\n`. Tabs, NBSP and the narrow NBSP of French punctuation stay.
    """
    text = _UNWANTED.sub("", _NEW_LINES.sub("\n", value))
    return unicodedata.normalize("NFC", text).strip()[:limit].rstrip()


def clean_line(value: str, limit: int) -> str:
    """Return text on one line, runs of white space as one space, at most `limit` characters.

    A no-break space stands as it is: French sets it before « : ; ? ! ».
    """
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()[:limit].rstrip()  # most lines are addresses and names
    return _SPACES.sub(" ", clean_text(value, len(value) * 3)).strip()[:limit].rstrip()
