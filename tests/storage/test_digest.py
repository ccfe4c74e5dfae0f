"""What the digest asks about stories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from storage.archive import Archive
from storage.coverage import Coverage
from storage.digest import DigestQuestions
from storage.records import Reading
from storage.times import to_text
from storage.verdicts import Verdict, Verdicts

HOUR = timedelta(hours=1)
Make = Callable[..., Reading]


def found(archive: Archive, since: datetime, until: datetime) -> list[tuple[int, int]]:
    rows = DigestQuestions(archive.db).articles_of_stories(since, until)
    return [(row["id"], row["story"]) for row in rows]


def test_an_article_without_copies_is_a_story_of_its_own(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    archive.articles.store(make_reading(), now)

    assert found(archive, now, now + HOUR) == [(1, -1)]


def test_the_end_of_the_period_is_not_in_it(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    archive.articles.store(make_reading(), now)

    assert found(archive, now - HOUR, now) == []


def test_an_older_copy_comes_with_its_story_and_a_later_one_does_not(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    for number, shift in enumerate((-3 * HOUR, timedelta(0), 3 * HOUR)):
        source = ("matin", "soir", "relais")[number]
        archive.articles.store(make_reading(f"https://{source}.example/a", source), now + shift)

    assert found(archive, now, now + HOUR) == [(1, 1), (2, 1)]


def test_what_was_stored_while_the_clock_ran_ahead_holds_up_nothing_but_itself(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    ahead = now + timedelta(days=400)
    archive.articles.store(make_reading(), ahead)
    archive.articles.store(make_reading("https://soir.example/a", "soir"), now)
    first = "select first_seen from clusters"

    assert found(archive, now, now + HOUR) == [(2, 1)]
    assert found(archive, ahead, ahead + HOUR) == [(1, 1), (2, 1)]
    assert archive.db.execute(first).fetchone() == (to_text(now),)
    assert Coverage(archive.db).last_articles(now + HOUR) == [
        {"slug": slug, "name": slug.title(), "last_article": to_text(now)}
        for slug in ("matin", "soir")
    ]

    # What docs/operating.md says to do.
    archive.db.execute(
        "update articles set first_seen = :now, last_checked = :now where first_seen > :now",
        {"now": to_text(now)},
    )
    assert found(archive, now, now + HOUR) == [(1, 1), (2, 1)]


def test_the_latest_standing_verdict_is_given_with_its_corrections(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    archive.articles.store(make_reading(), now)
    verdicts = Verdicts(archive.db)
    verdicts.record(Verdict(article=1, verdict="unsure", reviewer="awa", themes=("food",)), now)
    verdicts.record(Verdict(article=1, verdict="irrelevant", reviewer="ali"), now)
    verdicts.withdraw("ali", now)

    (row,) = DigestQuestions(archive.db).articles_of_stories(now, now + HOUR)

    assert (row["verdict"], row["themes"], row["countries"]) == ("unsure", '["food"]', '["ML"]')


def test_masked_matches_are_not_given(archive: Archive, make_reading: Make, now: datetime) -> None:
    archive.articles.store(make_reading(), now)
    questions = DigestQuestions(archive.db)
    before = len(questions.matches([1]))
    archive.db.execute("update matches set masked = 'idiom'")

    assert (before, questions.matches([1])) == (1, [])


def test_partners_are_counted_and_states_only_mentioned_are_not(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    archive.articles.store(make_reading(), now)
    archive.db.execute(
        "insert into mentions (article, codes, field, start, end, words, partner)"
        """ values (1, '["NE"]', 'text', 0, 1, 'x', 0)"""
    )

    assert DigestQuestions(archive.db).partners([1]) == {(1, "ML"): 1}


def test_texts_are_given_by_number(archive: Archive, make_reading: Make, now: datetime) -> None:
    archive.articles.store(make_reading(), now)

    assert DigestQuestions(archive.db).texts([1, 99]).keys() == {1}


def test_an_irrelevant_article_is_not_counted_by_week(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    archive.articles.store(make_reading(), now)
    questions = DigestQuestions(archive.db)
    before = len(questions.dated_stories(now - HOUR, now + HOUR))
    Verdicts(archive.db).record(Verdict(article=1, verdict="irrelevant", reviewer="awa"), now)

    assert (before, questions.dated_stories(now - HOUR, now + HOUR)) == (1, [])
