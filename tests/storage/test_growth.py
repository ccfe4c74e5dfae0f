"""What the archive does for one article, in steps of SQLite: no more when there are many others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from storage.archive import Archive
from storage.coverage import Coverage
from storage.desk import Desk
from storage.records import Reading
from storage.search import Filters
from storage.taking import Identity, Taking
from storage.verdicts import Verdict, Verdicts

Make = Callable[..., Reading]
Task = Callable[[Archive, Reading, datetime], object]
Question = Callable[[Archive, datetime], object]

FEW, MANY = 20, 2_000
ARTICLES = """
    with recursive numbers (n) as (
        select :first union all select n + 1 from numbers where n < :last)
    insert into articles (source, url, canonical_url, title, text, first_seen, last_checked,
                          language, language_confidence, digest, text_digest)
    select 'matin', 'https://old.example/' || n, 'https://old.example/' || n, 'T', 'x',
           '2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z', 'fr', 1.0, '', 'digest ' || n
      from numbers
"""
PAGES = """
    insert into pages (canonical_url, url, source, discovered_by, state, outcome, queued_at,
                       settled_at, article)
    select canonical_url, url, source, 'feed', 'settled', 'stored', first_seen, first_seen, id
      from articles where url like 'https://old.example/%'
    on conflict do nothing
"""
FLAGS = """
    insert into flags (article, rule_set, flagged, score, flagged_at)
    select id, 'rules-1', 0, 0, '' from articles where true on conflict do nothing
"""
LOOKS = """
    insert into revisits (article, checks)
    select id, 3 from articles where true on conflict do nothing
"""


def store(archive: Archive, reading: Reading, now: datetime) -> object:
    return archive.articles.store(reading, now)


def ask_whether_it_is_known(archive: Archive, reading: Reading, _: datetime) -> object:
    identity = Identity(source="matin", canonical_url="https://a.example/", text_digest="none")
    return Taking(archive).known(identity, reading.queued_url)


def look_again(archive: Archive, _: Reading, now: datetime) -> object:
    return archive.revisits.due("matin", now, 10)


def ask_how_pages_ended(archive: Archive, now: datetime) -> object:
    return Coverage(archive.db).settled(now - timedelta(days=1), now + timedelta(days=1))


def count_by_day(archive: Archive, now: datetime) -> object:
    return Coverage(archive.db).days(now - timedelta(days=28), now + timedelta(days=1))


def list_flagged_stories(archive: Archive, _: datetime) -> object:
    return Desk(archive.db).stories()


def search_by_verdict(archive: Archive, _: datetime) -> object:
    return list(archive.search.newest(None, Filters(verdict="relevant")))


def fill(archive: Archive, first: int, last: int) -> None:
    """Store old articles of one source."""
    archive.db.execute(ARTICLES, {"first": first, "last": last})
    for statement in (PAGES, FLAGS, LOOKS):
        archive.db.execute(statement)


def steps(archive: Archive, task: Callable[[], object]) -> int:
    """Return how many steps SQLite takes for a task."""
    taken: list[None] = []
    archive.db.conn.set_progress_handler(lambda: taken.append(None), 1)
    task()
    archive.db.conn.set_progress_handler(None, 1)
    return len(taken)


@pytest.mark.parametrize("task", [store, ask_whether_it_is_known, look_again])
def test_an_article_costs_the_same_among_many_of_its_source_as_among_few(
    archive: Archive, make_reading: Make, now: datetime, task: Task
) -> None:
    one = make_reading()
    other = make_reading("https://matin.example/a2", fingerprint=tuple(range(100, 110)))
    fill(archive, 1, FEW)
    among_few = steps(archive, lambda: task(archive, one, now))
    fill(archive, FEW + 1, MANY)

    among_many = steps(archive, lambda: task(archive, other, now))

    assert among_many < 1.2 * among_few


@pytest.mark.parametrize("is_analysed", [False, True], ids=["as it is", "analysed"])
@pytest.mark.parametrize(
    "question", [ask_how_pages_ended, count_by_day, list_flagged_stories, search_by_verdict]
)
def test_a_question_about_few_articles_costs_the_same_among_many_others(
    archive: Archive, make_reading: Make, now: datetime, question: Question, *, is_analysed: bool
) -> None:
    archive.articles.store(make_reading(), now)
    Verdicts(archive.db).record(Verdict(article=1, verdict="relevant", reviewer="awa"), now)
    fill(archive, 1, FEW)
    assert question(archive, now)
    among_few = steps(archive, lambda: question(archive, now))
    fill(archive, FEW + 1, MANY)
    if is_analysed:  # as any program of SQLite's may do
        archive.db.execute("analyze")

    among_many = steps(archive, lambda: question(archive, now))

    assert among_many < 1.2 * among_few
