"""Markup: a page's text becomes one tree, which all readers of the page share."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from typing import TypeAlias

from lxml import etree, html

Tree: TypeAlias = html.HtmlElement
"""The root element of a parsed page."""

_BESIDE = frozenset({"aside", "footer", "form", "nav"})
"""Elements around an article whose text is not about it."""

_SURROUNDINGS = _BESIDE | {"header"}

_COMMENTS = re.compile(
    r"\b(?:comment|related|sidebar|widget|forum|breadcrumb|recommand)", re.IGNORECASE
)

_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_NO_CHARACTER_BEGINS = b"\xef"
_SELF_CLOSED_ROOT = re.compile(rb"(<html\b[^>]{0,500}?)\s*/>", re.IGNORECASE)
_HEAD = 20_000
"""Bytes in which the root element is looked for."""
_TEXT_IN = etree.XPath("string()", smart_strings=False)
_PARSER = html.HTMLParser(
    encoding="utf-8",
    remove_comments=True,
    remove_pis=True,
    default_doctype=False,
    collect_ids=False,
)
# One class for all elements, which lxml finds without calling Python: 7 % of extraction went into
# asking which elements are forms.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))


def parse_html(page: str | bytes) -> Tree | None:
    """Return the tree of a page, or None when there is no element in it. Never raises.

    Bytes are UTF-8.

    Control characters and lone surrogates go first: libxml2 ends the text where they stand.
    """
    clean = _cleaned(page.encode("utf-8", "ignore") if isinstance(page, str) else page)
    if not clean.strip():
        return None
    try:
        tree = html.document_fromstring(clean, parser=_PARSER)
    except (etree.LxmlError, ValueError):
        return None
    return tree if len(tree) else None


def _cleaned(page: bytes) -> bytes:
    """Return UTF-8 that libxml2 reads to the end; on bytes, for that is ten times faster."""
    clean = page.translate(None, _CONTROLS)
    if _NO_CHARACTER_BEGINS in clean:
        for no_character in _NO_CHARACTERS:
            clean = clean.replace(no_character, b"")
    root = _SELF_CLOSED_ROOT.search(clean, 0, _HEAD)
    return clean if root is None else clean[: root.end(1)] + b">" + clean[root.end() :]


def words_of(element: Tree) -> str:
    """Return the text in an element on one line."""
    return " ".join(_TEXT_IN(element).split())


def around(heading: Tree, levels: int) -> Iterator[Tree]:
    """Yield the elements around the title, the nearest first, without what stands beside it.

    They are the descendants of its ancestors, `levels` up at most and never the whole body.
    """
    below = heading
    for container, _ in zip(heading.iterancestors(), range(levels), strict=False):
        if container.tag in {"body", "html"}:
            return
        yield from _apart_from(below, container)
        below = container


def _apart_from(seen: Tree, container: Tree) -> Iterator[Tree]:
    walk = etree.iterwalk(container, events=("start",))
    for _, element in islice(walk, 1, None):
        if element is seen or _is_beside(element):
            walk.skip_subtree()
        else:
            yield element


def _is_beside(element: Tree) -> bool:
    if element.tag in _BESIDE:
        return True
    return _names_comments(element.get("class"), element.get("id"))


@functools.lru_cache(maxsize=4096)
def _names_comments(*names: str | None) -> bool:
    return any(name and _COMMENTS.search(name) for name in names)


def without_surroundings(tree: Tree, heading: Tree | None) -> Tree:
    """Return a copy of the page without its header, footer, menus and asides.

    Only elements go, not classes: some themes call the column of the article `sidebar_content`.
    """
    clone = deepcopy(tree)
    # By its place and not by a path: a tag such as `<a:>` has none that XPath understands.
    pairs = zip(tree.iter(), clone.iter(), strict=True)
    twin = next((copy for element, copy in pairs if element is heading), None)
    titles = set() if twin is None else set(twin.iterancestors())
    for element in list(clone.iterdescendants()):
        if element.tag in _SURROUNDINGS and element not in titles:
            element.drop_tree()
    return clone
