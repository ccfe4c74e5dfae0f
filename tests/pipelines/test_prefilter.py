"""What the prefilter passes over, no rule flags."""

from __future__ import annotations

import html
import json
import time
import unicodedata
from datetime import UTC, datetime
from html.entities import codepoint2name
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet, load_rules
from pipelines.prefilter import Prefilter, prefilter
from pipelines.read import read_page, use_rules
from storage.records import Page, Reading

SETS = Path(__file__).parents[2] / "benchmarks" / "flagging"
DATA = Path(__file__).parents[2].parent / "shared" / "data" / "pages"
real_pages = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not on this machine")

FILLER = "".join(
    f"<p>Le maire de Ségou a présenté le projet numéro {n} devant les habitants réunis.</p>"
    for n in range(12)
)
FLAGGED = (
    "Des instructeurs russes sont arrivés à Bamako pour former l’armée malienne.",
    "L’Africa Corps a perdu deux véhicules près de Kidal, au Mali.",
    "La Russie et le Sénégal ont signé un accord de coopération militaire à Dakar.",
    "Sergueï Lavrov, chef de la diplomatie russe, a été reçu à N’Djamena.",
    "Le Burkina Faso et Rosatom construiront une centrale nucléaire à Ouagadougou.",
)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    found = load_rules()
    use_rules(found)
    return found


@pytest.fixture(scope="module")
def shipped(rules: RuleSet) -> Prefilter:
    return Prefilter(rules)


def page(body: bytes, content_type: str = "text/html") -> Page:
    return Page(
        source="a",
        url="https://a.example/x",
        queued_url="https://a.example/x",
        body=body,
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
        headers=(("content-type", content_type),),
        country="ML",
    )


def document(paragraph: str, head: str = "", title: str = "Nouvelles du jour à Ségou") -> str:
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body><article><h1>{title}</h1><p>{paragraph}</p>{FILLER}</article></body></html>"
    )


def is_flagged(one: Page) -> bool:
    reading = read_page(one, "none")
    return isinstance(reading, Reading) and reading.flag.flagged


def named(character: str) -> str:
    name = codepoint2name.get(ord(character))
    return f"&{name};" if name else f"&#{ord(character)};"


DISGUISES = (
    lambda c: c,
    lambda c: c,
    named,
    lambda c: f"&#{ord(c)};",
    lambda c: f"&#x{ord(c):X};",
    lambda c: unicodedata.normalize("NFD", c),
    lambda c: f"{c}\u00ad",
    lambda c: f"{c}&shy;",
    lambda c: f"{c}\u200b",
    lambda c: f"<b>{c}</b>",
    lambda c: f"<span class='x>y'>{c}</span>",
    lambda c: f"{c}<!-- note -->",
    lambda c: f"{c}<wbr>",
    lambda c: f"{c}<script>var wagner = '<b>';</script>",
)
SPACES = (" ", " ", "\u00a0", "&nbsp;", "\n  ", " <em>", "</em> ", "&#8239;", "\u2009")


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """Draw a sentence that is flagged, written as pages may write it."""
    sentence = draw(st.sampled_from(FLAGGED))
    ways = draw(st.lists(st.sampled_from(DISGUISES), min_size=1, max_size=6))
    spaces = draw(st.lists(st.sampled_from(SPACES), min_size=1, max_size=4))
    step = draw(st.integers(1, 7))
    written = []
    for place, character in enumerate(sentence):
        if character == " ":
            written.append(spaces[place % len(spaces)])
        elif place % step == 0 and character.isalpha():
            written.append(ways[place // step % len(ways)](character))
        else:
            written.append(html.escape(character))
    return "".join(written)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(disguised())
def test_a_page_that_is_flagged_is_never_passed_over(paragraph: str) -> None:
    found = load_rules()
    use_rules(found)
    one = page(document(paragraph).encode())

    flagged = is_flagged(one)

    event(f"flagged: {flagged}")
    assert prefilter(found).could_flag(one) or not flagged


@pytest.mark.parametrize("sentence", FLAGGED)
def test_the_sentences_of_these_tests_are_flagged(shipped: Prefilter, sentence: str) -> None:
    assert is_flagged(page(document(sentence).encode()))
    assert not shipped.could_flag(page(document("Il a plu sur la ville.").encode()))


@pytest.mark.parametrize(
    "markup",
    [
        document("<b>Rus</b>sie, Mali : accord de coopération"),
        document("La Rus<!-- a > b -->sie et le Mali signent un accord de coopération."),
        document("LA RUSSIE ET LE MALI SIGNENT UN ACCORD DE COOPE&#769;RATION."),
        document("x", title="Mali&nbsp;: l&rsquo;accord avec la <i>Russ</i>ie"),
        document("x", head='<meta property="og:title" content="La Russie et le Mali, accord">'),
        document("x", head="<meta name='description' content='La Rus&shy;sie, le Mali, accord'>"),
        document(
            "x",
            head='<script type="application/ld+json">'
            '{"@type":"NewsArticle","headline":"Mali\\nRussie \\u003cb\\u003eacc\\u003c/b\\u003eord"}</script>',
        ),
        document(
            "x", head='<SCRIPT TYPE=\'Application/LD+JSON\'>{"name":"Russie Mali accord"}</SCRIPT>'
        ),
        document("1 < 2 Russie, Mali et accord de coopération > 3"),
        document("x <!-- <script> --> La Russie, le Mali, un accord <script></script>"),
        document("x <scripts>La Russie, le Mali, un accord</scripts>"),
        document("La Russ\x00ie, le Mali\x0b, un acc\u2060ord \U0001f1f7\U0001f1fa →"),
        document("La Rússi\u0301e, le Mali et un accord ﬁnal"),
        document("Â«Â La Russie et le Mali signent un accord de coopÃ©rationÂ Â»"),
        document("Le S&Atilde;&copy;n&Atilde;&copy;gal et Serguei Choigou : un accord"),
        document("<SCRIPT>if (a<b) {}</SCRIPT >La Russie, le Mali et un accord"),
        document("<!-->La Russie, le Mali et un accord<!-- -->"),
        document("<!--->La Russie, le Mali et un accord"),
        document("<p title='a > b' lang=fr>La Russie, le Mali et un accord"),
        "<p>Mali, accord, Russie",
        "Mali, accord <b>Russie",
    ],
    ids=range(21),
)
def test_what_a_page_says_is_seen_however_it_is_written(shipped: Prefilter, markup: str) -> None:
    assert shipped.could_flag(page(markup.encode()))


@pytest.mark.parametrize(
    ("codec", "content_type"),
    [
        ("utf-8-sig", "text/html"),
        ("utf-16", "text/html"),
        ("cp1252", "text/html; charset=utf-8"),
        ("cp1252", "text/html; charset=iso-8859-1"),
    ],
)
def test_a_page_is_decoded_as_the_extraction_decodes_it(
    shipped: Prefilter, codec: str, content_type: str
) -> None:
    markup = document("Sergueï Choïgou a signé un accord de coopération avec le Sénégal.")

    assert shipped.could_flag(page(markup.replace("utf-8", "x").encode(codec), content_type))


@pytest.mark.parametrize(
    "markup",
    [
        document("Le Mali et le Maroc signent un accord de coopération."),
        document("x <script>var titre = 'La Russie et le Mali, un accord';</script>"),
        document("x <style>.russie-mali-accord { color: red }</style>"),
        document("<a href='/russie-mali-accord/' title='La Russie et le Mali, un accord'>x</a>"),
        document("Le prix du blé inquiète le Sénégal. العربية Ελλάδα 中文"),
    ],
)
def test_a_page_without_what_the_rules_need_is_passed_over(shipped: Prefilter, markup: str) -> None:
    assert not shipped.could_flag(page(markup.encode()))


def rows() -> list[dict[str, str]]:
    return [
        json.loads(line)
        for file in sorted(SETS.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def test_no_labelled_article_that_is_flagged_is_passed_over(
    shipped: Prefilter, rules: RuleSet
) -> None:
    lost, flagged, passed = [], 0, 0
    for row in rows():
        title, text = row.get("title") or "", row.get("text") or ""
        paragraphs = "</p><p>".join(html.escape(text).split("\n"))
        seen = shipped.may_flag(document(paragraphs, title=html.escape(title)).encode())
        is_on = flag_text(title, None, text, rules).flagged
        flagged += is_on
        passed += not seen
        if is_on and not seen:
            lost.append(title)

    assert lost == []
    assert flagged > 300
    assert passed > 50  # else the prefilter would not be worth its time


@real_pages
def test_a_flagged_paragraph_in_a_real_page_is_seen(shipped: Prefilter) -> None:
    missed = []
    for number, file in enumerate(sorted(DATA.rglob("*.html"))):
        body = file.read_bytes()
        sentence = FLAGGED[number % len(FLAGGED)].encode()
        changed = body.replace(b"</p>", b" " + sentence + b"</p>", 1)
        if changed != body and not shipped.could_flag(page(changed)):
            missed.append(file.name)

    assert missed == []


def test_a_title_that_only_the_feed_gives_is_seen(shipped: Prefilter) -> None:
    markup = document("x").encode()

    assert not shipped.may_flag(markup)
    assert shipped.may_flag(markup, title_hint="La Russie et le Mali signent un accord")


@pytest.mark.parametrize(
    "piece", [b"<script>", b"<style>", b"<!--", b"<meta ", b"<", b"<a ", b"&#", b"a<b>", b"<b>"]
)
def test_a_hostile_page_takes_no_longer_than_its_size(shipped: Prefilter, piece: bytes) -> None:
    body = piece * (1_000_000 // len(piece))

    started = time.process_time()
    shipped.may_flag(body)

    assert time.process_time() - started < 5  # quadratic time would be minutes
