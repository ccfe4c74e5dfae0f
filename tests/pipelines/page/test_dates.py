"""Dates: which of several dates is the article's, and that none is invented."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.extract import extract_article
from pipelines.page.dates import DateClaim, DateQuestion, find_modified, find_published
from pipelines.page.markup import parse_html
from pipelines.page.printed_dates import parse_printed
from storage.records import Article, Page, Published

PAGES = Path(__file__).parents[3].parent / "shared/data/pages/htmldate_fr"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def find(body: str, *claims: DateClaim, url: str = "https://info.example/a") -> Published | None:
    """Return the date of a page with this body, its only `h1` being the heading."""
    tree = parse_html(f"<html><head><title>Titre</title></head><body>{body}</body></html>")
    assert tree is not None
    return find_published(
        DateQuestion(tree=tree, url=url, fetched_at=NOW, claims=claims, heading=tree.find(".//h1"))
    )


ARTICLE = "<div><h1>Blé russe à Bamako</h1>{}<p>Le convoi est arrivé.</p></div>"


def test_the_declared_date_comes_first() -> None:
    claim = DateClaim(printed="2026-11-20T14:32:05+01:00", origin="json-ld")
    assert find(ARTICLE.format("<p>Publié le 2 mars 2020</p>"), claim) == Published(
        at=datetime(2026, 11, 20, 13, 32, 5, tzinfo=UTC),
        printed="2026-11-20T14:32:05+01:00",
        precision="second",
        origin="json-ld",
    )


def test_a_claim_of_the_day_gives_way_to_one_with_the_time() -> None:
    day = DateClaim(printed="2026-11-20", origin="meta")
    feed = DateClaim(printed="Fri, 20 Nov 2026 14:32:05 GMT", origin="feed")
    found = find(ARTICLE.format(""), day, feed)
    assert found is not None
    assert (found.origin, found.precision) == ("feed", "second")


def test_a_claim_of_the_day_stands_against_another_day() -> None:
    day = DateClaim(printed="2026-11-20", origin="meta")
    feed = DateClaim(printed="Sat, 21 Nov 2026 14:32:05 GMT", origin="feed")
    assert find(ARTICLE.format(""), day, feed) == find(ARTICLE.format(""), day)


def test_a_date_in_the_future_is_refused() -> None:
    future = DateClaim(printed="2099-01-01", origin="meta")
    feed = DateClaim(printed="Fri, 20 Nov 2026 14:32:05 GMT", origin="feed")
    found = find(ARTICLE.format(""), future, feed)
    assert found is not None
    assert found.origin == "feed"


PRINTED = {
    "phrase": (
        "<p>Publié le vendredi 20 novembre 2026 à 14h32</p>",
        "20 novembre 2026 à 14h32",
        "minute",
    ),
    "day first": ("<i>Mis en ligne le 02/11/2026</i>", "02/11/2026", "day"),
    "SPIP": ("<p>jeudi 19 novembre 2026, par Issa</p>", "19 novembre 2026", "day"),
    "at the end": ("<span>Par Awa | 19 novembre 2026</span>", "19 novembre 2026", "day"),
    "time element": (
        '<time datetime="2026-11-19T09:00:00Z">hier</time>',
        "2026-11-19T09:00:00Z",
        "second",
    ),
}


@pytest.mark.parametrize(("line", "printed", "precision"), PRINTED.values(), ids=PRINTED.keys())
def test_a_date_printed_near_the_title_is_found(line: str, printed: str, precision: str) -> None:
    found = find(ARTICLE.format(line))
    assert found is not None
    assert (found.printed, found.precision) == (printed, precision)


def test_a_date_in_the_address_is_found() -> None:
    found = find(ARTICLE.format(""), url="https://info.example/2026/11/19/ble-russe/")
    assert found is not None
    assert (found.at.date().isoformat(), found.origin, found.precision) == (
        "2026-11-19",
        "url",
        "day",
    )


INVENTED = {
    "copyright": "<footer>© 2026 Bamako Soir</footer>",
    "old copyright": "<footer>Copyright 2019</footer>",
    "hours ago": "<p>Il y a 2 heures</p>",
    "today in the page's header": "<header><p>Dimanche 22 novembre 2026</p></header>",
    "today in figures": "<div>Nous sommes le 22.11.2026</div>",
    "date of another article": "<aside><time datetime='2026-11-01'>1er novembre</time></aside>",
    "date of a comment": "<div class='comments'><p>Le 21 novembre 2026 à 08:15, par Awa</p></div>",
    "date in the text": "<p>" + "Le 11 septembre 2001, tout a changé. " * 6 + "</p>",
}


@pytest.mark.parametrize("extra", INVENTED.values(), ids=INVENTED.keys())
def test_no_date_is_invented(extra: str) -> None:
    assert find(ARTICLE.format("") + extra) is None


@pytest.mark.parametrize("extra", INVENTED.values(), ids=INVENTED.keys())
def test_no_date_is_invented_next_to_the_title_either(extra: str) -> None:
    assert find(ARTICLE.format(extra)) is None


def test_the_date_of_the_change_is_not_that_of_publication() -> None:
    assert find(ARTICLE.format("<p>Modifié le 20 novembre 2026</p>")) is None
    claims = [DateClaim(printed="2026-11-20T10:00:00Z", origin="meta")]
    assert find_modified(claims, NOW) == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.skipif(not PAGES.exists(), reason="the shared data are not beside this checkout")
def test_39_of_41_real_pages_are_dated_right_to_the_day() -> None:
    wrong = []
    for url, gold in json.loads((PAGES / "dates_fr.json").read_text()).items():
        body = (PAGES / gold["file"]).read_bytes()
        article = extract_article(
            Page(source="s", url=url, queued_url=url, body=body, fetched_at=NOW)
        )
        published = article.published if isinstance(article, Article) else None
        moment = parse_printed(published.printed) if published else None
        if moment is None or moment.local.date().isoformat() != gold["date"]:
            wrong.append(gold["file"])
    # One page has the evening before in its metadata, the other is from Canada and says UTC.
    assert wrong == ["html/aoc.media.archaisme.html", "html/1691900941.html"]
