"""How far the past of a source has been walked, and which pages are left to the walk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from storage import backfills, steps
from storage.archive import Archive
from storage.coverage import Coverage
from storage.digest import DigestQuestions
from storage.records import Link, Published, Reading, Refusal
from storage.runs import Poll
from storage.steps import Answer, Contents, Step
from storage.window import Window

WINDOW = Window(since=datetime(2023, 1, 1, tzinfo=UTC), until=datetime(2023, 3, 1, tzinfo=UTC))
A, B, C = (f"https://matin.example/sitemap-{n}.xml" for n in "abc")
ANSWER = Answer(url=A, body=b"<urlset/>", content_type="text/xml", announced=3)
Make = Callable[..., Reading]


@pytest.fixture
def begun(archive: Archive, now: datetime) -> int:
    backfill = archive.backfills.begin("matin", WINDOW, now)
    archive.backfills.take_way(backfill, "sitemap", [A, B], now)
    return backfill


def step(archive: Archive, begun: int, besides: tuple[int, ...] = ()) -> Step:
    found = archive.backfills.steps.next(begun, besides)
    assert found is not None
    return found


def link(number: int, **changes: str) -> Link:
    return Link(url=f"https://matin.example/a{number}", discovered_by="sitemap", **changes)


def test_a_window_of_a_source_is_one_backfill(archive: Archive, begun: int, now: datetime) -> None:
    later = attrs.evolve(WINDOW, until=datetime(2023, 4, 1, tzinfo=UTC))

    assert archive.backfills.begin("matin", WINDOW, now) == begun
    assert archive.backfills.begin("soir", WINDOW, now) != begun
    assert archive.backfills.begin("matin", later, now) != begun
    assert archive.backfills.way(begun) == "sitemap"


def test_one_that_ended_without_a_way_begins_again(
    archive: Archive, begun: int, now: datetime
) -> None:
    archive.backfills.end(begun, "no_way", now)

    assert not archive.backfills.ended("matin", WINDOW)
    assert archive.backfills.begin("matin", WINDOW, now) == begun
    assert archive.backfills.way(begun) is None
    assert archive.backfills.steps.facts(begun, "sitemap").open == 0


def test_steps_are_gone_in_their_order_and_those_that_were_answered_first(
    archive: Archive, begun: int, now: datetime
) -> None:
    first = step(archive, begun)
    second = step(archive, begun, (first.id,))
    assert (first.address, first.answer, second.address) == (A, None, B)

    archive.backfills.steps.keep_answer(second, ANSWER)

    assert step(archive, begun) == attrs.evolve(second, answer=ANSWER)
    archive.backfills.steps.finish(step(archive, begun), now)
    assert step(archive, begun).address == A


def test_an_answer_is_forgotten_when_it_is_settled_and_kept_where_others_need_it(
    archive: Archive, begun: int, now: datetime
) -> None:
    walked = archive.backfills.steps
    walked.keep_answer(step(archive, begun), ANSWER)
    walked.keep(step(archive, begun), C, b"[]")
    walked.finish(step(archive, begun), now)

    assert walked.kept(step(archive, begun), A) is None
    assert walked.kept(step(archive, begun), C) == b"[]"
    archive.backfills.end(begun, None, now)
    assert archive.db.execute("select count(answer) from backfill_steps").fetchone() == (0,)


def test_a_step_is_known_by_its_address_and_there_are_only_so_many(
    archive: Archive, begun: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "MAX_STEPS", 4)
    contents = Contents(found=2, further=(A, B, C), digest="d")

    archive.backfills.steps.note(step(archive, begun), contents, now)
    archive.backfills.steps.add(begun, "sitemap", [f"{C}?{n}" for n in range(9)])

    facts = archive.backfills.steps.facts(begun, "sitemap")
    assert (facts.found, facts.worked, facts.open) == (2, 1, 4)


def test_a_problem_that_may_pass_is_tried_three_times(
    archive: Archive, begun: int, now: datetime
) -> None:
    walked = archive.backfills.steps
    for _ in range(2):
        walked.fail(step(archive, begun), "timeout", now, may_pass=True)
        assert step(archive, begun).address == A
    walked.fail(step(archive, begun), "timeout", now, may_pass=True)
    assert step(archive, begun).address == B
    walked.fail(step(archive, begun), "gone", now, may_pass=False)

    assert walked.next(begun, ()) is None
    assert walked.facts(begun, "sitemap").failed == 2


def test_an_answer_that_lists_what_another_listed_repeats_it(
    archive: Archive, begun: int, now: datetime
) -> None:
    walked = archive.backfills.steps
    first = step(archive, begun)
    walked.note(first, Contents(found=1, digest="d"), now)
    second = step(archive, begun, (first.id,))

    assert walked.repeats(second, "d")
    assert not walked.repeats(second, "e")
    assert not walked.repeats(first, "d")


def test_a_step_may_ask_another_address_in_its_place_but_none_that_is_asked(
    archive: Archive, begun: int
) -> None:
    assert archive.backfills.steps.replace(step(archive, begun), C)
    assert not archive.backfills.steps.replace(step(archive, begun), B)
    assert step(archive, begun).address == C


def test_pages_of_a_backfill_are_left_to_it(archive: Archive, begun: int, now: datetime) -> None:
    archive.schedules.plan("matin", now, failed=False)
    archive.backfills.queue(begun, "matin", [link(1), link(2)], now)

    assert archive.queue.due("matin", now, 10) == ()
    assert archive.schedules.due(["matin"], now) == ()
    assert [page.url[-2:] for page in archive.backfills.due(begun, now, 10)] == ["a1", "a2"]
    assert archive.backfills.waits(begun)


def test_a_page_that_the_site_announces_now_is_taken_over_by_the_live_crawl(
    archive: Archive, begun: int, now: datetime
) -> None:
    archive.backfills.queue(begun, "matin", [link(1), link(2)], now)

    assert archive.queue.add("matin", [link(1)], now) == 1
    assert archive.queue.add("matin", [link(1)], now) == 0
    assert archive.backfills.queue(begun, "matin", [link(1)], now) == 0

    assert [page.url[-2:] for page in archive.queue.due("matin", now, 10)] == ["a1"]
    assert [page.url[-2:] for page in archive.backfills.due(begun, now, 10)] == ["a2"]


def test_a_backfill_has_only_so_many_pages(
    archive: Archive, begun: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfills, "MAX_PAGES", 3)

    assert archive.backfills.queue(begun, "matin", [link(1), link(2)], now) == 2
    assert archive.backfills.queue(begun, "matin", [link(n) for n in range(1, 9)], now) == 0
    assert archive.backfills.queue(begun, "matin", [link(n) for n in range(5, 9)], now) == 1


def store(archive: Archive, make_reading: Make, begun: int, number: int, at: datetime) -> None:
    """Store an article that a backfill found."""
    now = at + timedelta(days=1400)
    url = link(number).url
    archive.backfills.queue(begun, "matin", [link(number)], now)
    reading = make_reading("https://matin.example/another")  # which it queues
    article = attrs.evolve(
        reading.article,
        url=url,
        canonical_url=url,
        published=Published(at=at, printed=str(at), precision="second", origin="meta"),
    )
    archive.articles.store(
        attrs.evolve(reading, queued_url=url, text_digest=url, article=article), now
    )


def test_progress_tells_how_pages_ended_and_which_articles_are_of_another_time(
    archive: Archive, begun: int, now: datetime, make_reading: Make
) -> None:
    store(archive, make_reading, begun, 1, datetime(2023, 2, 3, tzinfo=UTC))
    store(archive, make_reading, begun, 2, datetime(2023, 3, 1, tzinfo=UTC))
    archive.backfills.queue(begun, "matin", [link(3), link(4)], now)
    archive.queue.refuse(Refusal(source="matin", queued_url=link(3).url, reason="not_french"), now)
    archive.backfills.steps.note(step(archive, begun), Contents(found=4, left_out=7), now)
    archive.backfills.steps.finish(step(archive, begun), now)

    (told,) = archive.backfills.all()

    names = (
        "window",
        "way",
        "steps_done",
        "steps",
        "articles",
        "outside",
        "refused",
        "waiting",
        "left_out",
    )
    assert [told[name] for name in names] == [
        "2023-01-01..2023-02-28", "sitemap", 1, 2, 2, 1, 1, 1, 7,
    ]  # fmt: skip


def test_an_old_article_of_a_backfill_is_no_news(
    archive: Archive, begun: int, now: datetime, make_reading: Make
) -> None:
    store(archive, make_reading, begun, 1, now - timedelta(days=1400))
    archive.articles.store(make_reading("https://matin.example/b", fingerprint=()), now)
    questions = DigestQuestions(archive.db)

    news = questions.articles_of_stories(now - timedelta(days=1), now + timedelta(days=1))
    all_of_it = questions.articles_of_stories(now - timedelta(days=1500), now + timedelta(days=1))

    assert [row["url"] for row in news] == ["https://matin.example/b"]
    assert len(all_of_it) == 2
    ended = Coverage(archive.db).settled(now - timedelta(days=1), now + timedelta(days=1))
    assert [row["pages"] for row in ended] == [1]


def test_what_a_backfill_gave_counts_in_the_run_and_is_no_poll(
    archive: Archive, now: datetime
) -> None:
    archive.runs.count(1, Poll(source="matin", started_at=now, seconds=3, requests=9, stored=4))

    assert archive.runs.get(1)["stored"] == 4
    assert archive.runs.polls_of(1) == []
    assert archive.health.sources(now) == ()
