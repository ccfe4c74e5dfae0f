"""Language: what decides, and what is left undecided."""

from __future__ import annotations

import pytest

from pipelines.language import detect_language
from storage.records import Language

FRENCH = (
    "Le ministre a reçu jeudi matin une délégation venue de Moscou, avec laquelle il a parlé de "
    "la formation des ingénieurs, du prix du blé et de la remise en état du chemin de fer. "
    "Les deux parties se retrouveront au printemps pour signer un accord, si le Parlement le veut."
)
ENGLISH = (
    "The minister met on Thursday morning with a delegation from Moscow to discuss the training "
    "of engineers, the price of wheat and the repair of the railway. Both sides will meet again "
    "in spring to sign an agreement if parliament wants them to do so."
)


def test_a_french_text_is_french() -> None:
    language = detect_language("Une délégation à Bamako", FRENCH, "fr")
    assert (language.code, language.certain) == ("fr", True)


def test_a_text_in_capitals_is_french_too() -> None:
    language = detect_language("UNE DÉLÉGATION À BAMAKO", FRENCH.upper(), "fr")
    assert (language.code, language.certain) == ("fr", True)


def test_an_english_text_of_a_french_source_is_english() -> None:
    language = detect_language("A delegation in Bamako", ENGLISH, "fr")
    assert (language.code, language.certain) == ("en", True)


@pytest.mark.parametrize(
    "text", ["", "   ", "12 345", "https://info.example", "🇲🇱🇷🇺", "Mali Russie"]
)
def test_the_source_decides_where_there_is_too_little_text(text: str) -> None:
    assert detect_language("", text, "fr") == Language(code="fr", confidence=0.0, certain=False)


def test_a_text_in_two_languages_is_uncertain() -> None:
    language = detect_language("", FRENCH + ENGLISH, "fr")
    assert not language.certain
    assert language.confidence < 0.9


def test_the_answer_does_not_change_from_call_to_call() -> None:
    answers = {detect_language("", FRENCH + ENGLISH, "fr") for _ in range(5)}
    assert len(answers) == 1
