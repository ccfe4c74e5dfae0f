"""Body: the text of the article on a page, paragraph by paragraph."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import trafilatura
from lxml import etree
from trafilatura.core import ESCALATION_MAX_LENGTH, ESCALATION_PAGE_SHARE
from trafilatura.settings import Extractor

from pipelines.page.lighten import strip_surely_dropped, without_chrome
from pipelines.page.markup import Tree
from storage.cleaning import clean_line

MAX_TEXT = 200_000

SHORT = 700
"""Characters below which the fast extraction is doubted and the whole cascade runs."""

_FULLER = 1.5
_NEXT_TO_NOTHING = 250

_WITHOUT_A_SECOND_LOOK = "balanced, once"
"""A focus that trafilatura does not know: as balanced, but for the look at the whole page."""

_BLOCKS = frozenset({"cell", "code", "head", "item", "list", "p", "quote", "row", "table"})
"""The elements of trafilatura's own vocabulary that begin a paragraph."""

# It reports every page without text as an error; here that is an outcome like others.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def article_paragraphs(tree: Tree, url: str) -> tuple[str, ...]:
    """Return the paragraphs of the article, each on one line; none when there is no text.

    `favor_precision` stays off: it returned nothing for 25 of 149 real French pages.
    """
    paragraphs = _once(without_chrome(tree), url)
    if paragraphs is None:
        paragraphs = _extracted(without_chrome(tree), _options(url, fast=True))
    if _length(paragraphs) >= SHORT:
        return paragraphs
    paragraphs = _extracted(tree, _options(url, fast=True))
    thorough = _extracted(tree, _options(url, fast=False))
    return thorough if _is_fuller(_length(thorough), _length(paragraphs)) else paragraphs


def _once(page: Tree, url: str) -> tuple[str, ...] | None:
    """Return what the fast extraction finds, None where trafilatura would look again.

    It does so where an article is a small part of its page, and measures the page by regular
    expressions over each element: a third of its time. Here the page is measured at a glance, and
    never as smaller than it is; then it is stripped.
    """
    size = len(" ".join(" ".join(page.itertext()).split()))
    options = _options(url, fast=True)
    options.focus = _WITHOUT_A_SECOND_LOOK
    strip_surely_dropped(page)
    paragraphs = _extracted(page, options)
    length = _length(paragraphs)
    is_small = length < ESCALATION_MAX_LENGTH and length < ESCALATION_PAGE_SHARE * size
    return None if length < SHORT or is_small else paragraphs


def _options(url: str, *, fast: bool) -> Extractor:
    # "xml" spares trafilatura from writing out a text that is read from its tree here.
    return Extractor(output_format="xml", fast=fast, comments=False, url=url)


def _is_fuller(thorough: int, fast: int) -> bool:
    """Whether the thorough result is to be believed; a little more is only boilerplate."""
    return thorough >= _FULLER * fast and (thorough >= SHORT or fast < _NEXT_TO_NOTHING)


def _length(paragraphs: tuple[str, ...]) -> int:
    return sum(map(len, paragraphs))


def _extracted(tree: Tree, options: Extractor) -> tuple[str, ...]:
    document = trafilatura.bare_extraction(tree, options=options)
    if document is None or isinstance(document, dict) or document.body is None:
        return ()
    lines = (clean_line(words, MAX_TEXT) for words in _blocks(document.body))
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
