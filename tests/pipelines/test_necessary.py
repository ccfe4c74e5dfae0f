"""The few forms that every rule needs one of."""

from __future__ import annotations

import pytest

from pipelines.matching.query import Lexicon, Term, parse_query, terms_of
from pipelines.matching.ruleset import load_rules
from pipelines.necessary import necessary_forms
from pipelines.prefilter import Prefilter

LEXICONS = {
    "russia": [b" russie ", b" russe "],
    "envoys": [b" ambassadeur russe ", b" consul de russie "],
    "africa": [b" mali ", b" niger ", b" tchad ", b" togo "],
    "deal": [b" accord "],
    "foreign": [b""],
}


def needed(*queries: str) -> set[str] | None:
    parsed = [parse_query(query) for query in queries]
    forms = {
        leaf: frozenset(
            LEXICONS[leaf.name] if isinstance(leaf, Lexicon) else [b" %b " % leaf.text.encode()]
        )
        for query in parsed
        for leaf in terms_of(query)
        if isinstance(leaf, Lexicon | Term)
    }
    found = necessary_forms(parsed, forms)
    return None if found is None else {form.decode().strip() for form in found}


@pytest.mark.parametrize(
    ("queries", "forms"),
    [
        (["@russia AND @africa"], {"russie", "russe"}),
        (["@russia AND @africa", "@africa AND cacao"], {"russie", "russe", "cacao"}),
        (["@africa"], {"mali", "niger", "tchad", "togo"}),
        (["@envoys AND @deal", "@russia"], {"russie", "russe"}),
        (["@envoys AND riz"], {"riz"}),
        (["(@africa AND @deal) OR (@africa AND riz)"], {"accord", "riz"}),
        (["@deal NOT @russia"], {"accord"}),
        (["SENTENCE(@africa NEAR/3 @deal) NOARTICLE riz"], {"accord"}),
        (["@foreign AND @deal"], {"accord"}),
        (["@foreign OR @deal"], None),
        ([], set()),
    ],
)
def test_every_query_needs_one_of_the_forms(queries: list[str], forms: set[str] | None) -> None:
    assert needed(*queries) == forms


def test_of_the_shipped_rules_only_russian_words_are_looked_for() -> None:
    prefilter = Prefilter(load_rules())
    news = (
        "Le président du Mali et le ministre des Affaires étrangères du Niger ont signé un accord"
        " de coopération militaire, des bourses et un don de blé, a annoncé l’ambassadeur de Chine."
    )

    assert not prefilter.may_flag(f"<p>{news}</p>".encode())
    assert prefilter.may_flag(f"<p>{news.replace('Chine', 'Russie')}</p>".encode())
