"""JSON-LD: read wherever it is, as far as it can be."""

from __future__ import annotations

import json

import pytest

from pipelines.page.jsonld import Node, article_node, first_text, read_nodes, texts
from pipelines.page.markup import parse_html

ARTICLE = {"@type": "NewsArticle", "headline": "Le blé russe"}
ORGANIZATION = {"@type": "Organization", "name": "Faso Matinal"}


def read(*scripts: str) -> Node:
    """Return the article's node of a page with these scripts."""
    tags = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    tree = parse_html(f"<html><head>{tags}</head><body></body></html>")
    assert tree is not None
    return article_node(read_nodes(tree.iter("script")))


FORMS = {
    "alone": [json.dumps(ARTICLE)],
    "in a list": [json.dumps([ORGANIZATION, ARTICLE])],
    "in a graph": [
        json.dumps({"@context": "https://schema.org", "@graph": [ORGANIZATION, ARTICLE]})
    ],
    "below a page": [json.dumps({"@type": "WebPage", "mainEntity": ARTICLE})],
    "in a second script": [json.dumps(ORGANIZATION), json.dumps(ARTICLE)],
    "after a broken script": ['{"@type": "NewsArticle", "headline": ', json.dumps(ARTICLE)],
    "several types": [json.dumps({**ARTICLE, "@type": ["Article", "NewsArticle"]})],
    "full address of the type": [
        json.dumps({**ARTICLE, "@type": "https://schema.org/NewsArticle"})
    ],
    "trailing comma": ['{"@type": "NewsArticle", "headline": "Le blé russe",}'],
    "line break in a string": [
        '{"@type": "NewsArticle", "articleBody": "un\ndeux", "headline": "Le blé russe"}'
    ],
    "CDATA": [f"//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]>"],
    "semicolon": [json.dumps(ARTICLE) + ";"],
}


@pytest.mark.parametrize("scripts", FORMS.values(), ids=FORMS.keys())
def test_the_article_is_found(scripts: list[str]) -> None:
    assert read(*scripts)["headline"] == "Le blé russe"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "null",
        "12",
        '"texte"',
        "[" * 100_000,
        '{"a": ' * 5000,
        "1" * 10_000,
        '{"@type": 5}',
        "{'@type': 'Article'}",
    ],
)
def test_nonsense_gives_nothing(script: str) -> None:
    assert read(script) == {}


def test_strings_are_found_in_lists_and_names() -> None:
    value = [{"@type": "Person", "name": "Paul Mba"}, "Rose Ondo", None, {"name": ["Jean Ella"]}, 3]
    assert texts(value) == ("Paul Mba", "Rose Ondo", "Jean Ella")
    assert first_text({"a": "", "b": [" "], "c": "oui"}, "a", "b", "c") == "oui"
