"""Sitemaps, robots.txt and dated pages: what they say of a window."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.past.dated_pages import read_dated_page
from pipelines.past.periods import period, period_of_article, period_of_sitemap
from pipelines.past.posts import read_past_posts
from pipelines.past.records import PastReading
from pipelines.past.sitemaps import read_past_sitemap, read_robots
from storage.window import Window

WINDOW = Window(since=datetime(2023, 5, 1, tzinfo=UTC), until=datetime(2023, 7, 1, tzinfo=UTC))
HOME = "https://jour.example/"


def sitemap(*entries: str, root: str = "urlset") -> PastReading:
    body = f"<?xml version='1.0'?><{root}>{''.join(entries)}</{root}>"
    return read_past_sitemap(body.encode(), f"{HOME}sitemap.xml", WINDOW)


def entry(path: str, tag: str = "url", modified: str = "") -> str:
    changed = f"<lastmod>{modified}</lastmod>" if modified else ""
    return f"<{tag}><loc>{HOME}{path}</loc>{changed}</{tag}>"


@pytest.mark.parametrize(
    ("name", "modified", "asked"),
    [
        ("post-sitemap3.xml", "2023-06-02T10:00:00Z", True),
        ("post-sitemap2.xml", "2023-04-30T23:59:59Z", False),
        ("post-sitemap9.xml", "2026-11-01", True),
        ("post-sitemap.xml", "", True),
        ("sitemap-2023-05.xml", "", True),
        ("sitemap-2023-05.xml", "2020-01-01", True),
        ("sitemap-pt-post-2023-07.xml", "2023-07-31", False),
        ("sitemap-pt-post-2022-12.xml", "2026-01-01", False),
        ("sitemap_2023.xml", "", True),
        ("2023/06/sitemap.xml", "", True),
        ("sitemap.xml?yyyy=2023&amp;mm=05&amp;dd=12", "", True),
        ("sitemap.xml?yyyy=2023&amp;mm=08&amp;dd=12", "", False),
        ("sitemap-20230612.xml", "", True),
        ("category-sitemap.xml", "2026-11-01", False),
        ("post_tag-sitemap4.xml", "", False),
        ("wp-sitemap-taxonomies-category-1.xml", "", False),
        ("wp-sitemap-posts-page-1.xml", "", False),
        ("wp-sitemap-posts-post-7.xml", "", True),
        ("sitemap-pt-page-2023-05.xml", "", False),
    ],
)
def test_a_sitemap_is_asked_if_it_may_hold_the_window(
    name: str, modified: str, *, asked: bool
) -> None:
    further = sitemap(entry(name, "sitemap", modified), root="sitemapindex").further

    assert further == ((f"{HOME}{name.replace('&amp;', '&')}",) if asked else ())


@pytest.mark.parametrize(
    ("path", "modified", "kept"),
    [
        ("la-route/", "2023-05-01T00:00:00Z", True),
        ("la-route/", "2023-04-30T23:59:59Z", False),
        ("la-route/", "2023-07-07T12:00:00Z", True),
        ("la-route/", "2023-07-09T12:00:00Z", False),
        ("la-route/", "", True),
        ("can-2022-la-route/", "", True),
        ("2023/05/12/la-route/", "2026-01-01", True),
        ("2023/06/la-route/", "", True),
        ("2022/06/la-route/", "2023-05-05", False),
        ("info/2023-07-01-la-route/", "", False),
        ("", "2023-05-05", False),
    ],
)
def test_an_article_of_a_sitemap_may_be_of_the_window(
    path: str, modified: str, *, kept: bool
) -> None:
    reading = sitemap(entry(path, modified=modified))

    assert [a.link.url for a in reading.articles] == ([f"{HOME}{path}"] if kept else [])
    assert reading.left_out == (not kept)


def test_the_date_of_a_news_sitemap_counts_before_all_others() -> None:
    news = "<news:news xmlns:news='n'><news:publication_date>2023-05-09</news:publication_date></news:news>"
    old = f"<url><loc>{HOME}2021/01/la-route/</loc><lastmod>2026-01-01</lastmod>{news}</url>"

    assert len(sitemap(old).articles) == 1


def test_a_month_without_articles_is_no_fault_and_a_page_is() -> None:
    assert sitemap().problem is None
    page = read_past_sitemap(b"<!doctype html><html><p>Bonjour</p></html>", HOME, WINDOW)
    assert page.problem == "html"


def test_robots_names_sitemaps_in_any_case_once() -> None:
    body = f"User-agent: *\nsitemap: {HOME}a.xml\n Sitemap:{HOME}b.xml \nSITEMAP: {HOME}a.xml\n#x"

    assert read_robots(body.encode()).further == (f"{HOME}a.xml", f"{HOME}b.xml")
    assert read_robots(b"\xff\xfe<html>") == PastReading()


def dated(html: str, path: str = "2023/05/") -> PastReading:
    return read_dated_page(html.encode(), "text/html", f"{HOME}{path}", WINDOW)


def anchor(path: str) -> str:
    return f"<h2><a href='/{path}'>La route du marché sera bientôt refaite</a></h2>"


def test_a_dated_page_gives_its_articles_and_the_page_after_it() -> None:
    following = "<nav><a href='/2023/05/page/3/'>3</a><a href='/2023/05/page/2/'>2</a></nav>"
    links = (
        anchor("la-route-du-marche/") + anchor("2023/05/02/le-pont/") + anchor("2021/01/02/vieux/")
    )

    reading = dated(f"<html><title>mai 2023 – Le Jour</title>{links}{following}</html>")

    assert [a.link.url for a in reading.articles] == [
        f"{HOME}la-route-du-marche/",
        f"{HOME}2023/05/02/le-pont/",
    ]
    assert reading.left_out == 1
    assert reading.further == (f"{HOME}2023/05/page/2/",)


@pytest.mark.parametrize(
    ("path", "following", "expected"),
    [
        ("2023/05/page/2/", "/2023/05/page/3/", ("2023/05/page/3/",)),
        ("2023/05/page/2/", "/2023/05/page/2/", ()),
        ("2023/05/12/", "https://www.jour.example/2023/05/12/page/2", None),
        ("2023/05/", "/2023/04/page/2/", ()),
        ("2023/05/", "https://autre.example/2023/05/page/2/", ()),
    ],
    ids=["third", "itself", "with www", "another month", "another site"],
)
def test_the_page_after_is_the_one_the_page_links_to(
    path: str, following: str, expected: tuple[str, ...] | None
) -> None:
    html = f"<h1>Archives 2023</h1>{anchor('la-route-du-marche/')}<a href='{following}'>Suite</a>"

    further = dated(html, path).further

    wanted = (following,) if expected is None else tuple(f"{HOME}{one}" for one in expected)
    assert further == wanted


def test_a_front_page_in_the_place_of_a_dated_one_gives_nothing() -> None:
    front = (
        f"<html><title>Le Jour</title><h2>Budget 2023</h2>{anchor('la-route-du-marche/')}</html>"
    )

    assert dated(front) == PastReading(problem="undated")
    assert dated("") == PastReading(problem="empty")


def test_a_page_whose_articles_have_the_month_in_their_addresses_is_dated() -> None:
    page = f"<html><title>Archives</title>{anchor('2023/05/02/le-pont-du-fleuve/')}</html>"

    assert len(dated(page).articles) == 1


@pytest.mark.parametrize("path", ["1890/01/x/", "12023/05/x", "x-2023/"])
def test_what_is_no_date_of_the_web_press_names_no_day(path: str) -> None:
    assert period_of_article(f"{HOME}{path}") is None


def test_a_year_before_what_is_no_month_is_a_year() -> None:
    assert period_of_article(f"{HOME}2023/13/x/") == period("2023")


_MARKS = (
    b"<urlset>",
    b"<url><loc>",
    b"https://jour.example/2023/",
    b"[{",
    b'"link":',
    b"<h1>2023",
    b"<a href=",
)


@given(st.lists(st.one_of(st.sampled_from(_MARKS), st.binary(max_size=30)), max_size=20))
@settings(max_examples=100, deadline=None)
def test_no_answer_makes_a_reader_raise(parts: list[bytes]) -> None:
    body = b"".join(parts)

    for reading in (
        read_past_sitemap(body, f"{HOME}sitemap.xml", WINDOW),
        read_dated_page(body, None, f"{HOME}2023/05/", WINDOW),
        read_past_posts(body, "application/json", HOME, WINDOW, body),
        read_robots(body),
    ):
        assert len(reading.articles) <= reading.listed


def test_a_sitemap_with_a_number_names_no_year() -> None:
    assert period_of_sitemap(f"{HOME}post-sitemap12.xml") is None
    assert period_of_sitemap(f"{HOME}sitemap-120230.xml") is None
