"""The windows that can be asked for, and what is asked of a site for each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.backfill.ways import (
    fewer_posts,
    first_steps,
    is_too_far,
    next_posts,
    page_of_posts,
    ways_of,
)
from crawler.backfill.windows import WindowError, read_window
from crawler.source import Source

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


def source(**changes: object) -> Source:
    entry = {"slug": "jour", "name": "Le Jour", "country": "ML", "url": "https://jour.example/"}
    return Source.model_validate(entry | changes)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("2023-01..2023-12", "2023-01-01..2023-12-31"),
        ("2023", "2023-01-01..2023-12-31"),
        ("2022..2023-02", "2022-01-01..2023-02-28"),
        ("2023-01-15..2023-02", "2023-01-15..2023-02-28"),
        ("2024-02", "2024-02-01..2024-02-29"),
        ("2023-12", "2023-12-01..2023-12-31"),
        ("2023-05-12", "2023-05-12..2023-05-12"),
        ("2026-11-01..2026-11-21", "2026-11-01..2026-11-21"),
    ],
)
def test_a_window_holds_whole_days(text: str, window: str) -> None:
    assert str(read_window(text, NOW)) == window
    assert read_window(window, NOW) == read_window(text, NOW)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "write it as"),
        ("2023-1", "write it as"),
        ("2023-02-30", "write it as"),
        ("1969", "write it as"),
        ("30d", "write it as"),
        ("2023-01..", None),
        ("2023-01..2023-02..2023-03", "write it as"),
        ("2023-12..2023-01", "ends before it begins"),
        ("2026-11", "the last day it may hold is 2026-11-21"),
        ("2026-11-22", "not over"),
        ("2030..2031", "not over"),
    ],
)
def test_what_is_no_window_of_the_past_is_refused_with_what_to_write(
    text: str, words: str | None
) -> None:
    if words is None:
        assert str(read_window(text, NOW)) == "2023-01-01..2023-01-31"
        return
    with pytest.raises(WindowError, match=words):
        read_window(text, NOW)


def test_the_api_is_asked_first_and_only_of_what_may_be_wordpress() -> None:
    year, days = read_window("2023", NOW), read_window("2023-01-15..2023-02", NOW)

    assert ways_of(source(), year) == ("posts", "sitemap", "months", "days")
    assert ways_of(source(cms="wordpress"), days) == ("posts", "sitemap", "days", "months")
    assert ways_of(source(cms="spip"), year) == ("sitemap", "months", "days")


def test_posts_are_asked_by_month_with_a_margin_for_the_clock_of_the_site() -> None:
    first, second = first_steps("posts", source(), read_window("2023-01-15..2023-02", NOW))

    assert "?after=2023-01-14T00:00:00&before=2023-02-01T00:00:00&" in first
    assert "?after=2023-01-31T23:59:59&before=2023-03-02T00:00:00&" in second
    assert "&per_page=100&page=1&_fields=link,date_gmt," in first


def test_dated_pages_are_asked_from_the_latest_back() -> None:
    window = read_window("2023-01-30..2023-02-02", NOW)

    assert first_steps("months", source(), window) == (
        "https://jour.example/2023/02/",
        "https://jour.example/2023/01/",
    )
    assert first_steps("days", source(), window)[:2] == (
        "https://jour.example/2023/02/02/",
        "https://jour.example/2023/02/01/",
    )


@pytest.mark.parametrize(
    ("page", "listed", "announced", "follows"),
    [
        (1, 100, 3, True),
        (1, 97, 3, True),
        (3, 40, 3, False),
        (1, 100, 1, True),
        (1, 100, None, True),
        (1, 40, None, False),
        (2, 0, 99, False),
        (100, 100, 999, False),
    ],
    ids=["more announced", "posts hidden", "last", "full, whatever is announced", "full, none announced",
         "not full", "empty, whatever is announced", "too many for one month"],
)  # fmt: skip
def test_a_month_of_posts_goes_on(
    page: int, listed: int, announced: int | None, *, follows: bool
) -> None:
    step = first_steps("posts", source(), read_window("2023-01", NOW))[0]
    address = step.replace("&page=1&", f"&page={page}&")

    following = next_posts(address, listed, announced)

    assert [page_of_posts(one) for one in following] == ([page + 1] if follows else [])


def test_fewer_posts_begin_with_the_same_post() -> None:
    third = first_steps("posts", source(), read_window("2023-01", NOW))[0].replace(
        "&page=1&", "&page=3&"
    )

    twenty = fewer_posts(third)
    assert twenty is not None
    assert "&per_page=20&page=11&" in twenty
    five = fewer_posts(twenty)
    assert five is not None
    assert "&per_page=5&page=41&" in five
    assert fewer_posts(five) is None


def test_a_dated_list_is_followed_only_so_far() -> None:
    assert not is_too_far("months", "https://jour.example/2023/01/page/200/")
    assert is_too_far("months", "https://jour.example/2023/01/page/201/")
    assert not is_too_far("sitemap", "https://jour.example/page/201/")
