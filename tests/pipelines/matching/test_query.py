"""Queries: the language, its two spellings, and its faults with their place."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.matching.errors import QueryError
from pipelines.matching.query import (
    And,
    AtLeast,
    Field,
    Lexicon,
    Near,
    NoArticle,
    NoSentence,
    Not,
    Or,
    Paragraph,
    Sentence,
    Term,
    parse_query,
    terms_of,
)

A, B, C = Term("a"), Term("b"), Term("c")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("russe+", Term("russe+")),
        ('"accord+ militaire+"', Term("accord+ militaire+")),
        ('="Africa Corps"', Term("=Africa Corps")),
        ("=VTB", Term("=VTB")),
        ("N'Djamena", Term("N'Djamena")),
        ("@russia", Lexicon("russia")),
        ("a AND b AND c", And((A, B, C))),
        ("a OR b AND c", Or((A, And((B, C))))),
        ("(a OR b) AND c", And((Or((A, B)), C))),
        ("a AND b NOT c", Not(And((A, B)), C)),
        ("a AND NOT b", Not(A, B)),
        ("a NOARTICLE b", NoArticle(A, B)),
        ("SENTENCE(a NOSENTENCE b)", Sentence(NoSentence(A, B))),
        ("SENTENCE/2(a AND b)", Sentence(And((A, B)), 2)),
        ("PARAGRAPH(a)", Paragraph(A)),
        ("a NEAR/5 b", Near(A, B, 5)),
        ("ATLEAST/3 a", AtLeast(A, 3)),
        ("title:a", Field("title", A)),
        ("lead:(a OR b)", Field("lead", Or((A, B)))),
        ("ETAT OR ORAN", Or((Term("ETAT"), Term("ORAN")))),
    ],
)
def test_a_query_is_read_as_a_tree(text: str, root: object) -> None:
    assert parse_query(text).root == root


FRENCH = {
    "AND": "ET",
    "OR": "OU",
    "NOT": "SAUF",
    "NOARTICLE": "SAUFARTICLE",
    "NOSENTENCE": "SAUFPHRASE",
    "SENTENCE(": "PHRASE(",
    "PARAGRAPH(": "PARAGRAPHE(",
    "ATLEAST/2": "AUMOINS/2",
    "title:": "titre:",
    "lead:": "chapo:",
    "text:": "texte:",
}


def _queries() -> st.SearchStrategy[str]:
    words = st.sampled_from(["russe+", "Mali", '"accord militaire"', "@russia", "=VTB", "livr*"])

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        operators = st.sampled_from(["AND", "OR", "NOT", "NOARTICLE", "NOSENTENCE", "NEAR/3"])
        prefixes = st.sampled_from(["SENTENCE(", "PARAGRAPH(", "ATLEAST/2 (", "title:(", "text:("])
        return st.one_of(
            st.builds("({} {} {})".format, inner, operators, inner),
            st.builds("{}{})".format, prefixes, inner),
        )

    return st.recursive(words, grown, max_leaves=6)


@given(_queries())
@settings(deadline=None)
def test_both_spellings_are_the_same_query(text: str) -> None:
    french = text
    for english, translated in sorted(FRENCH.items(), key=lambda pair: -len(pair[0])):
        joint = "" if english[-1] in "(:" else " "
        french = french.replace(english + joint, translated + joint)

    assert parse_query(french).root == parse_query(text).root


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("russe Mali", "an operator (AND, OR, NOT, NEAR/n …) is missing before 'Mali'", 1, 7),
        ("russe\nAND (Mali", "the query ends too early: a ( is not closed", 2, 10),
        ("russe OR", "the query ends too early: a word, a phrase or a ( is missing", 1, 9),
        ("russe and Mali", "operators are in capitals: write AND for 'and'", 1, 7),
        ("russe ou Mali", "operators are in capitals: write OU for 'ou'", 1, 7),
        ("russe NEAR Mali", "NEAR needs a number: NEAR/5", 1, 7),
        ("ATLEAST Mali", "ATLEAST needs a number: ATLEAST/2", 1, 9),
        ("«\u00a0coopération militaire", "the phrase that begins here is not closed with »", 1, 1),
        (
            "corps:russe",
            "'corps:' is no field; there are title: lead: text: titre: chapo: texte:",
            1,
            6,
        ),
        ("russe)", "this ) closes nothing", 1, 6),
        ("NOT russe", "'NOT' needs a word, a phrase or a ( before it", 1, 1),
        ("a AND ()", "')' cannot stand here: a word, a phrase or a ( is expected", 1, 8),
        ('accord "', 'the phrase that begins here is not closed with "', 1, 8),
        ("ab*", "'ab*': at least 3 letters have to stand before *", 1, 1),
        ("ru+sse", "'ru+sse': + and * belong at the end of a word", 1, 1),
        ("a OR …", "'…' holds no word", 1, 6),
        ("ATLEAST/0 a", "the number in ATLEAST/0 is not 1 to 1000", 1, 1),
        ("  ", "the query is empty", 1, 1),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(QueryError) as raised:
        parse_query(text)

    assert (raised.value.message, raised.value.line, raised.value.column) == (message, line, column)


@pytest.mark.parametrize("unit", ["(", "russe ", '"', "title:", "ATLEAST/2 ", "a NOT ", "a OR "])
@pytest.mark.parametrize("size", [19_000, 10_000_000])
def test_a_huge_query_is_refused_at_once(unit: str, size: int) -> None:
    started = time.perf_counter()
    with pytest.raises(QueryError):
        parse_query(unit * (size // len(unit)))

    assert time.perf_counter() - started < 5


@given(st.one_of(st.text(), st.text(alphabet='ab()"@:+*=/ \n0ANDORTE')))
@settings(deadline=None)
def test_no_text_raises_anything_but_a_query_error(text: str) -> None:
    try:
        parse_query(text)
    except QueryError as error:
        assert error.line >= 1  # noqa: PT017  # the error is the documented outcome, not the test


@pytest.mark.parametrize(
    "phrase", ["«\u00a0accord+ militaire+\u00a0»", "“accord+ militaire+”", "« accord+ militaire+ »"]
)
def test_a_phrase_may_stand_in_the_quotation_marks_of_the_press(phrase: str) -> None:
    assert (
        parse_query(f"russe AND {phrase}").root
        == parse_query('russe AND "accord+ militaire+"').root
    )
    assert (
        parse_query(f"russe SAUF {phrase}").root
        == parse_query('russe NOT "accord+ militaire+"').root
    )


def test_terms_are_listed_once_in_their_order() -> None:
    query = parse_query("SENTENCE(@russia AND (b OR a NEAR/2 b))")

    assert terms_of(query) == (Lexicon("russia"), B, A)
