"""Sections: which links of a page lead to articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.sections import MAX_LINKS, SectionReading, looks_like_article, read_section

PAGE = Path(__file__).parents[1] / "fixtures/pages/section.html"
HOME = "https://www.sahelquotidien.example/"


def test_a_front_page_gives_its_articles_and_nothing_else() -> None:
    reading = read_section(PAGE.read_bytes(), "text/html", HOME)
    assert [(link.url.removeprefix(HOME), link.title) for link in reading.links] == [
        (
            "2026/11/20/niger-niamey-recoit-des-medecins-russes/",
            "Niger : Niamey reçoit des médecins russes",
        ),
        ("le-port-de-nouakchott-en-chantier.html", "Le port de Nouakchott en chantier"),
        ("spip.php?article4512", "Tahoua : la foire de l’oignon"),
        ("node/8841", "À Agadez, les guides attendent encore le retour des touristes"),
    ]
    assert {link.discovered_by for link in reading.links} == {"section"}


def test_the_feeds_of_a_page_are_found_the_one_of_comments_last() -> None:
    assert read_section(PAGE.read_bytes(), None, HOME).feeds == (
        f"{HOME}feed/",
        f"{HOME}atom.xml",
        f"{HOME}comments/feed/",
    )


HEADLINE = "Niamey reçoit des médecins venus de Russie"

ARTICLES = {
    "date": ("https://info.example/2026/11/20/ble/", ""),
    "long slug": ("https://info.example/mali-la-russie-livre-du-ble/", ""),
    "accents in the slug": ("https://info.example/mali-l-%C3%A9t%C3%A9-%C3%A0-la-campagne", ""),
    "SPIP": ("https://info.example/spip.php?article123456", ""),
    "SPIP, long form": ("https://info.example/spip.php?page=article&id_article=12", ""),
    "WordPress number": ("https://info.example/?p=123", ""),
    "Joomla": ("https://info.example/index.php?option=com_content&view=article&id=55", ""),
    "number and words": ("https://info.example/actualite/289012-ble-russe.html", ""),
    "Drupal number under a headline": ("https://info.example/node/4521", HEADLINE),
    "short slug under a headline": ("https://info.example/ble-russe", HEADLINE),
}

OTHERS = {
    "front page": ("https://info.example/", HEADLINE),
    "section": ("https://info.example/politique/", HEADLINE),
    "category": ("https://info.example/category/mali-niger-burkina-tchad-togo/", HEADLINE),
    "SPIP rubric": ("https://info.example/spip.php?rubrique62", HEADLINE),
    "SPIP forum": ("https://info.example/spip.php?page=forum&id_article=717", HEADLINE),
    "author": ("https://info.example/auteur/awa-de-la-redaction-de-niamey/", HEADLINE),
    "tag": ("https://info.example/tag/russie-afrique-sommet-2026/", HEADLINE),
    "next page": ("https://info.example/politique/?page=2&id=7", HEADLINE),
    "calendar": ("https://info.example/?m=202611", HEADLINE),
    "month": ("https://info.example/2026/11/", HEADLINE),
    "picture": ("https://info.example/2026/11/20/le-port-de-lome-vu-du-ciel.jpg", HEADLINE),
    "legal notice": ("https://info.example/a-propos-de-nous-et-de-vous/", HEADLINE),
    "short slug without a headline": (
        "https://info.example/politique-et-societe/",
        "Politique et société",
    ),
}


@pytest.mark.parametrize(("url", "title"), ARTICLES.values(), ids=ARTICLES.keys())
def test_an_article_is_known_by_its_address_or_its_headline(url: str, title: str) -> None:
    assert looks_like_article(url, title)


@pytest.mark.parametrize(("url", "title"), OTHERS.values(), ids=OTHERS.keys())
def test_other_pages_are_left_out(url: str, title: str) -> None:
    assert not looks_like_article(url, title)


def test_no_more_links_are_taken_than_a_front_page_has() -> None:
    anchors = "".join(f"<a href='/le-ble-russe-est-arrive-{n}'>x</a>" for n in range(3000))
    assert (
        len(read_section(f"<html><body>{anchors}</body></html>".encode(), None, HOME).links)
        == MAX_LINKS
    )


@pytest.mark.parametrize("body", [b"", b"   ", b"<html><body></body></html>", b"\xff\xd8\xff"])
def test_a_page_without_links_says_so(body: bytes) -> None:
    assert read_section(body, None, HOME) == SectionReading(problem="empty")


def test_broken_addresses_are_passed_over() -> None:
    body = b"<html><body><a href='http://[::1'>a</a><a href='//'>b</a><a>c</a><a href=''>d</a></body></html>"
    assert read_section(body, None, HOME).links == ()
