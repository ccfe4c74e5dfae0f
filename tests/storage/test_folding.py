"""Folding: what the reader does not see as a difference is none, and offsets lead back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.folding import fold, fold_text, fold_words

FRENCH = st.text(alphabet="aeéÉèœŒæß’'ʼ-\u2011\u00a0\u202f\u00ad \nMALİŉшم\u0301«»ﬁ\ud800")
ANY = st.one_of(FRENCH, st.text())


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’État", "l'etat"),
        ("ÉTAT", "etat"),
        ("l\u02bcarmée", "l'armee"),
        ("N′Djaména", "n'djamena"),
        ("cœur, Ex æquo", "coeur, ex aequo"),
        ("Russie\u00a0:\u202fle", "russie : le"),
        ("militaro\u2011technique", "militaro-technique"),
        ("co\u00adopération", "cooperation"),
        ("Москва", "москва"),
    ],
)
def test_typography_does_not_matter(text: str, folded: str) -> None:
    assert fold_text(text) == folded


def test_decomposed_text_folds_like_composed_text() -> None:
    text = "Évêque à N’Djaména, œuvre"

    assert fold_text(unicodedata.normalize("NFD", text)) == fold_text(text)


def test_words_are_left_of_a_text_and_nothing_moves() -> None:
    folded = fold_words("Côte-d’Ivoire\u00a0: « l'été » !")

    assert folded.text == "cote d ivoire     l ete    "
    assert folded.aligned


def test_a_ligature_is_found_where_it_stands() -> None:
    text = "La sœur du cœur"
    folded = fold(text)
    start = folded.text.index("coeur")

    assert text[slice(*folded.span(start, start + 5))] == "cœur"


def test_a_combining_mark_belongs_to_the_letter_before_it() -> None:
    text = "un cafe\u0301 noir"
    folded = fold(text)
    start = folded.text.index("cafe")

    assert text[slice(*folded.span(start, start + 4))] == "cafe\u0301"


def test_a_lone_surrogate_can_be_encoded_after_folding() -> None:
    assert fold_text("a\ud800b").encode() == "a\ufffdb".encode()


@given(ANY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(FRENCH)
def test_the_quick_path_and_the_general_path_agree(text: str) -> None:
    # A character outside Windows-1252 forces the general path for the whole text.
    general = fold(text + "ш")

    assert fold(text).text + "ш" == general.text
    assert fold_words(text).text + "ш" == fold_words(text + "ш").text


@given(ANY, st.data())
def test_a_span_of_the_folded_text_leads_to_what_it_was_folded_from(
    text: str, data: st.DataObject
) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))

    first, last = folded.span(start, end)

    assert 0 <= first <= last <= len(text)
    assert folded.text[start:end] in fold_text(text[first:last])


@given(ANY)
def test_the_whole_text_leads_to_the_whole_original(text: str) -> None:
    folded = fold(text)

    assert folded.span(0, len(folded.text))[1] == len(text)


@given(ANY, st.data())
def test_a_place_in_the_original_leads_to_the_end_of_what_is_folded_before_it(
    text: str, data: st.DataObject
) -> None:
    offset = data.draw(st.integers(0, len(text)))
    folded = fold_words(text)

    assert folded.text[: folded.place(offset)] == fold_words(text[:offset]).text
