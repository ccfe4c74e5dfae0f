"""Names: who wrote an article, and who did not."""

from __future__ import annotations

import pytest

from pipelines.page.markup import parse_html
from pipelines.page.names import author_names, bylines

CREDITED = {
    "plain": (["Aminata Coulibaly"], ("Aminata Coulibaly",)),
    "lead-in": (["Par Aminata Coulibaly"], ("Aminata Coulibaly",)),
    "two": (["Paul Mba et Rose Ondo"], ("Paul Mba", "Rose Ondo")),
    "list": (["Paul Mba, Rose Ondo & Jean Ella"], ("Paul Mba", "Rose Ondo", "Jean Ella")),
    "twice": (["Paul Mba", "PAUL MBA"], ("Paul Mba",)),
    "administrator": (["admin", "Super User"], ()),
    "outlet": (["Faso Matinal", "FASO-MATINAL"], ()),
    "address": (["https://facebook.com/paul", "paul@info.example"], ()),
    "particle": (["Mohamed Ould Cheikh"], ("Mohamed Ould Cheikh",)),
    "empty": (["", " - "], ()),
}


@pytest.mark.parametrize(("credited", "names"), CREDITED.values(), ids=CREDITED.keys())
def test_credits_become_names(credited: list[str], names: tuple[str, ...]) -> None:
    assert author_names(credited, ["Faso Matinal"]) == names


PRINTED = {
    "marked": '<a rel="author" href="/a">Issa Ouédraogo</a>',
    "class": '<span class="post-author">Issa Ouédraogo</span>',
    "in a line": "<p>jeudi 19 novembre 2026, par Issa Ouédraogo</p>",
    "in a longer line": "<div>Soumis par <b>Issa Ouédraogo</b> le ven, 20/11/2026</div>",
}


@pytest.mark.parametrize("line", PRINTED.values(), ids=PRINTED.keys())
def test_a_byline_near_the_title_is_read(line: str) -> None:
    tree = parse_html(
        f"<html><body><div><h1>Blé</h1>{line}<p>Un convoi est parti.</p></div></body></html>"
    )
    assert tree is not None
    assert list(bylines(tree.find(".//h1"))) == ["Issa Ouédraogo"]


def test_a_sentence_is_no_byline() -> None:
    text = (
        "Le convoi, escorté par Wagner depuis la frontière, a mis huit jours pour atteindre Bamako "
        * 2
    )
    tree = parse_html(f"<html><body><div><h1>Blé</h1><p>{text}</p></div></body></html>")
    assert tree is not None
    assert list(bylines(tree.find(".//h1"))) == []
