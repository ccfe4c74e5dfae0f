"""Persons: a surname that is also a word of a lexicon counts for nobody but its bearer."""

from __future__ import annotations

import pytest

from pipelines.flag import flag_text
from pipelines.matching.automaton import Entry, Hit
from pipelines.matching.persons import Persons
from pipelines.matching.ruleset import load_rules
from pipelines.matching.term import Pattern

PERSONS = Persons(["Russe", "Wagner"])
ENTRY = Entry("mot", Pattern("mot"))


def named(text: str, known: tuple[str, ...] = ()) -> list[str]:
    hits = [Hit(text.index(word), text.index(word) + len(word), 0, ENTRY) for word in known]
    return [text[start:end] for start, end in PERSONS.spans(text, hits)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Me Éric Wagner plaide ; l’avocat Wagner insiste.", ["Wagner", "Wagner"]),
        ("Mme Russe quitte le lycée.", ["Russe"]),
        ("Le ministre reçoit Alexis Russe Mbala.", ["Alexis Russe"]),
        ("La proviseure Anne-Marie Russe part.", ["Anne-Marie Russe"]),
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
