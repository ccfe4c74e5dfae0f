"""Text from outside stays text, in every format and in a real browser."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree, html

from review.digest.atom import digest_atom
from review.digest.html_page import digest_page, mail_page
from review.digest.mail import digest_mail
from review.digest.markdown import digest_markdown
from review.digest.words import words

if TYPE_CHECKING:
    from conftest import Press
    from playwright.sync_api import Page

    from review.digest.records import Digest

FRENCH = words("fr")
ATOM = "{http://www.w3.org/2005/Atom}"
PAYLOADS: list[str] = json.loads((Path(__file__).parents[1] / "payloads.json").read_text())
OUTSIDE = re.compile(r"evil\.example|javascript:", re.IGNORECASE)


@pytest.fixture(params=PAYLOADS, ids=range(len(PAYLOADS)), scope="module")
def digest(request: pytest.FixtureRequest, shared_press: Callable[[], Press]) -> Digest:
    """A digest in which one payload stands wherever text comes from outside."""
    return with_payload(shared_press(), request.param)


def with_payload(press: Press, payload: str) -> Digest:
    press.outlet("piege", payload, None, "russian_state")
    text = f"{payload} Moscou {payload}\nLe ministre a parlé une heure durant devant les élèves de Kati."
    article = press.publish(
        "piege",
        title=f"Moscou {payload}",
        standfirst=payload,
        text=text,
        mark="Moscou|script",
        authors=(payload,),
        copy_of="x",
        status="pledge",
    )
    press.publish("piege", title="copie", text=text, mark="Moscou", copy_of="x")
    # The archive cleans what it takes in; any other program may have written into it.
    press.archive.db.execute(
        "update articles set title = ?, standfirst = ? where id = ?",
        [f"Moscou {payload}", payload, article],
    )
    press.archive.db.execute("update clusters set agency = ?", [payload])
    press.archive.db.execute("update flags set status_words = ?", [payload])
    press.judge(article, "unsure", note=payload)
    press.poll("piege", press.clock, {"source_failed": 1, f"feed_{payload}": 1})
    return press.digest()


FOREIGN = " | ".join(
    f"//{name}"
    for name in (
        "script", "img", "image", "iframe", "form", "object", "embed", "details", "math", "svg",
        "base", "link", "video", "audio", "input", "select", "textarea", "marquee", "template",
        "xmp", "noscript",
    )
)  # fmt: skip


def check_markup(markup: str) -> None:
    root = html.document_fromstring(markup)
    for chart in root.xpath("//svg[@class='chart']"):
        chart.drop_tree()
    assert not root.xpath(FOREIGN)
    assert len(root.xpath("//style")) <= 1
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name not in ("href", "src", "action") or not OUTSIDE.search(value)


def test_the_page_and_the_mail_page_hold_no_markup_from_outside(digest: Digest) -> None:
    check_markup(digest_page(digest, FRENCH))
    check_markup(mail_page(digest, FRENCH))


def test_the_text_shows_the_payload_as_it_was_written(press: Press) -> None:
    digest = with_payload(press, "<script>hit()</script>")

    shown = html.document_fromstring(digest_page(digest, FRENCH)).xpath("//h5")[0].text_content()

    assert shown == "Moscou <script>hit()</script>"


def test_an_entry_of_the_feed_holds_no_markup_from_outside(digest: Digest) -> None:
    root = etree.fromstring(digest_atom(digest, FRENCH).encode())

    (content,) = root.iter(f"{ATOM}content")
    links = [link.get("href") for link in root.iter(f"{ATOM}link")]

    check_markup(content.text)
    assert links
    assert [link for link in links if not link.startswith("https://piege.example/")] == []


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1b", "\ufffe", "\uffff"], ids=repr)
def test_control_characters_break_neither_feed_nor_document(press: Press, character: str) -> None:
    pytest.importorskip("docx", reason="python-docx is not installed")
    from review.digest.word_document import digest_docx

    digest = with_payload(press, f"a{character}b")

    titles = etree.fromstring(digest_atom(digest, FRENCH).encode()).iter(f"{ATOM}title")
    assert [title.text for title in titles][1:] == ["Moscou ab"]
    assert digest_docx(digest, FRENCH)


def test_markdown_holds_no_markup_from_outside(digest: Digest) -> None:
    commonmark = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    text = digest_markdown(digest, FRENCH)

    rendered = commonmark.MarkdownIt("commonmark", {"html": True}).enable("table").render(text)

    check_markup(rendered)
    assert not html.document_fromstring(rendered).xpath("//pre | //code | //hr")
    headings = html.document_fromstring(rendered).xpath("//h1")
    assert len(headings) == 1


def test_a_document_links_to_the_articles_alone(digest: Digest) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    from review.digest.word_document import digest_docx

    document = docx.Document(io.BytesIO(digest_docx(digest, FRENCH)))

    links = [link.address for p in document.paragraphs for link in p.hyperlinks]
    assert links
    assert all(link.startswith("https://piege.example/") for link in links)


def test_the_mail_has_the_headers_we_gave_it_and_two_parts(digest: Digest) -> None:
    message = digest_mail(digest, FRENCH, "vigie@redaction.example", ["lectrice@redaction.example"])

    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["To"] == "lectrice@redaction.example"
    assert "hit" not in message["Subject"]
    check_markup(message.get_body(("html",)).get_content())


def test_no_payload_runs_in_a_browser(press: Press, tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    for number, payload in enumerate(PAYLOADS):
        press.outlet(f"p{number}", payload)
        press.publish(f"p{number}", title=payload, mark="russes|hit",
                      authors=(payload,), standfirst=payload, copy_of="x")  # fmt: skip
        press.publish(f"p{number}", title=payload, text=f"{payload} Moscou", authors=(payload,))
    digest = press.digest()
    feed = etree.fromstring(digest_atom(digest, FRENCH).encode())
    entries = "".join(content.text for content in feed.iter(f"{ATOM}content"))
    pages = {
        "page": digest_page(digest, FRENCH),
        "mail": mail_page(digest, FRENCH),
        "feed": entries,
    }

    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1 }")
        page.goto(_saved(tmp_path, "control", "<!DOCTYPE html><img src=x onerror=hit()>"))
        page.wait_for_function("window.hits > 0")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        hits = [_visit(page, _saved(tmp_path, name, markup)) for name, markup in pages.items()]
        browser.close()

    assert hits == [0, 0, 0]
    assert asked == [(tmp_path / f"{name}.html").as_uri() for name in pages]


def _saved(folder: Path, name: str, markup: str) -> str:
    path = folder / f"{name}.html"
    path.write_text(markup, encoding="utf-8")
    return path.as_uri()


def _visit(page: Page, address: str) -> int:
    page.goto(address, wait_until="networkidle")
    hits: int = page.evaluate("window.hits")
    return hits
