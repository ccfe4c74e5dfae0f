"""Segmentation: where French press sentences end, and where they only seem to."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.matching.segment import sentences


def _split(text: str) -> list[str]:
    return [text[one.start : one.end] for one in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "M. Poutine a reçu MM. Goïta et Traoré.",
        "S.E.M. Igor Gromyko a salué S.E. Le ministre de la Défense.",
        "Le Dr. Coulibaly et Mme. Diarra ont signé l’art. 5 du texte.",
        "V. Poutine et J.-C. Brou se sont vus, selon le no. 12.",
        "Le pays attend 3.5 millions de tonnes, etc. et davantage.",
        "« Nous restons ! », a déclaré le ministre.",
        "Il hésite… mais il signe.",
        "1. Le premier point de l’accord.",
    ],
    ids=["titles", "excellency", "references", "initials", "decimals", "quote", "ellipsis", "list"],
)
def test_a_mark_within_a_sentence_does_not_end_it(text: str) -> None:
    assert _split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il a dit non. Elle a dit oui.", ["Il a dit non.", "Elle a dit oui."]),
        ("« Le Mali avance. » Moscou aussi.", ["« Le Mali avance. »", "Moscou aussi."]),
        ("Vraiment ? Oui ! « Non. »", ["Vraiment ?", "Oui !", "« Non. »"]),
        ("Il hésite… Moscou attend.", ["Il hésite…", "Moscou attend."]),
        ("L’ONU s’inquiète. À Bamako, rien.", ["L’ONU s’inquiète.", "À Bamako, rien."]),
        ("Mali : un accord\nLe texte suit.", ["Mali : un accord", "Le texte suit."]),
    ],
    ids=["plain", "closing quote", "marks", "ellipsis", "accented capital", "headline"],
)
def test_a_sentence_ends_where_another_begins(text: str, expected: list[str]) -> None:
    assert _split(text) == expected


def test_paragraphs_are_counted() -> None:
    assert [one.paragraph for one in sentences("Un. Deux.\n\nTrois.\nQuatre.")] == [0, 0, 1, 2]


@given(st.text(alphabet="aB. !?…»«\n’'M1"))
def test_sentences_cover_all_that_is_not_blank(text: str) -> None:
    found = sentences(text)

    assert all(one.start < one.end for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    between = set(range(len(text))) - {i for one in found for i in range(one.start, one.end)}
    assert all(text[offset].isspace() for offset in between)


@pytest.mark.serial
@pytest.mark.parametrize("unit", [".", ". ", "\n", "»", ". »", "a", ".»A ", "“", "A.", " "])
def test_time_grows_with_the_text_and_not_faster(unit: str) -> None:
    def seconds(size: int) -> float:
        """Return the best of three, which a busy machine disturbs least."""
        text, taken = unit * (size // len(unit)), []
        for _ in range(3):
            started = time.perf_counter()
            sentences(text)
            taken.append(time.perf_counter() - started)
        return min(taken)

    # Quadratic time would take 64 times as long for 8 times the text.
    assert seconds(800_000) < 24 * seconds(100_000) + 0.05
