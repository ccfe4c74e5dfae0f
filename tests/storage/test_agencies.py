from __future__ import annotations

import pytest

from storage.agencies import AGENCIES, credited_agency

FILLER = "Le ministre a présenté le budget devant les députés. " * 20


@pytest.mark.parametrize(
    ("head", "foot", "agency"),
    [
        ("BAMAKO (AFP) – ", "", "AFP"),
        ("Ouagadougou, 3 nov. 2026 (AIB) – ", "", "AIB"),
        ("Dakar, 12 nov (PANA) - ", "", "PANA"),
        ("APA-Dakar (Sénégal) ", "", "APA"),
        ("MOSCOU, 3 novembre /TASS/. ", "", "TASS"),
        ("", "\nAvec AFP", "AFP"),
        ("", "\nSource : Sputnik Afrique", "Sputnik"),
        ("", "(Xinhua)", "Xinhua"),
        ("", "\n© APA", "APA"),
        ("", "\nAFP", "AFP"),
        ("", "\n(avec AFP)", "AFP"),
        ("", " Avec l’Agence France-Presse.", "AFP"),
        ("", "\nSource: RIA Novosti", "RIA Novosti"),
        ("", "\nAvec Reuters.", "Reuters"),
    ],
)
def test_credits_are_recognised(head: str, foot: str, agency: str) -> None:
    assert agency in AGENCIES
    assert credited_agency(f"{head}{FILLER.strip()}{foot}") == agency


@pytest.mark.parametrize(
    "text",
    [
        f"{FILLER}Le général l’a déclaré à l’AFP.",
        f"L’Assemblée populaire nationale (APN) et le Mouvement (MAP) ont voté. {FILLER}",
        f"L’Agence de presse du Togo existe depuis longtemps. {FILLER}",
        f"Sputnik est interdit d’antenne dans ce pays. {FILLER}",
        f"{FILLER}Le vaccin Sputnik V arrive.",
        "",
    ],
)
def test_an_agency_that_a_text_is_about_is_not_credited(text: str) -> None:
    assert credited_agency(text) is None


@pytest.mark.parametrize("author", ["AFP", "Avec AFP", "La rédaction avec AFP", "AFP / Le Matin"])
def test_the_author_s_line_credits_too(author: str) -> None:
    assert credited_agency(FILLER, (author,)) == "AFP"
