"""The query of a search: what it finds, and what it asks of the full-text index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.matching.errors import QueryError
from pipelines.matching.finder import Finder
from pipelines.matching.query import parse_query
from pipelines.matching.ruleset import RuleSet, load_rules

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
        ("SENTENCE/2(PARAGRAPH(blindé+ AND débat))", ["blindés", "débat"]),
        ("armée SAUF Sénégal", ["armée"]),
        ("armée SAUFARTICLE Sénégal", []),
        ("@africa", ["N’Djamena"]),
    ],
)
def test_what_is_found(query: str, found: list[str], rules: RuleSet) -> None:
    assert words(query, rules) == found


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("Guinée", "La Guinée équatoriale, la Guinée-Bissau, le golfe de Guinée.", []),
        ("Guinée", "La Guinée équatoriale et la République de Guinée.", ["Guinée"]),
        ('"Guinée équatoriale"', "La Guinée équatoriale.", ["Guinée équatoriale"]),
        ("guinée*", "La Guinée équatoriale.", []),
        ("Niger", "Le Nigeria, le delta du Niger, puis le Niger.", ["Niger"]),
        ("Soudan", "Au Soudan du Sud.", []),
        ("Congo", "En RD Congo, sur le fleuve Congo.", ["Congo"]),
        ("Afrique", "En Afrique de l’Ouest, selon Jeune Afrique.", ["Afrique"]),
        ("palais", "Au palais Mohammed V de Conakry.", ["palais"]),
        ("russe+", "Des montagnes russes.", []),
        ("russe+", "Des montagnes russes.\nA lire aussi : les instructeurs russes", []),
        ('"montagnes russes"', "Des montagnes russes.", ["montagnes russes"]),
        ('"montagnes russes" ET russe+', "Des montagnes russes.", ["montagnes russes", "russes"]),
        ("Afrique SAUF Mali", "L’Afrique de l’empire du Mali.", ["Afrique"]),
        ("Afrique SAUFARTICLE Mali", "L’Afrique de l’empire du Mali.", ["Afrique"]),
    ],
)
def test_what_no_rule_would_count_is_left_aside(query: str, text: str, found: list[str]) -> None:
    assert words(query, load_rules(), text=text) == found


@pytest.mark.parametrize(
    ("text", "left_out"),
    [("Le golfe de Guinée.", True), ("Le golfe de Guinée et la Guinée.", False), ("Rien.", False)],
)
def test_an_article_that_is_left_out_is_known(text: str, left_out: bool) -> None:
    assert Finder(parse_query("Guinée"), load_rules()).look("", "", text).left_out is left_out


def test_as_written_everything_is_found() -> None:
    finder = Finder(parse_query("Guinée"), load_rules(), as_written=True)

    assert len(finder.find("", "", "La Guinée équatoriale, le golfe de Guinée.")) == 2


def test_words_of_two_fields_are_not_near_each_other(rules: RuleSet) -> None:
    assert words("russe NEAR/4 accord", rules, title="russe", text="Accord.") == []


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
@settings(deadline=None)
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


TOKENS = ("armée", "russe", "russes", "de", "la", "fédération", "Russie", "blé", "accord", "pays",
          "Kremlin", "du", "vaste", "monde", "plus", "cœur", "N’Djamena", "accords")  # fmt: skip
SENTENCES = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=12).map(" ".join)
ENDS = st.sampled_from((". ", ".\n", " ", " M. ", "\n"))
TEXTS = st.lists(st.tuples(SENTENCES, ENDS), max_size=6).map(
    lambda parts: "".join(one.capitalize() + end for one, end in parts)
)
ASKED = [
    "russe+", "@russia", "@russia ET blé", "SENTENCE(@russia ET blé)", "SENTENCE/2(armée ET blé)",
    "PHRASE(armée ET (blé OU accord+))", "@russia NEAR/4 accord+", "(armée OU blé) NEAR/3 russe+",
    "titre:(armée ET @russia)", "SENTENCE(armée NEAR/2 blé) OU coeur", '"plus vaste pays du monde"',
    "armée SAUFARTICLE blé", "armée SAUFPHRASE blé", "ATLEAST/2 russe+", "blé SAUF fédération",
    "SENTENCE(PHRASE(armée) ET blé)", '"fédération de Russie" NEAR/2 accord+', "N'Djamena",
]  # fmt: skip


@pytest.fixture(scope="module")
def finders(rules: RuleSet) -> dict[str, tuple[Finder, Finder]]:
    """Each query asked as a search does, and asked of every article sentence by sentence."""
    pairs = {}
    for query in ASKED:
        quick, whole = (Finder(parse_query(query), rules) for _ in range(2))
        whole._by_sentence = True  # noqa: SLF001 - the way without short cuts
        pairs[query] = quick, whole
    return pairs


@settings(max_examples=300, deadline=None)
@given(query=st.sampled_from(ASKED), title=SENTENCES, text=TEXTS)
def test_a_search_finds_what_the_whole_evaluation_of_every_article_finds(
    finders: dict[str, tuple[Finder, Finder]], query: str, title: str, text: str
) -> None:
    quick, whole = finders[query]
    with patch("pipelines.matching.finder.could_satisfy", return_value=True):
        expected = whole.find(title, "", text)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            "create virtual table t using fts5 (title, standfirst, text,"
            ' tokenize="unicode61 remove_diacritics 2")'
        )
        spelled = [one.replace("œ", "oe").replace("Œ", "Oe") for one in (title, text)]
        db.execute("insert into t values (?, '', ?)", spelled)
        asked = db.execute("select 1 from t where t match ?", [quick.full_text])
        is_candidate = asked.fetchone() is not None

    assert quick.find(title, "", text) == expected
    assert is_candidate or not expected
