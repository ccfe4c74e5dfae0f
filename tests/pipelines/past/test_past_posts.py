"""Posts of WordPress' REST API: which are of a window, which have their text, what page they make."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipelines.extract import extract_article
from pipelines.past.layout import page_of_post
from pipelines.past.posts import read_past_posts
from pipelines.past.records import PastReading
from storage.records import Article, Page
from storage.window import Window

WINDOW = Window(since=datetime(2023, 1, 1, tzinfo=UTC), until=datetime(2023, 2, 1, tzinfo=UTC))
URL = "https://jour.example/wp-json/wp/v2/posts?page=1"
TEXT = (
    "Le conseil municipal de Ségou a voté lundi le budget de la voirie, devant une centaine"
    " d’habitants venus dire leur impatience. Les travaux de la route du marché commenceront après"
    " l’hivernage, a promis le maire. Trois entreprises de la région ont répondu à l’appel d’offres."
)


def post(**changes: object) -> dict[str, object]:
    return {
        "link": "https://jour.example/budget-voirie/",
        "date_gmt": "2023-01-15T08:30:00",
        "modified_gmt": "2023-01-16T09:00:00",
        "title": {"rendered": "Ségou&nbsp;: le budget de l&#8217;année"},
        "content": {"rendered": f"<p>{TEXT}</p><p>Lire aussi : Un autre budget</p>", "protected": False},
        "excerpt": {"rendered": "<p>Le budget de la voirie promet des travaux au marché de Ségou avant la fin de l’année.</p>"},
        "categories": [1, 7],
    } | changes  # fmt: skip


def read(*posts: object, sections: object = None) -> PastReading:
    names = None if sections is None else json.dumps(sections).encode()
    return read_past_posts(json.dumps(posts).encode(), "application/json", URL, WINDOW, names)


def article_of(value: bytes) -> Article:
    url = "https://jour.example/budget-voirie/"
    page = Page(
        source="jour",
        url=url,
        queued_url=url,
        body=value,
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
        headers=(("content-type", "application/json"),),
    )
    article = extract_article(page)
    assert isinstance(article, Article)
    return article


def test_a_post_is_read_like_a_page() -> None:
    sections = [{"id": 1, "name": "Non classé"}, {"id": 7, "name": "Société &amp; vie"}]

    (found,) = read(post(), sections=sections).articles

    assert found.link.discovered_by == "posts_text"
    assert found.post is not None
    article = article_of(found.post)
    assert article.title == "Ségou : le budget de l’année"
    assert article.text == TEXT
    assert (
        article.standfirst
        == "Le budget de la voirie promet des travaux au marché de Ségou avant la fin de l’année."
    )
    assert article.section == "Société & vie"
    assert article.published is not None
    assert article.published.at == datetime(2023, 1, 15, 8, 30, tzinfo=UTC)
    assert article.modified_at == datetime(2023, 1, 16, 9, tzinfo=UTC)
    assert article.canonical_url == "https://jour.example/budget-voirie"


def test_posts_out_of_the_window_are_left_out_by_their_gmt_date() -> None:
    reading = read(
        post(date_gmt="2022-12-31T23:59:59"),
        post(link="https://jour.example/b/", date_gmt="2023-01-01T00:00:00"),
        post(link="https://jour.example/c/", date_gmt="2023-02-01T00:00:00"),
        post(link="https://jour.example/d/", date_gmt=None),
    )

    assert [a.link.url for a in reading.articles] == [
        "https://jour.example/b/",
        "https://jour.example/d/",
    ]
    assert (reading.listed, reading.left_out) == (4, 2)


@pytest.mark.parametrize(
    "content",
    [
        {"rendered": "", "protected": False},
        {"rendered": "<p>Une brève.</p>", "protected": False},
        {"rendered": f"<p>{TEXT}</p>", "protected": True},
        {"rendered": f"<p>{TEXT} [&hellip;]</p>", "protected": False},
        {"rendered": f"<p>{TEXT}</p><a href='/x/'>Lire la suite</a>", "protected": False},
        {"rendered": 7},
        None,
    ],
    ids=["empty", "short", "password", "cut", "more link", "number", "nothing"],
)
def test_a_post_without_all_of_its_text_is_a_link_to_its_page(content: object) -> None:
    (found,) = read(post(content=content)).articles

    assert found.post is None
    assert found.link.discovered_by == "posts"


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b'{"code":"rest_disabled"}', b"[" * 100_000, b"\xff\xfe"],
    ids=["empty", "page", "object", "refusal", "deep", "mark"],
)
def test_what_is_no_list_of_posts_is_malformed(body: bytes) -> None:
    reading = read_past_posts(body, "application/json", URL, WINDOW, b"<html>")

    assert reading == PastReading(problem="malformed")


@pytest.mark.parametrize("value", [1, None, "post", [], {}, {"link": 3}, {"link": "javascript:x"}])
def test_an_entry_that_is_no_post_is_left_out(value: object) -> None:
    reading = read(value, post())

    assert (len(reading.articles), reading.listed) == (1, 2)


def test_the_same_posts_have_the_same_digest_and_others_have_another() -> None:
    other = post(link="https://jour.example/autre/")

    assert read(post()).digest == read(post(modified_gmt=None)).digest
    assert read(post()).digest != read(post(), other).digest
    assert read().digest is None


def test_markup_in_what_a_post_says_of_itself_does_not_leave_its_place() -> None:
    evil = '"><h1>Autre titre</h1>'

    page = page_of_post(
        json.dumps(post(sections=[evil], link=evil, yoast_head_json={"author": evil})).encode(),
        "application/json",
    )

    assert page is not None
    assert evil not in page


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps(post()).encode(), "text/html"),
        (json.dumps(post()).encode(), None),
        (b"[]", "application/json"),
        (b'{"content": {"rendered": ""}}', "application/json"),
        (b"{", "application/json"),
    ],
    ids=["labelled as a page", "not labelled", "list", "no content", "broken"],
)
def test_only_a_post_makes_a_page(body: bytes, content_type: str | None) -> None:
    assert page_of_post(body, content_type) is None
