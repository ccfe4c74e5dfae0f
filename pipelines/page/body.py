"""Body: the text of the article on a page, paragraph by paragraph."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import trafilatura
from lxml import etree
from trafilatura.core import ESCALATION_MAX_LENGTH
from trafilatura.settings import Extractor

from pipelines.page.frame import alone, find_frame, prose
from pipelines.page.markup import Tree
from storage.cleaning import clean_line

MAX_TEXT = 200_000

SHORT = 700
"""Characters below which the fast extraction is doubted and the whole cascade runs."""

_AS_MUCH, _FULLER = 0.5, 1.5
_NEXT_TO_NOTHING = 250

_BLOCKS = frozenset({"cell", "code", "head", "item", "list", "p", "quote", "row", "table"})
"""The elements of trafilatura's own vocabulary that begin a paragraph."""

# It reports every page without text as an error; here that is an outcome like others.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

# "xml" spares it from writing out a text that is read from its tree here.
_FAST = Extractor(output_format="xml", fast=True, comments=False)
_THOROUGH = Extractor(output_format="xml", fast=False, comments=False)
_ONCE = Extractor(output_format="xml", fast=True, comments=False)
_ONCE.focus = "balanced, once"
"""A focus that trafilatura does not know: as balanced, but for its look at the rest of the page."""


def article_paragraphs(tree: Tree) -> tuple[str, ...]:
    """Return the paragraphs of the article, each on one line; none when there is no text.

    `favor_precision` stays off: it returned nothing for 25 of 149 real French pages.
    """
    paragraphs = _framed(tree)
    if _is_whole(paragraphs, tree):
        return paragraphs
    paragraphs = _extracted(tree, _FAST)
    if _length(paragraphs) >= SHORT or _is_whole(paragraphs, tree):
        return paragraphs
    thorough = _extracted(tree, _THOROUGH)
    return thorough if _is_fuller(_length(thorough), _length(paragraphs)) else paragraphs


def _framed(tree: Tree) -> tuple[str, ...]:
    """Return what the fast extraction finds in the element that holds the article."""
    frame = find_frame(tree)
    page = None if frame is None else alone(frame)
    return () if page is None else _extracted(page, _ONCE)


def _is_whole(paragraphs: tuple[str, ...], tree: Tree) -> bool:
    """Whether a text is the page's prose, or so long that trafilatura itself would not doubt it."""
    length = _length(paragraphs)
    if length >= ESCALATION_MAX_LENGTH:
        return True
    return length >= _NEXT_TO_NOTHING and _AS_MUCH * length <= prose(tree) < _FULLER * length


def _is_fuller(thorough: int, fast: int) -> bool:
    """Whether the thorough result is to be believed; a little more is only boilerplate."""
    return thorough >= _FULLER * fast and (thorough >= SHORT or fast < _NEXT_TO_NOTHING)


def _length(paragraphs: tuple[str, ...]) -> int:
    return sum(map(len, paragraphs))


def _extracted(tree: Tree, options: Extractor) -> tuple[str, ...]:
    document = trafilatura.bare_extraction(tree, options=options)
    if document is None or isinstance(document, dict) or document.body is None:
        return ()
    lines = (clean_line(words, MAX_TEXT) for words in _blocks(document.body) if words)
    return tuple(line for line in lines if line)


def _blocks(body: Tree) -> Iterator[str]:
    """Yield the text between two borders of blocks, or between two line breaks."""
    words: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS or element.tag == "lb":
            yield "".join(words)
            words.clear()
        words.append((element.text if event == "start" else element.tail) or "")
    yield "".join(words)
