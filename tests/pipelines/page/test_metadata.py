"""Metadata: what a page declares, and what of it can be believed."""

from __future__ import annotations

import pytest

from pipelines.page.dates import DateClaim
from pipelines.page.markup import parse_html
from pipelines.page.metadata import Metadata, read_metadata

URL = "https://info.example/mali-ble"


def read(head: str, body: str = "", outlet: str | None = None) -> Metadata:
    """Return the metadata of a page."""
    tree = parse_html(f"<html lang='fr'><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return read_metadata(tree, URL, outlet)


def meta(name: str, content: str) -> str:
    """Return a meta element."""
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("printed", "outlet"),
    [
        ("Mali : le blé russe - Faso Matinal", "Faso Matinal"),
        ("Mali : le blé russe | Info", None),
        ("Mali : le blé russe – info.example", None),
    ],
    ids=["name of the source", "label of the host", "host"],
)
def test_the_outlet_is_known_by_its_name_and_its_host(printed: str, outlet: str | None) -> None:
    assert read(f"<title>{printed}</title>", outlet=outlet).title == "Mali : le blé russe"


def test_a_declaration_counts_however_its_name_is_written() -> None:
    assert read('<META NAME=" OG:Title " CONTENT="Mali : le blé russe">').title == (
        "Mali : le blé russe"
    )


def test_the_title_of_a_picture_is_not_the_page_s() -> None:
    logo = "<svg><title>Logo</title></svg>"
    assert read("<title>Mali : le blé russe</title>", logo).title == "Mali : le blé russe"
    assert read("", logo).title is None


def test_a_title_in_a_second_level_heading_is_found_under_the_logo() -> None:
    metadata = read(
        "<title>Mali : le blé russe</title>", "<h1>Faso Matinal</h1><h2>Mali : le blé russe</h2>"
    )
    assert metadata.heading is not None
    assert metadata.heading.tag == "h2"


def test_without_a_match_several_headings_tell_nothing() -> None:
    metadata = read("<title>Mali : le blé russe</title>", "<h1>Faso Matinal</h1><h1>À la une</h1>")
    assert (metadata.title, metadata.heading) == ("Mali : le blé russe", None)


def test_dates_are_claimed_in_the_order_of_trust() -> None:
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-11-20"}</script>'
    head = meta("article:published_time", "2026-11-19") + meta("date", "2026-11-18") + script
    assert read(head).published == (
        DateClaim(printed="2026-11-20", origin="json-ld"),
        DateClaim(printed="2026-11-19", origin="meta"),
        DateClaim(printed="2026-11-18", origin="meta"),
    )


def test_the_section_is_one_that_says_something() -> None:
    head = meta("article:section", "À la une") + meta("article:section", "Économie")
    assert read(head).section == "Économie"
    assert read(meta("article:section", "Uncategorized")).section is None


def test_the_section_is_taken_from_the_breadcrumb_trail() -> None:
    steps = ", ".join(
        f'{{"@type": "ListItem", "item": {{"name": "{name}"}}}}'
        for name in ("Accueil", "Mines", "Or")
    )
    script = f'<script type="application/ld+json">{{"@type": "BreadcrumbList", "itemListElement": [{steps}]}}</script>'
    assert read(script).section == "Mines"


def test_tags_are_listed_once() -> None:
    assert read(meta("article:tag", "blé") * 2 + meta("article:tag", "Mali")).tags == (
        "blé",
        "Mali",
    )
    assert read('<meta name="keywords" content="blé, Mali ; or,,">').tags == ("blé", "Mali", "or")


@pytest.mark.parametrize(
    ("content", "image"),
    [
        ("/photos/ble.jpg", "https://info.example/photos/ble.jpg"),
        ("//cdn.example/ble.jpg", "https://cdn.example/ble.jpg"),
        ("javascript:alert(1)", None),
        ("data:image/png;base64,AAAA", None),
        ("", None),
    ],
)
def test_an_image_is_an_address_of_the_web_or_nothing(content: str, image: str | None) -> None:
    assert read(meta("og:image", content)).image == image


def test_a_canonical_address_that_cannot_be_the_articles_gives_way_to_the_next() -> None:
    head = '<link rel="canonical" href="https://info.example/">' + meta(
        "og:url", "https://info.example/mali-le-ble"
    )
    assert read(head).canonical == "https://info.example/mali-le-ble"


@pytest.mark.parametrize("value", ["false", '"False"', '"false"'])
def test_a_page_that_is_not_free_is_behind_a_paywall(value: str) -> None:
    script = f'<script type="application/ld+json">{{"@type": "Article", "isAccessibleForFree": {value}}}</script>'
    assert read(script).paywalled
    assert not read(script.replace(value, "true")).paywalled
