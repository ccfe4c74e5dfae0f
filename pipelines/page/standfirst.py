"""Standfirst: the summary an outlet prints between title and text."""

from __future__ import annotations

import re
import unicodedata

from pipelines.page.markup import Tree, around, words_of
from pipelines.page.titles import key_of
from storage.cleaning import clean_line

MAX_STANDFIRST = 2000
MIN_STANDFIRST = 40

_MAX_PRINTED = 1200
_LEVELS = 3
_TAIL = 60
"""Letters at the end of a description that show it was cut from the text, whatever precedes."""

_CLASS = re.compile(
    r"(?:^|[\s_-])(?:chapo|chapeau|standfirst|lead|intro|excerpt|subtitle|soustitre|sous-titre)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:\s*(?:\[?(?:…|\.\.\.)\]?|\[&hellip;\]|\((?:…|\.\.\.)\)))+\s*$")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W\d_]{5,}")

COMMON_WORDS = 0.4
"""Share of its longer words that a declared summary has in common with the article.

Of 60 real pages five have less with their own summary; with that of another page 1 % have more."""


def find_standfirst(
    heading: Tree | None, description: str | None, title: str, text: str
) -> str | None:
    """Return the standfirst, None when the page has none of its own.

    The beginning of the text given again as a description is none, nor is the site's slogan.
    """
    article = key_of(text)
    for printed in _printed(heading):
        if _adds_to(article, printed, title):
            return clean_line(printed, MAX_STANDFIRST)
    if (
        description
        and _adds_to(article, description, title)
        and _shares_words(description, f"{title} {text}")
    ):
        return clean_line(description, MAX_STANDFIRST)
    return None


def _printed(heading: Tree | None) -> list[str]:
    """Return what is set as a standfirst around the title."""
    if heading is None:
        return []
    marked = (
        element for element in around(heading, _LEVELS) if _CLASS.search(element.get("class") or "")
    )
    lines = (words_of(element) for element in marked)
    return [line for line in lines if MIN_STANDFIRST <= len(line) <= _MAX_PRINTED][:3]


def _adds_to(article: str, candidate: str, title: str) -> bool:
    """Whether a summary is long enough and neither the title nor a piece of the article's key."""
    summary = key_of(_CUT.sub("", candidate))
    if len(candidate) < MIN_STANDFIRST or summary == key_of(title):
        return False
    return summary not in article and summary[-_TAIL:] not in article


def _shares_words(candidate: str, article: str) -> bool:
    words, known = (set(_WORD.findall(_fold(text))) for text in (candidate, article))
    return bool(words) and len(words & known) >= COMMON_WORDS * len(words)


def _fold(text: str) -> str:
    """Return text in lower case without its accents."""
    return _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))
