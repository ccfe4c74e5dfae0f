"""Titles: the headline stays whole, the outlet's name goes."""

from __future__ import annotations

import pytest

from pipelines.page.titles import best_headline, key_of, without_outlet

NAMES = ["Mali Demain", "malidemain.example", "malidemain"]

CASES = {
    "suffix": ("Mali : la Russie livre du blé - Mali Demain", "Mali : la Russie livre du blé"),
    "bar": ("Mali : la Russie livre du blé | Mali Demain", "Mali : la Russie livre du blé"),
    "bar without spaces": ("Le blé russe|MaliDemain", "Le blé russe"),
    "suffix and slogan": ("Le blé russe – Mali Demain – L’info en continu", "Le blé russe"),
    "host": ("Le blé russe - MALIDEMAIN.example", "Le blé russe"),
    "prefix": ("Mali Demain | Le blé russe", "Le blé russe"),
    "country before a colon": ("Mali : le blé russe", "Mali : le blé russe"),
    "country before a dash": ("Mali - Russie : un accord", "Mali - Russie : un accord"),
    "dash inside": (
        "Sommet Russie-Afrique – ce qu’il faut savoir",
        "Sommet Russie-Afrique – ce qu’il faut savoir",
    ),
    "outlet inside": ("Mali Demain fête ses dix ans", "Mali Demain fête ses dix ans"),
    "nothing but the outlet": ("Mali Demain", "Mali Demain"),
    "another name": ("Le blé russe - Sputnik Afrique", "Le blé russe - Sputnik Afrique"),
}


@pytest.mark.parametrize(("printed", "title"), CASES.values(), ids=CASES.keys())
def test_only_the_outlets_own_name_goes(printed: str, title: str) -> None:
    assert without_outlet(printed, NAMES) == title


def test_the_key_of_a_title_ignores_case_accents_and_typography() -> None:
    assert key_of("L’ÉTÉ à « Thiès »") == key_of("l'ete a Thies")


def best(printed: list[str], declared: list[str]) -> str | None:
    """Return the text of the best headline."""
    found = best_headline(printed, declared)
    return found.text if found else None


def test_the_printed_heading_is_preferred_where_the_metadata_confirm_it() -> None:
    printed = ["Faso Matinal", "Mali : la Russie livre 25 000 tonnes de blé"]
    assert best(printed, ["MALI: LA RUSSIE LIVRE 25 000 TONNES DE BLÉ"]) == printed[1]
    found = best_headline(printed, ["Mali : la Russie livre 25 000 tonnes de blé"])
    assert found is not None
    assert found.heading == 1


def test_the_logo_is_not_the_title() -> None:
    assert (
        best(["Faso Matinal"], ["Mali : la Russie livre du blé"]) == "Mali : la Russie livre du blé"
    )


def test_a_cut_declaration_gives_way_to_the_whole_heading() -> None:
    whole = "Mali : la Russie livre 25 000 tonnes de blé à Bamako et à Ségou"
    assert best([whole], ["Mali : la Russie livre 25 000 tonnes…"]) == whole


def test_a_label_beside_the_heading_is_left_out() -> None:
    assert (
        best(["Le pari minier de Moscou Abonnés"], ["Le pari minier de Moscou"])
        == "Le pari minier de Moscou"
    )


def test_without_metadata_the_first_heading_counts() -> None:
    assert best(["", "Le blé russe"], []) == "Le blé russe"
    assert best([], []) is None
