"""JSON-LD: what a page says of itself in linked data, read as far as it can be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from pipelines.page.markup import Tree

Node: TypeAlias = dict[str, Any]

MAX_SCRIPT = 1_000_000
"""Characters of one script that are looked at; a hostile page had a headline of 5 MB."""

MAX_DEPTH = 8

ARTICLE_TYPES = frozenset(
    {
        "advertisercontentarticle",
        "analysisnewsarticle",
        "article",
        "askpublicnewsarticle",
        "backgroundnewsarticle",
        "blogposting",
        "liveblogposting",
        "newsarticle",
        "opinionnewsarticle",
        "report",
        "reportagenewsarticle",
        "reviewnewsarticle",
        "socialmediaposting",
        "techarticle",
    }
)

_TYPES_OF_A_PAGE = frozenset({"webpage", "itempage"})
_CONTROLS = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)


def read_nodes(scripts: Iterable[Tree]) -> tuple[Node, ...]:
    """Return every typed node of the JSON-LD among a page's scripts, in order. Never raises."""
    nodes: list[Node] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower():
            nodes.extend(_nodes(_parsed(script.text or ""), MAX_DEPTH))
    return tuple(nodes)


def article_node(nodes: tuple[Node, ...]) -> Node:
    """Return the node of the article; else that of the page; else an empty one."""
    for wanted in (ARTICLE_TYPES, _TYPES_OF_A_PAGE):
        for node in nodes:
            if types_of(node) & wanted:
                return node
    return {}


def types_of(node: Node) -> set[str]:
    """Return the types of a node in lower case, without the vocabulary's address."""
    declared = node.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return {name.rpartition("/")[2].lower() for name in names if isinstance(name, str)}


def texts(value: Any) -> tuple[str, ...]:
    """Return the strings that a property holds: itself, in a list, or as names of nodes."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, dict):
        return texts(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return tuple(text for part in value[:50] for text in texts(part))
    return ()


def first_text(node: Node, *names: str) -> str | None:
    """Return the first string found under any of the names."""
    for name in names:
        for text in texts(node.get(name)):
            return text
    return None


def _parsed(script: str) -> Any:
    """Return the script's value; broken JSON is read again with its usual faults repaired."""
    raw = _WRAPPING.sub("", script[:MAX_SCRIPT]).strip().rstrip(";")
    for attempt in (raw, _TRAILING_COMMA.sub(r"\1", _CONTROLS.sub(" ", raw))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any, depth: int) -> Iterator[Node]:
    if depth == 0:
        return
    if isinstance(value, list):
        for part in value[:200]:
            yield from _nodes(part, depth - 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _nodes(value.get(name), depth - 1)
