"""Names: the people a page credits, without the words and addresses around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from pipelines.page.markup import Tree, around, words_of
from pipelines.page.titles import key_of
from storage.cleaning import clean_line

MAX_NAME = 200
MAX_AUTHORS = 10

_LEAD_IN = re.compile(
    r"^\W*(?:(?:propos recueillis|publi[ée]|post[ée]|[ée]crit|r[ée]dig[ée]|sign[ée])\s+)?(?:par|by|de|auteur|author)\s*:?\s+",
    re.IGNORECASE,
)
_LEVELS = 5
_MAX_ELEMENTS = 400
_MAX_BYLINE = 120
_CAPITALISED = r"[^\W\d_a-zà-ÿ][\w.’'-]*"
_FULL_NAME = rf"{_CAPITALISED}(?:\s+(?:(?:de|du|des|la|le|van|von|ben|bin|ould|al|el|et|and|&)\s+|d['’])*{_CAPITALISED}){{0,4}}"
_BYLINE = re.compile(rf"\b(?:[Pp]ar|PAR|By|[Aa]uteur)\s*:?\s+(?P<name>{_FULL_NAME})")
_NAME = re.compile(rf"(?P<name>{_FULL_NAME})")
_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|auteur|auteurs|byline|signature)(?:$|[\s_-])", re.IGNORECASE
)
_SEPARATOR = re.compile(r"\s*(?:,|;|/|\||&|\bet\b|\band\b|\bavec\b)\s*", re.IGNORECASE)
_NO_NAME = re.compile(r"https?:|www\.|@\w+\.|\d{3}|^\W*$", re.IGNORECASE)
_NOBODY = frozenset(
    {
        "admin",
        "administrateur",
        "administrator",
        "adminsite",
        "user",
        "auteur",
        "superuser",
        "webmaster",
        "none",
        "null",
        "inconnu",
    }
)


def author_names(credited: Iterable[str], outlet: Iterable[str]) -> tuple[str, ...]:
    """Return the authors, each once, in the order in which the page credits them.

    The outlet's own name and the site's administrator are nobody.
    """
    nobody = _NOBODY | {key_of(name) for name in outlet}
    names: dict[str, str] = {}
    for text in (text for text in credited if not _NO_NAME.search(text)):
        for part in _SEPARATOR.split(_LEAD_IN.sub("", clean_line(text, 1000))):
            name = clean_line(_LEAD_IN.sub("", part), MAX_NAME)
            if _is_name(name) and key_of(name) not in nobody:
                names.setdefault(key_of(name), name)
    return tuple(names.values())[:MAX_AUTHORS]


def bylines(heading: Tree | None) -> Iterator[str]:
    """Yield what is printed near the title as the author: a marked element, or "par …"."""
    if heading is None:
        return
    nearby = list(islice(around(heading, _LEVELS), _MAX_ELEMENTS))
    marked = [element for element in nearby if _is_marked(element)]
    lines = [
        line for element in (marked or nearby) if len(line := words_of(element)) <= _MAX_BYLINE
    ]
    found = [(len(line), name) for line in lines if (name := _name_in(line, alone=bool(marked)))]
    yield from (name for _, name in sorted(found)[:1])  # the shortest line holds nothing else


def _name_in(line: str, *, alone: bool) -> str | None:
    found = _BYLINE.search(line) or (_NAME.fullmatch(line) if alone else None)
    return found.group("name") if found else None


def _is_marked(element: Tree) -> bool:
    if element.get("rel") == "author" or element.get("itemprop") == "author":
        return True
    return _AUTHOR_CLASS.search(element.get("class") or "") is not None


def _is_name(text: str) -> bool:
    return 2 <= len(text) <= 80 and not _NO_NAME.search(text)
