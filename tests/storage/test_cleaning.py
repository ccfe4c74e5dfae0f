"""Cleaning: what is left of text from outside."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.cleaning import clean_line, clean_text

CASES = {
    "NFC": ("Se\u0301ne\u0301gal", "Sénégal"),
    "NUL": ("Ma\x00li", "Mali"),
    "control characters": ("Ma\x07li\x1b[0m", "Mali[0m"),
    "C1 control": ("Ma\x92li", "Mali"),
    "lone surrogate": ("Ma\ud83dli", "Mali"),
    "direction override": ("\u202eilaM\u202c", "ilaM"),
    "soft hyphen": ("Rus\u00adsie", "Russie"),
    "zero-width space": ("Rus\u200bsie", "Russie"),
    "byte order mark": ("\ufeffMali", "Mali"),
    "line breaks": ("un\r\ndeux\rtrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
    "NBSP before a colon": ("Mali\u00a0: la visite", "Mali\u00a0: la visite"),
    "narrow NBSP": ("«\u202foui\u202f»", "«\u202foui\u202f»"),
    "emoji": ("Bravo 👏🏾", "Bravo 👏🏾"),
}


@pytest.mark.parametrize(("outside", "kept"), CASES.values(), ids=CASES.keys())
def test_text_is_kept_without_what_cannot_be_seen_or_stored(outside: str, kept: str) -> None:
    assert clean_text(outside, 100) == kept


def test_text_is_cut_at_its_limit() -> None:
    assert clean_text("a" * 5_000_000, 500) == "a" * 500


def test_a_line_has_single_spaces_and_keeps_its_no_break_spaces() -> None:
    assert clean_line("  Mali\u00a0:\n\t la   Russie  ", 100) == "Mali\u00a0: la Russie"


ANY_TEXT = st.text(st.characters(), max_size=60)


@given(ANY_TEXT, st.integers(1, 70))
def test_cleaning_again_changes_nothing(text: str, limit: int) -> None:
    once = clean_text(text, limit)
    assert clean_text(once, limit) == once
    line = clean_line(text, limit)
    assert clean_line(line, limit) == line


@given(ANY_TEXT)
def test_clean_text_is_short_enough_normal_and_can_be_encoded(text: str) -> None:
    clean = clean_text(text, 40)
    assert len(clean) <= 40
    assert unicodedata.is_normalized("NFC", clean)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert "\n" not in clean_line(text, 40)


@given(st.text(st.characters(max_codepoint=127), max_size=60), st.integers(1, 70))
def test_a_line_of_plain_letters_is_cleaned_like_any_other(text: str, limit: int) -> None:
    among_others = clean_line(f"é{text}é", 200)[1:-1].strip()

    assert clean_line(text, limit) == among_others[:limit].rstrip()
