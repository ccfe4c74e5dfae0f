from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import attrs
import pytest

from storage.archive import Archive
from storage.check import check_archive
from storage.records import Flag, Reading

Make = Callable[..., Reading]
DAY = timedelta(days=1)
PLAIN = Flag(rule_set="rules-1", flagged=False, score=0)


def due_at(archive: Archive) -> str | None:
    row = archive.db.execute("select due_at from revisits where article = 1").fetchone()
    return None if row is None else row[0]


def test_a_new_article_is_looked_at_after_1_3_and_10_days(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    archive.articles.store(make_reading(), now)
    seen = [due_at(archive)]
    for days in (1, 3, 10):
        at = now + days * DAY
        assert [one.article for one in archive.revisits.due("matin", at, 10)] == [1]
        archive.revisits.unchanged(1, at)
        seen.append(due_at(archive))

    assert seen == ["2026-11-23T06:30:00Z", "2026-11-25T06:30:00Z", "2026-12-02T06:30:00Z", None]
    checked = archive.db.execute("select last_checked from articles").fetchone()
    assert checked == ("2026-12-02T06:30:00Z",)


def test_an_old_article_is_not_looked_at_again(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    archive.articles.store(make_reading(), now + 11 * DAY)

    assert due_at(archive) is None


def test_flagged_articles_go_first_and_long_overdue_ones_are_left(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    for number, flag in enumerate((PLAIN, make_reading().flag), 1):
        reading = make_reading(f"https://matin.example/f{number}", flag=flag, fingerprint=())
        archive.articles.store(reading, now)

    assert [one.article for one in archive.revisits.due("matin", now + DAY, 10)] == [2, 1]
    assert [one.article for one in archive.revisits.due("matin", now + DAY, 1)] == [2]
    assert archive.revisits.due("soir", now + DAY, 10) == ()
    assert archive.revisits.due("matin", now + 11 * DAY, 10) == ()


def test_what_the_answer_said_comes_back_as_conditions(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    headers = (("etag", '"a1"'), ("last-modified", "Sun, 22 Nov 2026 06:00:00 GMT"))
    archive.articles.store(make_reading(headers=headers), now)

    (revisit,) = archive.revisits.due("matin", now + DAY, 10)

    assert (revisit.etag, revisit.last_modified) == ('"a1"', "Sun, 22 Nov 2026 06:00:00 GMT")


def test_a_vanished_article_stays_and_is_not_asked_for_again(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    archive.articles.store(make_reading(), now)

    archive.revisits.gone(1, now + DAY)

    assert archive.revisits.gone_at(1) == "2026-11-23T06:30:00Z"
    assert due_at(archive) is None
    assert archive.articles.find("1") is not None


def test_a_failed_look_is_noted_and_the_next_one_stays_planned(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    archive.articles.store(make_reading(), now)

    archive.revisits.failed(1, "timeout", now + DAY)

    assert due_at(archive) == "2026-11-25T06:30:00Z"
    row = archive.db.execute("select problem, last_checked from revisits, articles").fetchone()
    assert row == ("timeout", "2026-11-22T06:30:00Z")


@pytest.fixture
def changed(make_reading: Make) -> Reading:
    first = make_reading()
    article = attrs.evolve(first.article, text="Les instructeurs sont partis. Le cœur du débat.")
    return attrs.evolve(first, article=article, flag=PLAIN, text_digest="new", fingerprint=(5, 6))


def test_a_changed_text_makes_a_revision_and_is_flagged_again(
    archive: Archive, now: datetime, make_reading: Make, changed: Reading
) -> None:
    first = make_reading()
    archive.articles.store(first, now)

    archive.revisions.revise(1, changed, attrs.evolve(PLAIN, score=12), now + DAY)

    (revision,) = archive.revisions.of(1)
    assert revision["text"] == first.article.text
    assert revision["seen_at"] == "2026-11-23T06:30:00Z"
    assert (revision["added_flagged"], revision["added_score"]) == (0, 12)
    stored = archive.articles.find("1")
    assert stored is not None
    assert stored["text"] == changed.article.text
    assert archive.db.execute("select flagged from flags").fetchone() == (0,)
    assert archive.db.execute("select count(*) from matches").fetchone() == (0,)
    assert archive.db.execute("select hash from passages").fetchall() == [(5,), (6,)]
    found = "select rowid from articles_fts where articles_fts match 'coeur AND partis'"
    assert archive.db.execute(found).fetchall() == [(1,)]
    assert check_archive(archive.db) == []


def test_a_revision_that_fails_leaves_the_article_as_it_was(
    archive: Archive, now: datetime, make_reading: Make, changed: Reading
) -> None:
    archive.articles.store(make_reading(), now)
    before = archive.articles.find("1")
    archive.db.execute(
        "create trigger full before insert on passages begin select raise(abort, 'full'); end"
    )

    with pytest.raises(Exception, match="full"):
        archive.revisions.revise(1, changed, None, now + DAY)

    assert archive.articles.find("1") == before
    assert archive.revisions.of(1) == []
