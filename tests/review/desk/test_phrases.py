"""Phrases: both languages say everything that the templates ask for."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

from review.desk.naming import african_countries, points
from review.desk.phrases import desk_words, preferred_language
from review.digest.words import LANGUAGES
from storage.records import THEMES

TEMPLATES = Path(__file__).parents[3] / "review" / "desk" / "templates"
RULES = Path(__file__).parents[3] / "pipelines" / "rules"
KINDS = ("mask", "context")
SCORE_PARTS = (
    "strength", "title", "lead", "opening", "density", "passing", "headline", "context",
)  # fmt: skip
STATES = ("unreviewed", "mine", "disputed", "relevant", "irrelevant", "unsure", "all", "probe")


def _asked() -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html"))
    said = set(re.findall(r"w\.say\('([a-z_]+)'[,)]", text))
    assert len(said) > 20
    return said | {f"state_{state}" for state in STATES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_templates_is_there(language):
    words = desk_words(language)
    assert _asked() <= set(words.table["phrases"])
    assert all(words.theme(theme) != theme for theme in THEMES)


def test_both_languages_have_the_same_keys_and_the_same_gaps():
    french, english = (desk_words(language).table for language in ("fr", "en"))
    for table in ("phrases", "counts", "arithmetic", "masks", "contexts"):
        assert set(french[table]) == set(english[table])
    for key, phrase in french["phrases"].items():
        if isinstance(phrase, str):
            assert _gaps(phrase) == _gaps(english["phrases"][key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mask_context_and_part_of_the_score_has_a_name(language):
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in RULES.glob("*.toml")]
    table = desk_words(language).table

    named = {kind: {e["name"] for f in files for e in f.get(kind, ())} for kind in KINDS}
    assert (len(named["mask"]) > 8, len(named["context"]) > 5) == (True, True)
    assert (named["mask"] - set(table["masks"]), named["context"] - set(table["contexts"])) == (
        set(),
        set(),
    )
    assert set(SCORE_PARTS) == set(table["arithmetic"])


def test_points_are_written_as_the_language_writes_them():
    assert points(desk_words("fr"), -22.0) == "−22,0"
    assert points(desk_words("en"), 20.0) == "+20.0"


def test_countries_are_in_the_order_of_the_alphabet():
    names = [name for _, name in african_countries(desk_words("fr"))]

    assert names.index("Djibouti") < names.index("Égypte") < names.index("Gabon")


def test_every_phrase_of_the_desk_is_used():
    own = tomllib.loads((TEMPLATES.parent / "locale" / "fr.toml").read_text(encoding="utf-8"))
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [*TEMPLATES.glob("*.html"), *TEMPLATES.parent.glob("*.py")]
    )
    composed = (
        "state_",
        "verdict_",
        "did_",
        "facet_",
        "order_",
        "key_",
        "nav_",
        "ownership_",
        "probe_kind_",
    )
    unused = [
        key
        for key in own["phrases"]
        if f"'{key}'" not in code and f'"{key}"' not in code and not key.startswith(composed)
    ]
    assert unused == []


def test_french_has_no_plain_space_before_high_punctuation():
    for key, phrase in desk_words("fr").table["phrases"].items():
        assert not re.search(r"\w [:;?!»]", str(phrase)), key


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("en-GB,en;q=0.9", "en"), ("de, fr;q=0.5", "fr"), ("", "fr"), ("*", "fr"), ("EN", "en")],
)
def test_language_of_the_browser(accepted, language):
    assert preferred_language(accepted) == language


def _gaps(phrase: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}
