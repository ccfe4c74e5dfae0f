"""What a query needs before any of its rules could fire, as the prefilter reads it."""

from __future__ import annotations

import pytest

from pipelines.matching.ruleset import compile_sources
from pipelines.prefilter import Prefilter

RULES = """
[lexicon.far]
terms = ["Россия"]
[lexicon.near]
terms = ["Mali"]
[[rule]]
id = "one"
query = '{query}'
"""


def of(query: str) -> Prefilter:
    return Prefilter(compile_sources((("a.toml", RULES.format(query=query)),)))


@pytest.mark.parametrize(
    ("query", "text", "seen"),
    [
        ("@near AND cacao", "Le Mali", False),
        ("@near AND cacao", "cacao du Mali", True),
        ("@near OR cacao", "le cacao", True),
        ("(@near AND cacao) OR (coton AND riz)", "Mali, coton", False),
        ("(@near AND cacao) OR (coton AND riz)", "riz, coton", True),
        ("cacao NOT @near", "le cacao", True),
        ("SENTENCE(cacao NOSENTENCE @near)", "le cacao du Mali", True),
        ("titre:(cacao NEAR/3 riz)", "riz et thé", False),
        ('"prix* du cacao"', "prixes du cacao", True),
        ('"port* sec"', "portuaire", True),
        ('"port* sec"', "le por", False),
        ('"Bois Rouge"', "Bois <b>Rou</b>ge", True),
        ('"Bois Rouge"', "Bois, puis le rouge", False),
        ("@far", "n’importe quoi", True),
        ("@far AND cacao", "n’importe quoi", False),
    ],
)
def test_what_a_query_needs_has_to_be_there(query: str, text: str, seen: bool) -> None:
    assert of(query).may_flag(f"<p>{text}</p>".encode()) is seen


def test_a_query_of_many_alternatives_is_taken_for_less_than_it_needs() -> None:
    parts = " OR ".join(f"(riz{n} AND blé{n} AND thé{n})" for n in range(30))

    found = of(parts)

    assert found.may_flag("<p>riz7 et blé7 et thé7</p>".encode())
    assert not found.may_flag(b"<p>cacao</p>")
