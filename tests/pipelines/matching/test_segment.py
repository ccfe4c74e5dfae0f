"""Segmentation: where French press sentences end, and where they only seem to."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.matching.segment import begins_line, sentence_end, sentence_starts


def _spans(text: str) -> list[tuple[int, int]]:
    starts = sentence_starts(text)
    return [(start, sentence_end(text, starts, number)) for number, start in enumerate(starts)]


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in _spans(text)]


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


def test_paragraphs_begin_with_a_line() -> None:
    text = "Un. Deux.\n \nTrois.\nQuatre."

    beginning = [begins_line(text, start) for start in sentence_starts(text)]

    assert beginning == [True, False, True, True]


@pytest.mark.parametrize("blank", ["", " ", "\n", " \n\n", "\n \n"])
def test_blank_lines_are_no_sentences(blank: str) -> None:
    assert _split(f"{blank}Moscou\n\n \nattend.{blank}") == [
        f"{blank.rpartition(chr(10))[2]}Moscou",
        f"attend.{blank.partition(chr(10))[0]}",
    ]
    assert _split(blank) == []


def test_a_stretch_without_an_end_is_cut_at_spaces() -> None:
    text = "Mali Niger " * 400

    assert "".join(_split(text)).split() == text.split()
    assert max(map(len, _split(text))) <= 1_500


@given(st.text(alphabet="aB. !?…»«\n’'M1"))
@settings(deadline=None)
def test_sentences_cover_all_that_is_not_blank(text: str) -> None:
    found = _spans(text)

    assert all(start < end for start, end in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    between = set(range(len(text))) - {i for span in found for i in range(*span)}
    assert all(text[offset].isspace() for offset in between)


@pytest.mark.serial
@pytest.mark.parametrize("unit", [".", ". ", "\n", "»", ". »", "a", ".»A ", "“", "A.", " ", "\n "])
def test_time_grows_with_the_text_and_not_faster(unit: str) -> None:
    def seconds(size: int) -> float:
        """Return the best of three, which a busy machine disturbs least."""
        text, taken = unit * (size // len(unit)), []
        for _ in range(3):
            started = time.process_time()
            sentence_starts(text)
            taken.append(time.process_time() - started)
        return min(taken)

    # Quadratic time would take 64 times as long for 8 times the text.
    assert seconds(800_000) < 24 * seconds(100_000) + 0.05
