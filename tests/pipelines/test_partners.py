"""Partners: which states the shipped rules take for the subject of a story, which for a mention."""

from __future__ import annotations

import pytest

from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet, load_rules


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.mark.parametrize(
    ("title", "text", "partners"),
    [
        (
            "Lesotho : un nouvel ambassadeur russe",
            "Le diplomate russe, qui réside à Pretoria, a remis ses lettres de créance à Maseru.",
            "LS",
        ),
        (
            "Moscou livre des engrais au Mali",
            "La Russie a signé un accord avec le Mali et le Niger.",
            "ML NE",
        ),
        (
            "Moscou livre des engrais au Mali",
            "Le Tchad a signé un accord avec la Russie. Le Tchad paiera en coton.",
            "ML TD",
        ),
        (
            "L’AES et la Russie se concertent",
            "Les ministres ont signé à Niamey un accord avec la Russie.",
            "BF ML NE",
        ),
        (
            "Le blé russe est en route",
            "Offert par la Russie, le blé du Tchad est arrivé au port camerounais de Douala.",
            "TD",
        ),
        (
            "Des engrais de Moscou",
            "La Russie livre au Malawi des engrais, via Beira, au Mozambique.",
            "MW",
        ),
        (
            "Un concert à Lomé",
            "L’ambassade de Russie au Bénin et au Togo offre ce concert à Lomé.",
            "TG",
        ),
        (
            "Un concert",
            "L’ambassade de Russie au Bénin offre ce concert.",
            "BJ",
        ),
        (
            "La Russie double ses bourses",
            "La Russie invite des étudiants du Tchad, du Mali, du Togo, du Congo et du Bénin.",
            "BJ CG ML TD TG",
        ),
        (
            "Lavrov au Burkina Faso",
            "Le ministre russe est attendu à N’Djamena puis à Ouagadougou.",
            "BF TD",
        ),
    ],
    ids=[
        "once in passing",
        "in one list with the subject",
        "twice",
        "a small group in the title",
        "a port on the way",
        "a port and its state on the way",
        "the envoy resides elsewhere too",
        "the envoy's post alone",
        "Congo in a list of states",
        "stops of one journey",
    ],
)
def test_a_state_named_once_beside_the_subject_is_a_mention(
    rules: RuleSet, title: str, text: str, partners: str
) -> None:
    assert " ".join(flag_text(title, None, text, rules).countries) == partners


def test_the_headlines_under_a_teaser_do_not_count(rules: RuleSet) -> None:
    text = (
        "La pluie a inondé six salles du lycée.\nSur le même thème\n"
        "Le président malien reçu à Moscou\nLa Russie livre du blé au Mali"
    )

    assert not flag_text("Bamako : une rentrée sous la pluie", None, text, rules, "ML").flagged


def test_text_after_a_teaser_counts(rules: RuleSet) -> None:
    text = (
        "La pluie a cessé.\nSur le même thème\nLe fleuve monte.\n"
        "La Russie a livré vingt tonnes de blé au Mali."
    )

    assert flag_text("Bamako : l’aide arrive", None, text, rules, "ML").flagged


def test_a_story_of_the_continent_is_not_the_outlets_own(rules: RuleSet) -> None:
    text = (
        "La Russie annonce un accord avec l’Afrique. Moscou offre du blé à six pays africains. "
        "Les bourses russes sont ouvertes."
    )

    assert flag_text("La Russie et l’Afrique", None, text, rules, "ML").countries == ()
