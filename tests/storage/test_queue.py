from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import attrs
import pytest

from storage.archive import Archive
from storage.reasons import BACKOFF
from storage.records import FeedState, Link, Outcome, Reading, Refusal

PAGE = "https://matin.example/a1"


def link(url: str) -> Link:
    return Link(url=url, discovered_by="feed", title="Titre", published_hint="22 nov. 2026")


def refusal(reason: str) -> Refusal:
    return Refusal(source="matin", queued_url=PAGE, reason=reason, detail="why", status=503)


def test_a_page_is_queued_once_under_all_its_addresses(archive: Archive, now: datetime) -> None:
    new = archive.queue.add(
        "matin",
        [
            link("https://matin.example/a?id=1&utm_source=feed"),
            link("http://www.matin.example/a?id=1#suite"),
            link("https://matin.example/spip.php?article123456"),
            link("https://matin.example/spip.php?article123457"),
        ],
        now,
    )

    assert new == 3


def test_the_address_is_fetched_as_printed_with_its_hints(archive: Archive, now: datetime) -> None:
    archive.queue.add("matin", [link("http://www.matin.example/a/?utm_source=x")], now)

    (page,) = archive.queue.due("matin", now, 10)

    assert page.url == "http://www.matin.example/a/?utm_source=x"
    assert (page.title, page.published_hint) == ("Titre", "22 nov. 2026")


def test_another_source_does_not_fetch_a_page_that_is_queued(
    archive: Archive, now: datetime
) -> None:
    archive.queue.add("matin", [link(PAGE)], now)

    assert archive.queue.add("soir", [link(PAGE)], now) == 0
    assert archive.queue.due("soir", now, 10) == ()


def test_the_newest_announced_comes_first_and_the_limit_holds(
    archive: Archive, now: datetime
) -> None:
    archive.queue.add("matin", [link(f"https://matin.example/{n}") for n in range(5)], now)

    pages = archive.queue.due("matin", now, 2)

    assert [page.url[-1] for page in pages] == ["4", "3"]


def test_a_hard_refusal_settles_the_page_with_its_reason(archive: Archive, now: datetime) -> None:
    archive.queue.add("matin", [link(PAGE)], now)

    assert archive.queue.refuse(refusal("not_french"), now)

    row = next(archive.db.query("select state, outcome, reason, detail, http_status from pages"))
    assert row == {
        "state": "settled",
        "outcome": "refused",
        "reason": "not_french",
        "detail": "why",
        "http_status": 503,
    }


def test_a_soft_refusal_waits_longer_each_time_and_then_settles(
    archive: Archive, now: datetime
) -> None:
    archive.queue.add("matin", [link(PAGE)], now)
    for wait in BACKOFF:
        assert not archive.queue.refuse(refusal("timeout"), now)
        assert archive.queue.due("matin", now + wait - timedelta(seconds=1), 10) == ()
        assert len(archive.queue.due("matin", now + wait, 10)) == 1
        now += wait

    assert archive.queue.refuse(refusal("timeout"), now)
    assert archive.queue.is_settled(PAGE)


def test_a_stored_page_is_settled_and_names_its_article(
    archive: Archive, now: datetime, make_reading: Callable[..., Reading]
) -> None:
    archive.articles.store(make_reading(PAGE), now)

    row = next(archive.db.query("select outcome, article, http_status from pages"))
    assert row == {"outcome": Outcome.STORED, "article": 1, "http_status": 200}
    assert archive.queue.size() == 0


def test_the_links_of_a_feed_are_kept_with_its_etag(archive: Archive, now: datetime) -> None:
    state = FeedState(
        url="https://matin.example/feed", source="matin", kind="feed", etag='"1"', links=1, polls=1
    )

    assert archive.feeds.remember(state, [link(PAGE)], now) == 1

    assert archive.feeds.state("matin", state.url, "feed") == state
    assert archive.feeds.that_work("matin") == (state,)


def test_a_feed_is_not_remembered_when_its_links_cannot_be_queued(
    archive: Archive, now: datetime
) -> None:
    state = FeedState(url="https://matin.example/feed", source="matin", kind="feed", etag='"1"')
    archive.db.execute(
        "create trigger no_room before insert on pages begin select raise(abort, 'no room'); end"
    )

    with pytest.raises(Exception, match="no room"):
        archive.feeds.remember(state, [link(PAGE)], now)

    assert archive.feeds.state("matin", state.url, "feed").etag is None


def test_a_feed_that_fails_no_longer_works_but_keeps_its_count(
    archive: Archive, now: datetime
) -> None:
    state = FeedState(
        url="https://matin.example/feed", source="matin", kind="feed", links=3, polls=4
    )
    archive.feeds.remember(state, [], now)

    archive.feeds.remember(attrs.evolve(state, links=0, problem="timeout", polls=5), [], now)

    assert archive.feeds.that_work("matin") == ()
    assert archive.feeds.state("matin", state.url, "feed").polls == 5


def test_outcomes_are_counted_by_source_and_reason(archive: Archive, now: datetime) -> None:
    archive.queue.add("matin", [link(PAGE), link("https://matin.example/a2")], now)
    archive.queue.refuse(refusal("gone"), now)

    assert archive.queue.outcomes() == [
        {"source": "matin", "outcome": "queued", "reason": None, "pages": 1},
        {"source": "matin", "outcome": "refused", "reason": "gone", "pages": 1},
    ]
