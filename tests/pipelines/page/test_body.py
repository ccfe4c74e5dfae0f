"""The text of a page: the same as trafilatura's own, found with less work."""

from __future__ import annotations

from pathlib import Path

import pytest
import trafilatura

from pipelines.page import body
from pipelines.page.body import article_paragraphs
from pipelines.page.lighten import without_chrome
from pipelines.page.markup import Tree, parse_html
from storage.cleaning import clean_line

URL = "https://matin.example/bamako"
PAGES = sorted((Path(__file__).parents[2] / "fixtures" / "pages").glob("*.html"))
REAL = Path(__file__).parents[3].parent / "shared" / "data" / "pages"


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


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_light_page_gives_the_text_of_the_whole_one(file: Path) -> None:
    tree = parsed(file.read_text(encoding="utf-8"))

    assert article_paragraphs(tree, URL) == expected(tree)


def test_cluttered_pages_give_their_stories_and_nothing_else() -> None:
    pages = pytest.importorskip("benchmarks.crawl.pages", reason="benchmarks are in no wheel")
    for site, (story,) in pages.build(6, [f"https://s{n}.example/" for n in range(6)]):
        tree = parsed(site.page(story))

        paragraphs = article_paragraphs(tree, URL)

        assert paragraphs == expected(tree), site.shape.body
        assert {" ".join(one.split()) for one in story.paragraphs} <= set(paragraphs)
        assert not [line for line in paragraphs if "Tous droits" in line or "Lecteur" in line]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real pages are not here")
def test_real_pages_give_the_text_that_trafilatura_finds_on_them() -> None:
    files = sorted((REAL / "trafilatura_fr" / "html").iterdir())[:12]
    trees = [parsed(file.read_text("utf-8", "replace")) for file in files]

    assert [article_paragraphs(tree, URL) for tree in trees] == [expected(tree) for tree in trees]


def test_a_copy_without_its_chrome_leaves_the_page_as_it_was() -> None:
    tree = parsed(
        "<html><body><script>var a</script><script type='application/ld+json'>{}</script>"
        "<nav>Menu</nav><aside>À lire</aside>reste<style>p{}</style></body></html>"
    )
    before = len(list(tree.iter()))

    light = without_chrome(tree)

    assert [element.tag for element in light.iter()] == ["html", "body", "script", "nav"]
    assert "reste" in light.text_content()
    assert len(list(tree.iter())) == before
