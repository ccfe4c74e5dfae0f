"""Markup: one tree per page, whatever the page is made of."""

from __future__ import annotations

import pytest

from pipelines.page.markup import around, parse_html, without_surroundings, words_of

PAGE = (
    "<html><body><header><p>Dimanche</p></header><div><div><h1>Blé</h1><p>près</p></div><p>loin</p>"
    "<div class='comments'><p>commentaire</p></div><aside><p>à côté</p></aside></div>"
    "<footer><p>pied</p></footer></body></html>"
)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\x00\x01\x02"])
def test_nothing_gives_no_tree(text: str) -> None:
    assert parse_html(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "<",
        "<<<<",
        "a",
        "<html/>",
        "<!-- <p>",
        "<p>" * 5000,
        "</p></html>",
        '<?xml version="1.0" encoding="utf-16"?><p>a</p>',
    ],
)
def test_any_text_is_parsed_or_refused(text: str) -> None:
    tree = parse_html(text)
    assert tree is None or len(tree) > 0


def test_control_characters_and_surrogates_do_not_end_the_text() -> None:
    tree = parse_html("<html><body><p>avant\x00\x07\ud83d après</p></body></html>")
    assert tree is not None
    assert words_of(tree) == "avant après"


def test_bytes_are_utf8() -> None:
    tree = parse_html("<html><body><p>l’été\x01 \uffffà Thiès\ufffe</p></body></html>".encode())
    assert tree is not None
    assert words_of(tree) == "l’été à Thiès"


def test_the_nearest_elements_come_first_and_those_beside_the_article_not_at_all() -> None:
    tree = parse_html(PAGE)
    assert tree is not None
    lines = [words_of(element) for element in around(tree.find(".//h1"), 5) if element.tag == "p"]
    assert lines == ["près", "loin"]


def test_a_page_without_its_surroundings_leaves_the_page_itself_alone() -> None:
    tree = parse_html(PAGE)
    assert tree is not None
    assert words_of(
        without_surroundings(tree, tree.find(".//h1"))
    ) == "Blé près loin commentaire".replace(" ", "")
    assert "pied" in words_of(tree)


def test_a_header_that_holds_the_title_is_kept() -> None:
    tree = parse_html(
        "<html><body><article><header><h1>Blé</h1><p>hier</p></header></article></body></html>"
    )
    assert tree is not None
    assert words_of(without_surroundings(tree, tree.find(".//h1"))) == "Bléhier"
