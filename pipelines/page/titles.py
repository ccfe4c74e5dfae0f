"""Titles: the headline as the outlet prints it, without the outlet's own name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import takewhile

import attrs

_SEPARATOR = re.compile(r"\s+(?:[-–—|•·»]|::|//)\s+|\s*\|\s*")
_CUT_AT = 100
"""JSON-LD headlines are cut at 110 characters by the search engines' rule."""

_LABEL = 20
"""Letters by which a heading may be longer than the declared title for a label set beside it."""

_COMMON_LETTERS = 25
_COMMON_SHARE = 0.7
"""Two titles that begin alike for so long differ in a label: "… | Chroniques", "… Abonnés"."""

_NOT_A_WORD = re.compile(r"[\W_]+")


def key_of(text: str) -> str:
    """Return text folded to letters and digits, for comparing names and titles."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_A_WORD.sub("", decomposed)


def without_outlet(title: str, names: Iterable[str]) -> str:
    """Return the title without the outlet's name at its end or its beginning.

    Only a part set off by a dash or a bar goes, and only when it is the outlet's name: in
    "Mali : la Russie livre du blé - Mali Demain" what stands before the colon is the news.
    """
    keys = {key_of(name) for name in names} - {""}
    parts = _parts(title)
    for start, end in parts[1:]:
        if key_of(title[start:end]) in keys:
            return title[: _end_before(parts, start)].strip() or title
    if len(parts) > 1 and key_of(title[slice(*parts[0])]) in keys:
        return title[parts[1][0] :].strip() or title
    return title


def _parts(title: str) -> list[tuple[int, int]]:
    parts, start = [], 0
    for separator in _SEPARATOR.finditer(title):
        parts.append((start, separator.start()))
        start = separator.end()
    return [*parts, (start, len(title))]


def _end_before(parts: list[tuple[int, int]], start: int) -> int:
    return max(end for _, end in parts if end <= start)


@attrs.frozen
class Headline:
    """The title of an article, and which of the printed headings it was found in."""

    text: str
    heading: int | None = None


def best_headline(printed: Sequence[str], declared: Iterable[str]) -> Headline | None:
    """Return the printed heading that the page's metadata confirm, else the first declared.

    `printed` are the page's headings: one may be the logo. `declared` are JSON-LD, Open Graph and
    `title`, without the outlet's name: they may be cut or written for search engines.
    """
    claims = [text for text in declared if key_of(text)]
    for claim in claims:
        for place, heading in enumerate(printed):
            if _agree(heading, claim):
                return Headline(_fuller(heading, claim), place)
    if claims:
        return Headline(claims[0])
    return next((Headline(text, place) for place, text in enumerate(printed) if key_of(text)), None)


def _agree(heading: str, claim: str) -> bool:
    """Whether two titles are one: equal, one the beginning of the other, or with other labels."""
    short, long = sorted((key_of(heading), key_of(claim)), key=len)
    if short == long or (len(short) >= 15 and long.startswith(short)):
        return True
    common = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(short, long, strict=False))
    )
    return common >= _COMMON_LETTERS and common >= _COMMON_SHARE * len(long)


def _fuller(heading: str, claim: str) -> str:
    """Return the heading, unless a label such as "Abonnés" hangs on it."""
    extra = len(key_of(heading)) - len(key_of(claim))
    is_cut = len(claim) >= _CUT_AT or claim.endswith(("…", "..."))
    return claim if 0 < extra <= _LABEL and not is_cut else heading
