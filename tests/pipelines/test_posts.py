"""Posts: what WordPress' list of articles says."""

from __future__ import annotations

import json

import pytest

from pipelines.posts import MAX_POSTS, PostsReading, read_posts
from storage.records import Link

HOME = "https://jour.example/wp-json/wp/v2/posts"


def read(posts: object) -> PostsReading:
    """Return the reading of an answer in JSON."""
    return read_posts(json.dumps(posts).encode(), "application/json", HOME)


def test_a_post_is_a_link_with_its_plain_title_and_its_date_in_gmt() -> None:
    post = {
        "link": "/mali-le-ble/",
        "title": {"rendered": "Mali&nbsp;: le <em>blé</em><br />d&#8217;Odessa arrive"},
        "date_gmt": "2026-11-21T10:00:00",
    }

    assert read([post]).links == (
        Link(
            url="https://jour.example/mali-le-ble/",
            discovered_by="posts",
            title="Mali\u00a0: le blé d’Odessa arrive",
            published_hint="2026-11-21T10:00:00Z",
        ),
    )


def test_what_a_post_does_not_say_is_unknown() -> None:
    said = [
        {"link": "/a/"},
        {"link": "/b/", "title": "sans balise", "date_gmt": None},
        {"link": "/c/", "title": {"rendered": "<b></b>"}, "date_gmt": ""},
    ]

    assert [(link.title, link.published_hint) for link in read(said).links] == [(None, None)] * 3


def test_what_is_no_post_is_passed_over_and_a_long_list_is_cut() -> None:
    nothing = ["/a/", {"title": {}}, {"link": 3}, {"link": "javascript:x"}]
    posts = [{"link": f"/{n}/"} for n in range(MAX_POSTS)]

    assert read(nothing) == PostsReading(problem="empty")
    assert len(read([*posts, {"link": "/de-trop/"}]).links) == MAX_POSTS


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"code": "rest_no_route"}', b"[" * 100_000, b"null"], ids=range(5)
)
def test_what_is_no_list_is_malformed(body: bytes) -> None:
    assert read_posts(body, "application/json", HOME) == PostsReading(problem="malformed")
