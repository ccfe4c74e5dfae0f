"""The query of a search: what it finds, and what it asks of the full-text index."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.matching.finder import Finder
from pipelines.matching.query import QueryError, parse_query
from pipelines.matching.ruleset import RuleSet

TEXT = "L’armée du Sénégal a reçu des blindés.\nLe cœur du débat : l’Africa Corps à N’Djamena."


def words(query: str, rules: RuleSet, title: str = "", text: str = TEXT) -> list[str]:
    fields = {"title": title, "lead": "", "text": text}
    found = Finder(parse_query(query), rules).find(title, "", text)
    return [fields[place.field][place.start : place.end] for place in found]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Senegal", ["Sénégal"]),
        ("armee", ["armée"]),
        ("coeur", ["cœur"]),
        ("œuvre", []),
        ("blindé+", ["blindés"]),
        ("blind*", ["blindés"]),
        ('="Africa Corps"', ["Africa Corps"]),
        ('="africa corps"', []),
        ('"N\'Djamena"', ["N’Djamena"]),
        ("PHRASE(armée ET blindé+)", ["armée", "blindés"]),
        ("SENTENCE(armée AND coeur)", []),
        ("armée NEAR/3 Sénégal", ["armée", "Sénégal"]),
        ("armée SAUF Sénégal", ["armée"]),
        ("armée SAUFARTICLE Sénégal", []),
        ("@africa", ["N’Djamena"]),
    ],
)
def test_what_is_found(query: str, found: list[str], rules: RuleSet) -> None:
    assert words(query, rules) == found


def test_a_field_limits_where_is_looked(rules: RuleSet) -> None:
    assert words("titre:armée", rules) == []
    assert words("title:armée", rules, title="L’armée") == ["armée"]


@pytest.mark.parametrize("query", ["@nosuch", "a*"])
def test_a_lexicon_or_term_that_cannot_be_looked_for_is_told(query: str, rules: RuleSet) -> None:
    with pytest.raises(QueryError):
        Finder(parse_query(query), rules)


QUERIES = [
    "Senegal",
    "armee ET blindé+",
    "(coeur OU xyz) SAUF débat",
    "PHRASE(armée ET blind*)",
    "text:armée NEAR/3 Sénégal",
    '"N\'Djamena"',
    "@africa",
    "ATLEAST/1 armée",
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_full_text_query_never_misses_what_the_matcher_finds(
    query: str, rules: RuleSet
) -> None:
    finder = Finder(parse_query(query), rules)
    assert finder.find("", "", TEXT)
    db = sqlite3.connect(":memory:")
    db.execute(
        "create virtual table t using fts5 (title, standfirst, text,"
        ' tokenize="unicode61 remove_diacritics 2")'
    )
    db.execute("insert into t values ('', '', ?)", [TEXT.replace("œ", "oe")])

    assert db.execute("select 1 from t where t match ?", [finder.full_text]).fetchone() == (1,)


@given(st.text(alphabet='abé"*+ ()ET', min_size=1, max_size=20))
def test_any_query_is_told_or_asks_something_that_full_text_understands(
    rules: RuleSet, query: str
) -> None:
    try:
        finder = Finder(parse_query(query), rules)
    except QueryError:
        return
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table t using fts5 (title, standfirst, text)")

    assert db.execute("select 1 from t where t match ?", [finder.full_text]).fetchone() is None
