"""The same digest as HTML, Markdown, plain text, Atom, JSON and DOCX."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

from review.digest.atom import atom_feed, digest_atom
from review.digest.html_page import digest_page, mail_page
from review.digest.json_form import digest_json
from review.digest.markdown import digest_markdown
from review.digest.plain import digest_plain
from review.digest.words import LANGUAGES, words
from storage.reasons import REASONS
from storage.records import THEMES

if TYPE_CHECKING:
    from conftest import Press

ATOM = "{http://www.w3.org/2005/Atom}"
FRENCH, ENGLISH = words("fr"), words("en")


@pytest.fixture
def full(press: Press) -> Press:
    """A morning with something of everything."""
    press.poll(
        "soir", press.clock - timedelta(hours=1), {"source_failed": 1, "feed_tls_invalid": 1}
    )
    press.poll("matin", press.clock - timedelta(hours=1))
    accepted = press.publish(
        "matin", copy_of="x", standfirst="Bamako attend la suite.", status="delivered"
    )
    press.publish("relais", copy_of="x")
    press.judge(accepted, "relevant", note="à recouper")
    press.publish("soir", themes=("energy", "nuclear"), countries=("NE", "BF"), score=77)
    press.refuse("matin", "not_french", pages=2)
    press.outlet("vieux")
    press.publish("vieux", seen=press.clock - timedelta(days=9), flagged=False)
    return press


def test_the_page_holds_style_and_charts_and_loads_nothing(full: Press) -> None:
    root = html.document_fromstring(digest_page(full.digest(), FRENCH))

    assert len(root.findall(".//style")) == 1
    assert len(root.findall(".//svg")) == 4
    assert not root.xpath("//script | //img | //link | //iframe | //@style | //@src")


def test_the_page_tells_a_story_whole(full: Press) -> None:
    root = html.document_fromstring(digest_page(full.digest(), FRENCH))
    story = " ".join(
        root.xpath("//article[.//strong[@class='accepted']]")[0].text_content().split()
    )

    assert story == (
        "Mali : des instructeurs russes à Bamako retenu · Matin (Mali) · 22 novembre 2026"
        " · score 60 · 1 source indépendante sur 2 parutions"
        " Bamako attend la suite."
        " Des instructeurs russes sont arrivés à Bamako."
        " Stade suggéré : livraison (« arrivés »)"
        " Aussi dans : Le Relais (réseau d’influence russe)"
        " Note : à recouper (awa)"
        " Référence : A. Diarra, « Mali : des instructeurs russes à Bamako », Matin (Mali),"
        " 22 novembre 2026, https://matin.example/a1, consulté le 22 novembre 2026"
    )


def test_the_page_says_what_was_not_seen_in_the_readers_language(full: Press) -> None:
    french = html.document_fromstring(digest_page(full.digest(), FRENCH))
    english = html.document_fromstring(digest_page(full.digest(), ENGLISH))

    assert "Soir (Mali) – jamais atteinte – certificat invalide" in french.text_content()
    assert "Soir (Mali) – never reached – certificate not valid" in english.text_content()
    assert "text in another language – 2 pages" in english.text_content()


def test_links_of_the_page_tell_the_other_site_nothing(full: Press) -> None:
    root = html.document_fromstring(digest_page(full.digest(), FRENCH))

    assert {link.get("rel") for link in root.iter("a")} == {"noopener noreferrer nofollow"}
    assert root.xpath("//meta[@name='referrer']/@content") == ["no-referrer"]


def test_the_mail_page_has_no_charts(full: Press) -> None:
    assert "<svg" not in mail_page(full.digest(), FRENCH)


def test_headings_go_down_one_level_at_a_time(full: Press) -> None:
    root = html.document_fromstring(digest_page(full.digest(), FRENCH))
    levels = [int(heading.tag[1]) for heading in root.xpath("//h1|//h2|//h3|//h4|//h5")]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_digest_warns_that_silence_is_no_proof(press: Press, language: str) -> None:
    said = words(language)
    for text in (digest_page, digest_markdown, digest_plain):
        page = html.document_fromstring(text(press.digest(), said)).text_content()
        flat = " ".join(page.split())
        assert " ".join(said.say("nothing").split()) in flat
        assert " ".join(said.say("no_crawl").split()) in flat


def test_markdown_marks_words_and_links_titles(full: Press) -> None:
    text = digest_markdown(full.digest(), FRENCH)

    assert (
        "#### [Mali : des instructeurs russes à Bamako](https://matin.example/a1) — *retenu*"
        in text
    )
    assert "- Des **instructeurs russes** sont arrivés à **Bamako**." in text
    assert "| Nucléaire | 1 |" in text


def test_an_address_with_parentheses_does_not_end_its_link(press: Press) -> None:
    press.publish(slug="mali_(pays)_été?a=1&b=2")

    assert "](https://matin.example/mali_%28pays%29_%C3%A9t%C3%A9?a=1&b=2)" in digest_markdown(
        press.digest(), FRENCH
    )


def test_plain_text_marks_words_and_keeps_addresses_whole(full: Press) -> None:
    lines = digest_plain(full.digest(), FRENCH).splitlines()

    assert "  - Des [instructeurs russes] sont arrivés à [Bamako]." in lines
    assert "  https://matin.example/a1" in lines
    assert max(map(len, lines)) <= 78


def test_the_feed_has_one_entry_a_story_with_what_atom_demands(full: Press) -> None:
    root = etree.fromstring(digest_atom(full.digest(), FRENCH).encode())

    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 2
    for element in (root, *entries):
        for name in ("id", "title", "updated", "author"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    terms = [element.get("term") for element in entries[0].findall(f"{ATOM}category")]
    assert terms == ["military", "ML"]


def test_the_feed_changes_when_a_verdict_does_and_not_otherwise(press: Press) -> None:
    article = press.publish()
    before, again = (digest_atom(press.digest(), FRENCH) for _ in range(2))
    press.judge(article, "relevant")
    after = etree.fromstring(digest_atom(press.digest(), FRENCH).encode())

    assert before == again
    assert after.findtext(f"{ATOM}entry/{ATOM}updated") == "2026-11-22T05:30:00Z"
    assert "2026-11-22T04:30:00Z" in before


def test_a_feed_without_stories_is_still_a_feed(press: Press) -> None:
    root = etree.fromstring(atom_feed((), FRENCH, press.clock, "https://desk.example/f").encode())

    assert root.findtext(f"{ATOM}updated") == "2026-11-22T06:30:00Z"
    assert root.find(f"{ATOM}link").get("rel") == "self"


def test_json_has_the_documented_keys(full: Press) -> None:
    document = json.loads(digest_json(full.digest(), ENGLISH))

    assert document["counts"] == {
        "stories": 2,
        "accepted": 1,
        "new_copies_of_earlier_stories": 0,
    }
    story = document["stories"][0]
    assert [story[key] for key in ("verdict", "theme", "country", "url", "published_at")] == [
        "relevant", "military", "ML", "https://matin.example/a1", "2026-11-22T04:30:00Z",
    ]  # fmt: skip
    mark = story["sentences"][0]["marks"][0]
    assert story["sentences"][0]["text"][mark["start"] : mark["end"]] == "instructeurs russes"
    assert document["not_seen"]["dark"][0]["reasons"] == ["tls_invalid"]
    assert document["not_seen"]["refused"] == {"not_french": 2}
    assert len(document["trends"]["weeks"]) == len(document["trends"]["themes"]["military"]) == 12


def test_a_document_has_headings_marks_and_links(full: Press) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    from review.digest.word_document import digest_docx

    document = docx.Document(io.BytesIO(digest_docx(full.digest(), FRENCH)))

    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["Défense et sécurité", "Nucléaire", "Ce que nous n’avons pas vu"]
    bullets = [p for p in document.paragraphs if p.style.name == "List Bullet"]
    assert [run.text for run in bullets[0].runs if run.bold] == ["instructeurs russes", "Bamako"]
    links = [link.address for p in document.paragraphs for link in p.hyperlinks]
    assert links == ["https://matin.example/a1", "https://soir.example/a3"]


def test_the_languages_say_the_same_things() -> None:
    french, english = FRENCH.table, ENGLISH.table

    for table in ("phrases", "counts", "themes", "statuses", "alignments", "reasons", "countries"):
        assert french[table].keys() == english[table].keys(), table


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_theme_has_its_words(language: str) -> None:
    table = words(language).table

    assert set(REASONS) - set(table["reasons"]) == set()
    assert set(THEMES) - set(table["themes"]) == set()


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [
        (0, "0 sujet", "0 stories"),
        (1, "1 sujet", "1 story"),
        (2, "2 sujets", "2 stories"),
    ],
)
def test_numbers_agree_as_each_language_does(number: int, french: str, english: str) -> None:
    assert FRENCH.count("stories", number) == french
    assert ENGLISH.count("stories", number) == english


def test_french_sets_a_no_break_space_before_high_punctuation() -> None:
    phrases = [*FRENCH.table["phrases"].values(), *FRENCH.table["reasons"].values()]

    assert [phrase for phrase in phrases if re.search(" [:;?!»]|« ", phrase)] == []
