"""Frame: the element of a page that holds its article, apart from all the page has around it.

Trafilatura asks regular expressions of every element of a page, several times over, before it
looks for this element and reads it. Four elements of five stand elsewhere.
"""

from __future__ import annotations

import functools
from copy import deepcopy

from lxml import etree, html
from trafilatura.settings import MANUALLY_CLEANED
from trafilatura.xpaths import BODY_XPATH

from pipelines.page.markup import Tree

_FRAMES = ("article", "div", "main", "section")
"""The elements that trafilatura's expressions may find."""
_TOLD_BY = ("class", "id", "itemprop", "role")
"""The attributes that they ask for, as do those that prune a page before."""
_DROPPED = frozenset(MANUALLY_CLEANED)
_NO_FRAME = len(BODY_XPATH)

LONG_LINE = 50
"""Characters from which a piece of text is a sentence rather than an entry of a menu."""
_BESIDE = (
    *(f"ancestor::{tag}" for tag in ("a", "aside", "footer", "head", "nav", "noscript")),
    "ancestor::*[starts-with(@id, 'comment') or starts-with(@class, 'comment')]",
)
_LONG_LINES = etree.XPath(
    f"descendant::text()[string-length() >= {LONG_LINE}][not(parent::script or parent::style)]"
    f"[not({' or '.join(_BESIDE)})]",
    smart_strings=False,
)


def find_frame(tree: Tree) -> Tree | None:
    """Return the element that trafilatura looks at first, None where it takes more to tell."""
    frame, best = None, _NO_FRAME
    for element in tree.iter(*_FRAMES):
        rank = _rank(element.tag, *map(element.get, _TOLD_BY))
        if rank < best and not any(outer.tag in _DROPPED for outer in element.iterancestors()):
            frame, best = element, rank
            if best == 0:
                break
    return frame


def alone(frame: Tree) -> Tree | None:
    """Return a page with a copy of the element and nothing around it but what it is nested in.

    None where that is nested in what has no name. The attributes that prune a page are kept.
    """
    page = deepcopy(frame)
    page.tail = None
    try:
        for ancestor in frame.iterancestors():
            told = ((name, ancestor.get(name)) for name in _TOLD_BY)
            outer = ancestor.makeelement(ancestor.tag, {name: text for name, text in told if text})
            outer.append(page)
            page = outer
    except ValueError:
        return None
    return page


def prose(tree: Tree) -> int:
    """Return how many characters of a page stand in long lines that are no links."""
    lengths = (len(" ".join(text.split())) for text in _LONG_LINES(tree))
    return sum(length for length in lengths if length >= LONG_LINE)


@functools.lru_cache(maxsize=4096)
def _rank(tag: str, *told: str | None) -> int:
    """Return which of trafilatura's expressions finds an element first, asked of one like it."""
    page = html.Element("body")
    attributes = {name: text for name, text in zip(_TOLD_BY, told, strict=True) if text is not None}
    etree.SubElement(page, tag, attributes)
    return next((rank for rank, found in enumerate(BODY_XPATH) if found(page)), _NO_FRAME)
