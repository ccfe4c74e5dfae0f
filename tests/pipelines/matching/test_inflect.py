"""Inflection: the forms that the contract names, and no stem."""

from __future__ import annotations

import pytest

from pipelines.matching.inflect import inflect


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("russe", {"russe", "russes"}),
        ("accord", {"accord", "accords"}),
        ("militaire", {"militaire", "militaires"}),
        ("régional", {"régional", "régionaux", "régionale", "régionales"}),
        ("naval", {"naval", "navals", "navaux", "navale", "navales"}),
        ("officiel", {"officiel", "officiels", "officielle", "officielles"}),
        ("malien", {"malien", "maliens", "malienne", "maliennes"}),
        ("guinéen", {"guinéen", "guinéens", "guinéenne", "guinéennes"}),
        ("nigérian", {"nigérian", "nigérians", "nigériane", "nigérianes"}),
        ("instructeur", {"instructeur", "instructeurs", "instructrice", "instructrices"}),
        ("livreur", {"livreur", "livreurs", "livreuse", "livreuses"}),
        ("sportif", {"sportif", "sportifs", "sportive", "sportives"}),
        ("ouvrier", {"ouvrier", "ouvriers", "ouvrière", "ouvrières"}),
        ("allié", {"allié", "alliés", "alliée", "alliées"}),
        ("togolais", {"togolais", "togolaise", "togolaises"}),
        ("ivoirois", {"ivoirois", "ivoiroise", "ivoiroises"}),
        ("africain", {"africain", "africains", "africaine", "africaines"}),
        ("étudiant", {"étudiant", "étudiants", "étudiante", "étudiantes"}),
        ("armement", {"armement", "armements"}),
        ("offert", {"offert", "offerts", "offerte", "offertes"}),
        ("construit", {"construit", "construits", "construite", "construites"}),
        ("promis", {"promis", "promise", "promises"}),
        ("vendu", {"vendu", "vendus", "vendue", "vendues"}),
        ("fourni", {"fourni", "fournis", "fournie", "fournies"}),
        ("allemand", {"allemand", "allemands", "allemande", "allemandes"}),
        ("drapeau", {"drapeau", "drapeaux"}),
        ("prix", {"prix"}),
        ("Russe", {"Russe", "Russes"}),
    ],
)
def test_a_word_has_the_forms_of_its_ending(word: str, forms: set[str]) -> None:
    assert set(inflect(word)) == forms
    assert inflect(word)[0] == word
