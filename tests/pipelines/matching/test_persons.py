"""Persons: a surname that is also a word of a lexicon counts for nobody but its bearer."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.flag import flag_text
from pipelines.matching.automaton import Automaton, Vocabulary
from pipelines.matching.persons import Persons
from pipelines.matching.ruleset import load_rules

SURNAMES = ["Russe", "Wagner", "Moscou"]
NICKNAMES = ["Moscou", "Poutine"]
RULES = """
[[mask]]
name = "person"
surnames = ["Koffi"]

[[rule]]
id = "russia"
query = 'SENTENCE("Russie")'
flags = ["La Russie."]
ignores = ["Le Mali."]
"""
PERSONS = Persons(SURNAMES, NICKNAMES, subject=1)


def named(text: str, known: tuple[str, ...] = ()) -> list[str]:
    vocabulary = Vocabulary()
    for word in {*SURNAMES, *NICKNAMES}:
        vocabulary.add(word, PERSONS.subject)
    for word in known:
        vocabulary.add(word, 2)
    automaton = Automaton(vocabulary)
    hits = automaton.hits(automaton.scan(text))
    return [text[start:end] for start, end in PERSONS.spans(text, hits)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Me Éric Wagner plaide ; l’avocat Wagner insiste.", ["Wagner", "Wagner"]),
        ("Mme Russe quitte le lycée.", ["Russe"]),
        ("Le ministre reçoit Alexis Russe Mbala.", ["Alexis Russe"]),
        ("La proviseure Anne-Marie Russe part.", ["Anne-Marie Russe"]),
        ("L’abbé Wagner Tchinda fête ses vingt-cinq ans.", ["Wagner"]),
        ("Le pasteur Wagner Kossi est inhumé.", ["Wagner"]),
        ("Moïse Moscou Nduwayo est élu. Moscou sourit.", ["Moscou", "Moscou"]),
        ("Djimadoum Ngaba, dit Moscou, gagne. Moscou rit.", ["Moscou", "Moscou"]),
        ("Bertrand E., 27 ans, dit Poutine, est pris. Poutine pleure.", ["Poutine", "Poutine"]),
        ("Un chauffeur surnommé « Poutine ». Poutine a fui.", ["Poutine", "Poutine"]),
        ("Il se fait appeler Vladimir Poutine.", ["Poutine"]),
        ("Le quartier Moscou barre la route. Moscou gronde.", ["Moscou", "Moscou"]),
        ("Le « Moscou » ferme. On aimait Moscou.", ["Moscou", "Moscou"]),
        ("« C’est faux », dit Moscou.", []),
        ("L’Union a appelé Moscou à la retenue.", []),
        ("Une délégation quitte Moscou pour un quartier de Moscou.", []),
        ("Groupe Wagner Mali : le départ.", []),
        ("Université Moscou Lomonossov", []),
        ("Le groupe Wagner recrute.", []),
        ("La Fédération Russe salue un Russe.", []),
        ("Ambassade Russe au Mali", []),
        ("M. Traoré a reçu les Russes du groupe Wagner.", []),
    ],
)
def test_who_is_taken_for_a_person(text: str, found: list[str]) -> None:
    assert sorted(named(text)) == sorted(found)


def test_a_word_that_names_something_else_is_no_given_name() -> None:
    assert named("sur l’axe Bamako Russe", known=("Bamako",)) == []


def test_a_person_flags_no_article() -> None:
    title = "Natitingou : Mme Clémence Russe quitte le lycée"

    assert not flag_text(title, None, "Elle part à la retraite.", load_rules(), "BJ").flagged
    assert flag_text(title.replace("Russe", "russe"), None, "", load_rules(), "BJ").matches


def test_a_surname_that_no_rule_looks_for_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(RULES, encoding="utf-8")

    flag = flag_text("", None, "Me Koffi, l’avocat, salue la Russie.", load_rules(path))

    assert [(match.words, match.masked) for match in flag.matches] == [("Russie", None)]


def test_a_mask_may_hold_nicknames_alone(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(RULES.replace('surnames = ["Koffi"]', 'nicknames = ["Russie"]'), "utf-8")

    flag = flag_text("", None, "Un chauffeur surnommé Russie. Russie a fui.", load_rules(path))

    assert [match.masked for match in flag.matches] == ["person", "person"]
