"""Highlighting: every match is marked, nothing of the text is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from review.desk.highlight import Segment, best_sentence, paragraphs, segments, themes_of


def match(start: int, end: int, theme: str | None = "military", **rest) -> dict[str, object]:
    row = {
        "rule": f"{theme}-rule", "theme": theme, "field": "text", "start": start, "end": end,
        "words": "", "sentence_start": 0, "sentence_end": 100, "masked": None,
    }  # fmt: skip
    return row | rest


places = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(["military", None]),
              st.sampled_from([None, "idiom"])),
    max_size=12,
)  # fmt: skip


@given(st.text(max_size=40), places)
def test_segments_put_together_are_the_text(text, found):
    rows = [match(min(a, b), max(a, b), theme, masked=masked) for a, b, theme, masked in found]
    assert "".join(s.text for s in segments(text, 0, len(text), rows)) == text


@given(st.text(alphabet="ab \n", max_size=40), places)
def test_paragraphs_hold_every_line_that_is_not_empty(text, found):
    rows = [match(min(a, b), max(a, b), theme, masked=masked) for a, b, theme, masked in found]
    shown = ["".join(s.text for s in paragraph) for paragraph in paragraphs(text, rows)]
    assert shown == [line for line in text.split("\n") if line.strip()]


def test_the_shortest_themed_match_colours_a_word():
    rows = [match(0, 10, "media"), match(4, 6, "health"), match(0, 10, None)]
    assert [(s.text, s.theme) for s in segments("abcdefghij", 0, 10, rows)] == [
        ("abcd", "media"), ("ef", "health"), ("ghij", "media"),
    ]  # fmt: skip


def test_what_counts_wins_over_what_is_masked():
    rows = [match(0, 4, None, masked="idiom"), match(2, 4, None)]
    assert segments("abcd", 0, 4, rows) == [
        Segment(text="ab", masked="idiom", rules=("None-rule",)),
        Segment(text="cd", theme="core", rules=("None-rule",)),
    ]


def test_the_sentence_with_most_to_say_is_chosen():
    text = "Une phrase. Une autre, russe et malienne."
    rows = [
        match(0, 3, words="Une", sentence_end=11),
        match(23, 28, words="russe", sentence_start=12, sentence_end=41),
        match(32, 40, words="malienne", sentence_start=12, sentence_end=41),
    ]
    chosen = best_sentence({"text": text}, rows)
    assert "".join(s.text for s in chosen) == "Une autre, russe et malienne."
    assert best_sentence({"text": text}, []) == []


def test_legend_counts_places_and_leaves_masks_out():
    rows = [match(0, 3), match(0, 3, rule="other"), match(5, 6, None), match(7, 8, masked="idiom")]
    assert themes_of(rows) == {"military": 1, "core": 1}
