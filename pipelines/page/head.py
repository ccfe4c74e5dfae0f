"""Head: a page's declarations, collected in one walk."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
from lxml import etree

from pipelines.page.jsonld import Node, article_node, read_nodes
from pipelines.page.markup import Tree

_DECLARING = ("h1", "h2", "link", "meta", "script", "title")
"""The elements that are looked for, in one walk through the page."""
_MARKED = etree.XPath("descendant::*[@itemprop]")


@attrs.frozen(kw_only=True)
class Head:
    """What a page declares, and where."""

    root: Tree
    url: str
    elements: dict[str, list[Tree]]
    """Those that declare something, by their names."""
    marked: list[Tree]
    """Those with a property of microdata."""
    metas: dict[str, list[str]]
    links: dict[str, list[str]]
    nodes: tuple[Node, ...]
    article: Node

    def meta(self, *names: str) -> str | None:
        """Return the first content found under any of the names."""
        return next((text for name in names for text in self.metas.get(name, ())), None)


def read_head(tree: Tree, url: str) -> Head:
    """Return what a page declares. `url` is the address it was fetched from."""
    elements: dict[str, list[Tree]] = {name: [] for name in _DECLARING}
    for element in tree.iter(*_DECLARING):
        elements[element.tag].append(element)
    nodes = read_nodes(elements["script"])
    return Head(
        root=tree.getroottree().getroot(),
        url=url,
        elements=elements,
        marked=_MARKED(tree),
        metas=_metas(elements["meta"]),
        links=_links(elements["link"]),
        nodes=nodes,
        article=article_node(nodes),
    )


def _metas(elements: Iterable[Tree]) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in elements:
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _links(elements: Iterable[Tree]) -> dict[str, list[str]]:
    links: dict[str, list[str]] = {}
    for element in elements:
        for relation in (element.get("rel") or "").lower().split():
            links.setdefault(relation, []).append((element.get("href") or "").strip())
    return links
