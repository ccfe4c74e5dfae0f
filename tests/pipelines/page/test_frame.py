"""Frame: the element that holds the article, and how much else a page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from trafilatura.settings import MANUALLY_CLEANED
from trafilatura.xpaths import BODY_XPATH

from pipelines.page import frame as module
from pipelines.page.frame import alone, find_frame, prose
from pipelines.page.markup import Tree, parse_html, words_of

PAGES = sorted((Path(__file__).parents[2] / "fixtures" / "pages").glob("*.html"))
LINE = "Le ministre a reçu jeudi une délégation venue de Moscou, selon ses services."


def parsed(text: str) -> Tree:
    tree = parse_html(text)
    assert tree is not None
    return tree


def by_trafilatura(tree: Tree) -> Tree | None:
    """Return what the library's own expressions find, asked of the whole page."""
    for expression in BODY_XPATH:
        for element in expression(tree):
            if not any(outer.tag in MANUALLY_CLEANED for outer in element.iterancestors()):
                return element
    return None


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_the_frame_is_what_trafilatura_looks_at_first(file: Path) -> None:
    tree = parsed(file.read_text(encoding="utf-8"))

    assert find_frame(tree) is by_trafilatura(tree)


def test_the_expressions_ask_for_nothing_that_is_not_told() -> None:
    asked = " ".join(expression.path for expression in BODY_XPATH)

    assert set(re.findall(r"@([\w-]+)", asked)) == set(module._TOLD_BY)  # noqa: SLF001 - a new trafilatura may ask more
    assert set(re.findall(r"(?:self::|//)(\w+)", asked)) == set(module._FRAMES)  # noqa: SLF001 - likewise


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<main><article><div class='entry-content'>a</div></article></main>", "entry-content"),
        ("<div class='content'>a</div><section role='article' class='x'>b</section>", "x"),
        ("<nav><div class='post-content'>a</div></nav><div id='content' class='x'>b</div>", "x"),
        ("<div class='menu'>a</div><p class='entry-content'>b</p>", None),
    ],
    ids=["the surest", "not the first", "not in a menu", "none"],
)
def test_the_surest_name_decides(body: str, found: str | None) -> None:
    frame = find_frame(parsed(f"<html><body>{body}</body></html>"))

    assert (None if frame is None else frame.get("class")) == found


def test_a_frame_alone_keeps_what_it_is_nested_in_and_leaves_its_page_as_it_was() -> None:
    tree = parsed(
        "<html lang='fr'><body class='single'><nav>Menu</nav><div id='comments' style='x' \">"
        "<article><p>Texte</p></article>reste</div><p>Pied</p></body></html>"
    )
    frame = tree.find(".//article")

    page = alone(frame)

    assert page is not None
    assert [(element.tag, dict(element.attrib)) for element in page.iter()] == [
        ("html", {}),
        ("body", {"class": "single"}),
        ("div", {"id": "comments"}),
        ("article", {}),
        ("p", {}),
    ]
    assert words_of(page) == "Texte"
    assert words_of(tree) == "MenuTexterestePied"


def test_a_frame_in_an_element_without_a_name_stays_where_it_is() -> None:
    tree = parsed("<html><body><a:><article><p>Texte</p></article></a:></body></html>")

    assert alone(tree.find(".//article")) is None


@pytest.mark.parametrize(
    "beside",
    [
        f"<a href='/b'><b>{LINE}</b></a>",
        f"<aside><p>{LINE}</p></aside>",
        f"<footer>{LINE}</footer>",
        f"<ol class='comment-list'><li><p>{LINE}</p></li></ol>",
        f"<script>var a = '{LINE}'</script>",
        "<ul><li>Politique</li><li>Économie et développement</li></ul>",
        f"<p>{' ' * 80}</p>",
    ],
    ids=["link", "aside", "footer", "comment", "script", "menu", "white space"],
)
def test_prose_is_made_of_long_lines_that_belong_to_no_other_text(beside: str) -> None:
    assert prose(parsed(f"<html><body><p>{LINE}</p>{beside}</body></html>")) == len(LINE)
