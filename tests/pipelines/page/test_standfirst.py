"""Standfirst: a summary of its own, not the text again and not a slogan."""

from __future__ import annotations

import pytest

from pipelines.page.markup import parse_html
from pipelines.page.standfirst import find_standfirst

TITLE = "Mali : la Russie livre du blé"
TEXT = (
    "Le convoi de quarante camions est entré dans Bamako jeudi à l’aube, après huit jours de route.\n"
    "Le ministre du Commerce a salué le geste de Moscou devant les entrepôts de l’Office."
)
SUMMARY = "Quarante camions de blé offerts par Moscou ont atteint Bamako, où le ministre a salué ce geste."


def declared(description: str | None) -> str | None:
    """Return the standfirst of a page that declares only this description."""
    return find_standfirst(None, description, TITLE, TEXT)


def test_a_summary_of_its_own_is_a_standfirst() -> None:
    assert declared(SUMMARY) == SUMMARY


@pytest.mark.parametrize(
    "description",
    [
        None,
        "Blé",
        TITLE,
        TEXT[:80] + "…",
        TEXT[:80] + " [...]",
        "Actualités | " + TEXT[:90],
        "Toute l’actualité politique, économique et sportive du pays et du continent, en direct",
    ],
    ids=[
        "none",
        "too short",
        "title",
        "cut text",
        "cut text in brackets",
        "labelled text",
        "slogan",
    ],
)
def test_other_descriptions_are_none(description: str | None) -> None:
    assert declared(description) is None


def test_the_printed_standfirst_comes_before_the_declared_one() -> None:
    printed = "Les boulangers, inquiets depuis septembre, respirent : la farine ne manquera plus avant février."
    page = f"<html><body><div><h1>{TITLE}</h1><div class='crayon article-chapo-12 chapo'>{printed}</div></div></body></html>"
    tree = parse_html(page)
    assert tree is not None
    assert find_standfirst(tree.find(".//h1"), SUMMARY, TITLE, TEXT) == printed
