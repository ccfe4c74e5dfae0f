"""Evaluation: what each operator and each form of a term finds in a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.matching.automaton import Automaton, Vocabulary
from pipelines.matching.document import Document, join
from pipelines.matching.plan import satisfying
from pipelines.matching.planner import Planner
from pipelines.matching.query import parse_query, terms_of
from storage.folding import fold_text


def _found(query: str, text: str, title: str = "", lead: str = "") -> list[str]:
    parsed = parse_query(query)
    bits = {leaf: 1 << number for number, leaf in enumerate(terms_of(parsed))}
    vocabulary = Vocabulary()
    for leaf, bit in bits.items():
        vocabulary.add(leaf.text, bit)  # type: ignore[union-attr]  # no lexicons here
    automaton = Automaton(vocabulary)
    scan = automaton.scan(join(title, lead, text))
    bases = (0, len(title) + 1, len(title) + 2 + len(lead))
    document = Document(scan, bases, automaton.hits(scan))
    plan = Planner(bits.__getitem__).plan(parsed.root)
    found = document.hits_of(satisfying(plan, document))
    return [scan.text[hit.start : hit.end] for hit in found]


@pytest.mark.parametrize(
    ("term", "text", "words"),
    [
        ("armée", "L’armée et l'armee, l\u2011ARMÉE.", ["armée", "armee", "ARMÉE"]),
        ("Mali", "La normalité de l’animalité", []),
        ("russe+", "Un russe, des Russes, une russerie", ["russe", "Russes"]),
        ("livr*", "Il livre, ils livreront ; ivre", ["livre", "livreront"]),
        ("=VTB", "VTB mais pas vtb ni Vtb", ["VTB"]),
        ("=Étoile", "Étoile, Etoile et étoile", ["Étoile", "Etoile"]),
        ('"accord+ militaire+"', "des accords militaires", ["accords militaires"]),
        ('"Côte d\'Ivoire"', "Côte-d’Ivoire, COTE D IVOIRE", ["Côte-d’Ivoire", "COTE D IVOIRE"]),
        ("N'Djamena", "N’Djaména ou Ndjamena", ["N’Djaména", "Ndjamena"]),
        ("Mali-Russie", "Mali–Russie, Mali – Russie : oui", ["Mali–Russie", "Mali – Russie"]),
        ('"Mali Russie"', "Le Mali, Russie oblige\nMali\nRussie", []),
        ('"ambassad* de Russie"', "L’ambassadeur de Russie", ["ambassadeur de Russie"]),
        ("cœur", "le coeur et le cœur", ["coeur", "cœur"]),
    ],
)
def test_a_term_finds_its_forms(term: str, text: str, words: list[str]) -> None:
    assert _found(term, text) == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("russe AND accord", "Un accord. Un russe.", ["accord", "russe"]),
        ("SENTENCE(russe AND accord)", "Un accord. Un russe.", []),
        ("PARAGRAPH(russe AND accord)", "Un accord. Un russe.", ["accord", "russe"]),
        ("PARAGRAPH(russe AND accord)", "Un accord.\nUn russe.", []),
        ("SENTENCE/2(russe AND accord)", "Un accord. Un russe. Un.", ["accord", "russe"]),
        ("SENTENCE/2(russe AND accord)", "Un accord. Rien. Un russe.", []),
        ("russe OR accord", "Un russe.", ["russe"]),
        ('russes NOT "montagnes russes"', "montagnes russes, chars russes", ["russes"]),
        ('russes NOT "montagnes russes"', "les montagnes russes", []),
        ("russe NOARTICLE sport", "Un russe. Du sport.", []),
        ("SENTENCE(russe NOSENTENCE sport)", "Un russe. Du sport. Sport russe.", ["russe"]),
        ("russe NOSENTENCE sport", "Un russe. Du sport. Sport russe.", ["russe"]),
        ("Mali NEAR/1 russe", "L’accord Mali-russe", ["Mali", "russe"]),
        ("Mali NEAR/1 russe", "russe – Mali", ["russe", "Mali"]),
        ("Mali NEAR/1 russe", "Mali et russe", []),
        ("Mali NEAR/2 russe", "Mali et russe", ["Mali", "russe"]),
        ("Mali NEAR/2 russe", "Mali non loin du russe", []),
        ("ATLEAST/2 russe", "Un russe.", []),
        ("ATLEAST/2 russe", "Un russe. Un russe.", ["russe", "russe"]),
        ("title:russe", "Un russe.", []),
        ("text:russe", "Un russe.", ["russe"]),
        ("PARAGRAPH(russe AND SENTENCE(a AND b))", "a b. russe.", ["a", "b", "russe"]),
        ("PARAGRAPH(russe AND SENTENCE(a AND b))", "A vu. B vu. Un russe.", []),
        ("SENTENCE/2(SENTENCE(a) AND SENTENCE(b))", "A vu. B vu. Rien. A.", ["A", "B"]),
        ("SENTENCE/2(SENTENCE(a NOSENTENCE b) AND c)", "A b. C vu. Rien. A vu. C.", ["A", "C"]),
        ('SENTENCE((a NOT "a b") AND c)', "C a b. C a, a b.", ["C", "a"]),
        ("SENTENCE(ATLEAST/2 a)", "A vu. A et a.", ["A", "a"]),
        ("SENTENCE((a NEAR/1 b) OR c)", "A b. A et b. C.", ["A", "b", "C"]),
        ('((a NOT "a b") AND z) OR SENTENCE(c OR y)', "A b. C a.", ["C"]),
        ("title:(SENTENCE(a AND b))", "A b.", []),
        ("SENTENCE/3(a AND b)", "A vu. Rien. B vu. A.", ["A", "B", "A"]),
        ("SENTENCE/3(a AND b)", "A et b.", ["A", "b"]),
        ("PARAGRAPH(SENTENCE/2(a AND b))", "A vu.\nB vu. A.", ["B", "A"]),
    ],
)
def test_an_operator_finds_what_it_says(query: str, text: str, words: list[str]) -> None:
    assert _found(query, text) == words


def test_fields_are_told_apart() -> None:
    assert _found("title:russe AND lead:accord", "", "Un Russe", "Un accord") == ["Russe", "accord"]
    assert _found("SENTENCE(russe AND accord)", "", "Un Russe", "Un accord") == []


_WORDS = st.sampled_from(["russe", "Mali", "accord", "sport", "et", "l’armée", "cœur"])
_MARKS = st.sampled_from([" ", ". ", ", ", "\n", "-", " « "])
_TEXTS = st.lists(st.builds("{}{}".format, _WORDS, _MARKS), max_size=30).map("".join)
_PLAIN = st.sampled_from(["russe", "Mali", "accord", "sport", "armee", "coeur"])


@given(_PLAIN, _TEXTS, st.text(alphabet="aœ\u0301\u00ad’ Иé", max_size=5))
@settings(deadline=None)
def test_offsets_point_at_the_words(term: str, text: str, before: str) -> None:
    found = _found(term, f"{before} {text}")

    assert [fold_text(words) for words in found] == [term.lower()] * len(found)
    assert len(found) >= text.lower().split().count(term.lower())


@given(_TEXTS, _PLAIN, _PLAIN)
@settings(deadline=None)
def test_a_sentence_holds_no_more_than_its_article(text: str, a: str, b: str) -> None:
    inside = _found(f"SENTENCE({a} AND {b})", text)
    anywhere = _found(f"{a} AND {b}", text)

    assert len(inside) <= len(anywhere)
    assert _found(f"{a} NEAR/3 {b}", text) == _found(f"{b} NEAR/3 {a}", text)


@given(_TEXTS, _PLAIN, _PLAIN, st.integers(2, 4))
@settings(deadline=None)
def test_runs_of_sentences_are_found_the_quick_way_as_the_long_way(
    text: str, a: str, b: str, count: int
) -> None:
    body = f"(SENTENCE({a} NOSENTENCE sport) AND {b})"
    quick = _found(f"SENTENCE/{count}({body})", text, "Un accord russe", "Un sport")
    long = _found(f"SENTENCE/{count}({body} OR {body})", text, "Un accord russe", "Un sport")

    assert quick == long


@given(st.text(), st.text())
@settings(deadline=None)
def test_any_text_can_be_searched(title: str, text: str) -> None:
    assert isinstance(_found("russe+ NEAR/3 acc* NOT =VTB", text, title), list)
