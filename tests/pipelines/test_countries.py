"""Countries: who takes part in what a flagged article tells."""

from __future__ import annotations

import pytest

from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet, load_rules

SHIPPED = load_rules()


@pytest.mark.parametrize(
    ("text", "outlet", "countries", "mentioned", "undecided"),
    [
        ("La Guinée équatoriale et la Guinée-Bissau : accord russe.", None, "GQ GW", "", ""),
        ("Un accord russe avec la Guinée.", None, "GN", "", ""),
        ("Un accord russe avec le Niger.", None, "NE", "", ""),
        ("Un accord russe avec les Nigérians.", None, "NG", "", ""),
        ("Un accord russe avec les Nigériens.", None, "NE", "", ""),
        ("Un accord russe congolais.", None, "", "", "CD|CG"),
        ("Un accord russe congolais.", "CG", "CG", "", ""),
        ("Un accord russe congolais. Kinshasa s’en réjouit.", "CG", "CD", "", ""),
        ("Un accord russe avec le Mali. Le Tchad regarde.", None, "ML", "TD", ""),
        (
            "Un accord russe : bourses pour le Burkina, la Guinée, le Mali, le Niger et le Tchad.",
            "ML",
            "BF GN ML NE TD",
            "",
            "",
        ),
        ("Le Mali bouge. Un accord russe en Afrique.", None, "", "ML", ""),
        ("Un accord russe avec l’AES.", "ML", "BF ML NE", "", ""),
        ("Un accord russe avec les pays de l’AES. Niamey signe.", None, "BF ML NE", "", ""),
        ("Un accord russe entre l’AES et le Mali.", None, "ML", "", ""),
        ("Un accord russe avec le Mali, note l’analyste nigérien.", None, "ML", "NE", ""),
        ("Un accord russe avec le Mali, arrivé de Conakry.", None, "ML", "GN", ""),
        ("Un accord russe a été signé à Conakry.", None, "GN", "", ""),
        ("À la différence du Tchad, le Mali a un accord russe.", None, "ML", "TD", ""),
        ("Des instructeurs russes arrivent.", "ML", "ML", "", ""),
        ("Le Tchad accueille. Des instructeurs russes arrivent.", "ML", "TD", "", ""),
    ],
)
def test_partners_are_told_from_mere_mentions(
    rules: RuleSet, text: str, outlet: str | None, countries: str, mentioned: str, undecided: str
) -> None:
    flag = flag_text(None, None, text, rules, outlet)

    assert flag.flagged
    assert " ".join(flag.countries) == countries
    assert " ".join(flag.mentioned) == mentioned
    assert " ".join(flag.undecided) == undecided
    for mention in flag.mentions:
        assert text[mention.start : mention.end] == mention.words


def test_the_gulf_of_guinea_is_no_state(rules: RuleSet) -> None:
    flag = flag_text(None, None, "Un accord russe avec le Mali sur le golfe de Guinée.", rules)

    assert (flag.countries, flag.mentioned) == (("ML",), ())


@pytest.mark.parametrize(
    ("told", "countries"),
    [
        ("La Russie a aussi livré des camions au Tchad.", "BJ TD"),
        ("Les instructeurs russes sont aussi au Tchad.", "BJ TD"),
        ("Le navire russe fera escale à N’Djamena.", "BJ"),
        ("Les Tchadiens ont des camions russes.", "BJ"),
    ],
)
def test_a_state_named_once_takes_part_where_a_sentence_tells_it(told: str, countries: str) -> None:
    title = "Le Bénin signe un accord de coopération avec la Russie"
    text = f"Le Bénin a signé. Il pleut. Le texte est long. {told}"

    assert " ".join(flag_text(title, None, text, SHIPPED, "BJ").countries) == countries
