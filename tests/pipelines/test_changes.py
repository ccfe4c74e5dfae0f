from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.changes import Piece, added_text, is_revision, word_diff

TEXT = "Le ministre a reçu l’ambassadeur. Le bilan est de 3 blessés.\nLa route reste fermée."


@pytest.mark.parametrize(
    "after",
    [
        TEXT.replace("’", "'"),
        TEXT.replace("\n", "\n\n").replace(" ", "  "),
        TEXT.replace("reçu", "REÇU"),
        f"Lu 123 fois\n{TEXT}",
        f"{TEXT}\n1 204 vues",
        f"{TEXT}\nPublié il y a 3 heures",
        f"{TEXT} 12 commentaires",
        f"Temps de lecture : 3 min\n{TEXT}",
        f"{TEXT}\nDernière mise à jour : 22/11/2026 à 14 h 30",
        f"{TEXT}\nLu 7 fois, partagé 2 fois",
    ],
)
def test_typography_and_counters_are_no_revision(after: str) -> None:
    assert not is_revision(TEXT, after)
    assert not is_revision(f"Lu 99 fois\n{TEXT}", after)


@pytest.mark.parametrize(
    "after",
    [
        TEXT.replace("3 blessés", "5 blessés"),
        TEXT.replace("fermée", "ouverte"),
        f"{TEXT} Il y a eu 4 morts.",
        TEXT.replace("La route reste fermée.", ""),
    ],
)
def test_other_words_and_numbers_are(after: str) -> None:
    assert is_revision(TEXT, after)


def test_a_diff_names_the_words() -> None:
    after = TEXT.replace("3 blessés", "5 blessés").replace(" reste", "")

    assert list(word_diff(TEXT, after)) == [
        Piece("same", "Le ministre a reçu l’ambassadeur. Le bilan est de "),
        Piece("gone", "3 "),
        Piece("new", "5 "),
        Piece("same", "blessés.\nLa route "),
        Piece("gone", "reste "),
        Piece("same", "fermée."),
    ]


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_diff_holds_both_texts_whole(before: str, after: str) -> None:
    pieces = list(word_diff(before, after))

    new = "".join(piece.words for piece in pieces if piece.kind != "gone")
    assert new.split() == after.split()
    if not any(piece.kind == "same" for piece in pieces):
        assert "".join(p.words for p in pieces if p.kind == "gone").split() == before.split()


def test_the_added_part_is_the_new_and_changed_sentences() -> None:
    after = f"{TEXT.replace('3 blessés', '5 blessés')} Moscou livrera du blé."

    assert added_text(TEXT, after) == "Le bilan est de 5 blessés.\nMoscou livrera du blé."
    assert added_text(TEXT, TEXT.replace("’", "'")) == ""


def test_a_diff_passes_over_typography() -> None:
    after = TEXT.replace("’", "'").replace("reçu", "REÇU")

    assert list(word_diff(TEXT, after)) == [Piece("same", after)]
