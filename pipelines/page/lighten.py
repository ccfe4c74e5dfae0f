"""Lighten: a page without the elements that extraction drops in any case, which are a third of it and more."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from pipelines.page.markup import Tree

_CHROME = ("aside", "footer", "link", "meta", "style", "svg")
_SURELY_DROPPED = (
    "applet", "area", "audio", "button", "canvas", "datalist", "dialog", "embed", "fieldset",
    "iframe", "input", "label", "legend", "map", "menu", "nav", "noscript", "object", "optgroup",
    "option", "output", "param", "picture", "progress", "select", "source", "textarea", "time",
    "track", "video",
)  # fmt: skip
"""Of what trafilatura deletes by its name alone, whatever stands in it."""
_READ_SCRIPTS = ("ld+json", "math")


def without_chrome(tree: Tree) -> Tree:
    """Return a copy of a page without what trafilatura leaves out when it measures a page."""
    page = deepcopy(tree)
    for script in list(page.iter("script")):
        kind = script.get("type") or ""
        if not any(read in kind for read in _READ_SCRIPTS):
            script.drop_tree()
    etree.strip_elements(page, *_CHROME, with_tail=False)
    return page


def strip_surely_dropped(page: Tree) -> None:
    """Strip a page of the elements that trafilatura deletes by their name."""
    etree.strip_elements(page, *_SURELY_DROPPED, with_tail=False)
