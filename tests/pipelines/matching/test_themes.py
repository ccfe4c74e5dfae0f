"""Themes: the article's own subject is told from what it only speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet, load_rules

RULES = """
[[state]]
code = "ML"
name = "Mali"
names = ["Mali"]

[lexicon.russia]
terms = ["Russie"]

[lexicon.t_food]
terms = ["blé", "engrais", "farine"]

[lexicon.t_health]
terms = ["vaccin+", "hôpital"]

[lexicon.domains]
terms = ["domaine+"]

[lexicon.w_health]
terms = ["dose+"]

[lexicon.t_energy]
terms = ["énergie", "pétrole", "champ de pétrole"]

[lexicon.n_energy]
terms = ["énergie atomique"]

[[rule]]
id = "together"
query = "SENTENCE(@russia AND @state)"

[[rule]]
id = "culture"
theme = "culture"
strength = 0
query = "SENTENCE(@russia AND cinéma)"

[[rule]]
id = "gift"
theme = "food"
strength = 0
tells_theme = true
query = "SENTENCE(@russia AND cadeau)"
"""


@pytest.fixture
def rules(tmp_path: Path) -> RuleSet:
    path = tmp_path / "rules.toml"
    path.write_text(RULES, encoding="utf-8")
    return load_rules(path)


def themes(rules: RuleSet, text: str, title: str = "Nouvelles") -> tuple[str, ...]:
    return flag_text(title, None, text, rules).themes


def test_a_word_in_the_fired_sentence_gives_its_theme(rules: RuleSet) -> None:
    assert themes(rules, "La Russie livre du blé au Mali.") == ("food",)


def test_a_word_far_from_what_fired_gives_none(rules: RuleSet) -> None:
    text = "La Russie livre du blé au Mali.\nIl pleut.\nIl vente.\nUn hôpital ferme."
    assert themes(rules, text) == ("food",)


def test_a_word_of_the_title_gives_its_theme(rules: RuleSet) -> None:
    assert themes(rules, "La Russie aide le Mali.", title="Un vaccin") == ("health",)


def test_a_theme_much_lighter_than_the_heaviest_is_left_out(rules: RuleSet) -> None:
    text = "La Russie livre du blé, de la farine et des engrais au Mali. Un hôpital attend."
    assert themes(rules, text, title="Du blé") == ("food",)


def test_a_word_that_tells_little_gives_no_theme_alone(rules: RuleSet) -> None:
    assert themes(rules, "La Russie livre des doses au Mali.") == ()


def test_a_theme_without_words_is_given_by_its_rules(rules: RuleSet) -> None:
    assert themes(rules, "La Russie montre au Mali son cinéma.") == ("culture",)


def test_what_weighs_enough_is_kept_beside_a_heavier_theme(rules: RuleSet) -> None:
    lines = ["La Russie livre du blé, de la farine et des engrais au Mali."] * 6
    lines += ["La Russie bâtit un hôpital au Mali.", "La Russie offre un vaccin au Mali."] * 2
    assert set(themes(rules, "\n".join(lines))) == {"food", "health"}


def test_each_theme_of_a_sentence_that_names_the_domains_counts(rules: RuleSet) -> None:
    heavy = "Le Mali et la Russie parlent de blé, d’engrais et de farine."
    named = "Le Mali et la Russie coopèrent dans des domaines tels que l’hôpital."
    spoken = "Le Mali et la Russie saluent un hôpital."

    def themes(text: str) -> tuple[str, ...]:
        return flag_text("Blé, engrais, farine : le Mali et la Russie", "", text, rules).themes

    assert themes(f"{heavy} {named}") == ("food", "health")
    assert themes(f"{heavy} {spoken}") == ("food",)


def test_a_word_inside_a_phrase_that_rules_it_out_tells_nothing(rules: RuleSet) -> None:
    assert themes(rules, "La Russie parle d’énergie au Mali.") == ("energy",)
    assert themes(rules, "La Russie parle d’énergie atomique au Mali.") == ()


def test_a_word_inside_a_longer_one_of_its_theme_is_not_counted_again(rules: RuleSet) -> None:
    other = "La Russie offre au Mali du blé, de la farine et des engrais"

    assert themes(rules, f"{other}, et un champ de pétrole.") == ("food",)
    assert themes(rules, f"{other}, du pétrole et de l’énergie.") == ("energy", "food")


def test_a_support_rule_that_tells_its_theme_gives_it(rules: RuleSet) -> None:
    text = "La Russie fait au Mali le cadeau d’un vaccin, de doses, d’un hôpital."

    assert set(themes(rules, text, title="Un hôpital, un vaccin")) == {"food", "health"}
