"""Body: paragraphs, each on one line."""

from __future__ import annotations

from pipelines.page.body import article_paragraphs
from pipelines.page.markup import parse_html

LINE = "Le convoi de quarante camions est entré dans la capitale jeudi à l’aube, après {} jours de route."


def paragraphs(body: str) -> tuple[str, ...]:
    """Return the paragraphs of a page with this body."""
    tree = parse_html(f"<html><body><article>{body}</article></body></html>")
    assert tree is not None
    return article_paragraphs(tree, "https://info.example/a")


def test_a_paragraph_is_on_one_line_however_the_source_is_broken() -> None:
    broken = LINE.replace(" ", "\n   ", 5)
    lines = [broken.format(n) for n in range(12)]
    assert paragraphs("".join(f"<p>{line}</p>" for line in lines)) == tuple(
        LINE.format(n) for n in range(12)
    )


def test_a_line_break_separates_paragraphs() -> None:
    lines = [LINE.format(n) for n in range(12)]
    assert paragraphs(f"<p>{'<br><br>'.join(lines)}</p>") == tuple(lines)


def test_a_no_break_space_is_kept() -> None:
    lines = [f"« {LINE.format(n)} »" for n in range(12)]
    found = paragraphs("".join(f"<p>{line}</p>" for line in lines))
    assert found == tuple(lines)


def test_links_and_emphasis_do_not_break_a_paragraph() -> None:
    marked = LINE.format(3).replace("convoi", "<a href='/b'><strong>convoi</strong></a>")
    found = paragraphs(f"<p>{marked}</p>" + "".join(f"<p>{LINE.format(n)}</p>" for n in range(12)))
    assert found[0] == LINE.format(3)


def test_a_list_gives_a_paragraph_for_each_item() -> None:
    items = "".join(f"<li>{LINE.format(n)}</li>" for n in range(4))
    found = paragraphs(
        "".join(f"<p>{LINE.format(n)}</p>" for n in range(20, 30)) + f"<ul>{items}</ul>"
    )
    assert found[-4:] == tuple(LINE.format(n) for n in range(4))


def test_a_page_without_text_has_no_paragraphs() -> None:
    assert paragraphs("") == ()


def test_the_page_is_not_changed_by_reading_it() -> None:
    tree = parse_html(
        f"<html><body><article><p>{LINE * 9}</p><nav>menu</nav></article></body></html>"
    )
    assert tree is not None
    before = "".join(tree.itertext())
    article_paragraphs(tree, "https://info.example/a")
    assert "".join(tree.itertext()) == before
