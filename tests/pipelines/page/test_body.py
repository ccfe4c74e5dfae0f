"""Body: the text of a page is trafilatura's own, found with less work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import trafilatura

from pipelines.page import body
from pipelines.page.body import article_paragraphs
from pipelines.page.markup import Tree, parse_html
from storage.cleaning import clean_line

URL = "https://matin.example/bamako"
PAGES = sorted((Path(__file__).parents[2] / "fixtures" / "pages").glob("*.html"))
REAL = Path(__file__).parents[3].parent / "shared" / "data" / "pages"
SENTENCES = (
    "Le ministre a reçu jeudi matin une délégation venue de Moscou, selon ses services.",
    "Il a été question de la formation des ingénieurs, du prix du blé et du chemin de fer.",
    "Les deux parties se retrouveront au printemps pour signer un accord, dit le communiqué.",
)
LINES = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def by_trafilatura(tree: Tree, *, fast: bool) -> tuple[str, ...]:
    """Return what trafilatura says of the whole page, in the way that this project reads it."""
    document = trafilatura.bare_extraction(tree, url=URL, fast=fast, include_comments=False)
    if document is None:
        return ()
    lines = (clean_line(words, body.MAX_TEXT) for words in body._blocks(document.body))  # noqa: SLF001 - the reading of a tree is not what is tested
    return tuple(line for line in lines if line)


def expected(tree: Tree) -> tuple[str, ...]:
    """Return the fast extraction's paragraphs, or the thorough one's where those are too few."""
    paragraphs = by_trafilatura(tree, fast=True)
    size = sum(map(len, paragraphs))
    if size >= body.SHORT:
        return paragraphs
    thorough = by_trafilatura(tree, fast=False)
    more = sum(map(len, thorough))
    return thorough if more >= 1.5 * size and (more >= body.SHORT or size < 250) else paragraphs


def parsed(text: str) -> Tree:
    tree = parse_html(text)
    assert tree is not None
    return tree


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Tree]:
    """Return the trees that trafilatura is given from now on."""
    given: list[Tree] = []

    def look(tree: Tree, **options: Any) -> Any:
        given.append(tree)
        return extraction(tree, **options)

    extraction = trafilatura.bare_extraction
    monkeypatch.setattr(trafilatura, "bare_extraction", look)
    return given


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_page_gives_the_text_that_trafilatura_finds_on_it(file: Path) -> None:
    tree = parsed(file.read_text(encoding="utf-8"))

    assert article_paragraphs(tree) == expected(tree)


def test_cluttered_pages_give_their_stories_and_nothing_else() -> None:
    pages = pytest.importorskip("benchmarks.crawl.pages", reason="benchmarks are in no wheel")
    for site, (story,) in pages.build(6, [f"https://s{n}.example/" for n in range(6)]):
        tree = parsed(site.page(story))

        paragraphs = article_paragraphs(tree)

        assert paragraphs == expected(tree), site.shape.body
        assert {" ".join(one.split()) for one in story.paragraphs} <= set(paragraphs)
        assert not [line for line in paragraphs if "Tous droits" in line or "Lecteur" in line]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real pages are not here")
def test_real_pages_give_the_text_that_trafilatura_finds_on_them() -> None:
    files = sorted((REAL / "trafilatura_fr" / "html").iterdir())[:12]
    trees = [parsed(file.read_text("utf-8", "replace")) for file in files]

    assert [article_paragraphs(tree) for tree in trees] == [expected(tree) for tree in trees]


def test_an_article_that_is_all_the_page_says_is_read_once_and_alone(looks: list[Tree]) -> None:
    tree = parsed(
        "<html><body><div class='widget'><a href='/b'>Un autre titre, assez long pour une ligne de texte"
        f"</a></div><div class='entry-content'>{LINES * 4}</div>"
        f"<div class='comments-area'>{LINES * 9}</div></body></html>"
    )

    paragraphs = article_paragraphs(tree)

    assert len(paragraphs) == 4 * len(SENTENCES)
    assert [[element.tag for element in page.iter("div")] for page in looks] == [["div"]]


def test_a_brief_that_is_all_the_page_says_is_believed(looks: list[Tree]) -> None:
    tree = parsed(f"<html><body><article><h1>Blé</h1>{LINES}</article></body></html>")

    paragraphs = article_paragraphs(tree)

    assert paragraphs[-3:] == SENTENCES
    assert sum(map(len, paragraphs)) < body.SHORT
    assert len(looks) == 1


def test_a_text_that_stands_beside_its_lead_is_found(looks: list[Tree]) -> None:
    tree = parsed(
        f"<html><body><div class='entry-content chapo'>{LINES}</div>"
        f"<div class='texte'>{LINES.replace('Moscou', 'Pékin') * 5}</div></body></html>"
    )

    paragraphs = article_paragraphs(tree)

    assert "Pékin" in " ".join(paragraphs)
    assert len(looks) > 1


def test_a_list_of_links_is_not_believed_at_first_sight(looks: list[Tree]) -> None:
    links = "".join(f"<p>Titre {number} <a href='/{number}'>lire</a></p>" for number in range(40))
    tree = parsed(f"<html><body><div class='content'>{links}</div></body></html>")

    article_paragraphs(tree)

    assert len(looks) > 1
