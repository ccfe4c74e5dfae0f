"""Merge: what two archives know of the same things becomes one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

from pipelines.fingerprint import fingerprint
from storage.archive import Archive
from storage.check import check_archive
from storage.folding import fold_text
from storage.merge import Merge, Merged
from storage.records import FeedState, Link, Reading, Refusal
from storage.runs import Poll
from storage.times import to_text
from storage.verdicts import Verdict, Verdicts

Make = Callable[..., Reading]
NOTHING = Merged(sources=0, runs=0, articles=0, revisions=0, pages=0, verdicts=0)
WIRE = " ".join(
    f"Le convoi numéro {n} quitte Douala pour Bangui avec {n * 7} tonnes de blé." for n in range(30)
)


@pytest.fixture
def fill(archive: Archive, now: datetime, make_reading: Make) -> Callable[[Archive, str], None]:
    """Return a function that puts two articles, a copy, verdicts, a poll and a queue in an archive."""

    def put(target: Archive, name: str) -> None:
        target.know_sources(
            attrs.evolve(_facts(), slug=slug, name=slug.title()) for slug in ("matin", name)
        )
        run = target.runs.begin(f"crawl {name}", "rules-1", "[[rule]]", now)
        for number, text in enumerate((f"Texte {number} de {name}." for number in range(2)), 1):
            _store(target, make_reading(f"https://{name}.example/{number}", "matin"), name, text)
        _store(target, make_reading(f"https://{name}.example/w", "matin"), name, WIRE)
        target.queue.add(name, [Link(url=f"https://{name}.example/q", discovered_by="feed")], now)
        state = FeedState(url=f"https://{name}.example/feed", source=name, kind="feed", links=3)
        target.feeds.remember(state, [], now)
        verdicts = Verdicts(target.db)
        verdicts.record(Verdict(article=1, verdict="irrelevant", reviewer=name), now)
        verdicts.withdraw(name, now + timedelta(minutes=1))
        later = now + timedelta(minutes=2)
        verdicts.record(Verdict(article=1, verdict="relevant", reviewer=name), later)
        target.runs.record(run, Poll(source=name, started_at=now, seconds=1, stored=3))
        target.runs.end(run, 0, "finished", now)

    def _store(target: Archive, reading: Reading, name: str, text: str) -> None:
        url = reading.article.url
        target.queue.add(name, [Link(url=url, discovered_by="feed")], now)
        article = attrs.evolve(reading.article, source=name, text=text)
        reading = attrs.evolve(
            reading, article=article, text_digest=url, fingerprint=fingerprint(fold_text(text))
        )
        target.articles.store(reading, now)

    return put


def _facts() -> object:
    from storage.records import SourceFacts

    return SourceFacts(
        slug="x", name="X", country="ML", language="fr", url="https://x.example", outlet=None,
        ownership=None, alignment=None, active=True,
    )  # fmt: skip


@pytest.fixture
def two(tmp_path: Path, fill: Callable[[Archive, str], None]) -> tuple[Archive, Path]:
    ours, theirs = Archive.open(tmp_path / "ours.db"), Archive.open(tmp_path / "theirs.db")
    fill(ours, "nord")
    fill(theirs, "sud")
    theirs.close()
    return ours, tmp_path / "theirs.db"


def dump(archive: Archive) -> list[tuple[object, ...]]:
    tables = ("articles", "flags", "matches", "mentions", "pages", "verdicts", "revisions",
              "fingerprints", "clusters", "raw_pages", "runs", "polls", "feeds", "revisits",
              "hosts", "schedules")  # fmt: skip
    return [row for table in tables for row in archive.db.execute(f"select * from {table}")]  # noqa: S608


def test_a_merge_takes_over_everything_once(two: tuple[Archive, Path]) -> None:
    ours, path = two

    merged = Merge(ours).run(path)

    assert merged == Merged(sources=1, runs=1, articles=3, revisions=0, pages=4, verdicts=3)
    assert check_archive(ours.db) == []
    before = dump(ours)
    assert Merge(ours).run(path) == NOTHING
    assert dump(ours) == before


def test_verdicts_of_both_stand(two: tuple[Archive, Path]) -> None:
    ours, path = two

    Merge(ours).run(path)

    standing = ours.db.execute(
        """
        select articles.url, verdict, reviewer from standing_verdicts
          join articles on articles.id = article order by reviewer
        """
    ).fetchall()
    assert standing == [
        ("https://nord.example/1", "relevant", "nord"),
        ("https://sud.example/1", "relevant", "sud"),
    ]
    withdrawn = ours.db.execute(
        """
        select undo.article = given.article and undo.reviewer = given.reviewer
          from verdicts as undo join verdicts as given on given.id = undo.withdraws
        """
    ).fetchall()
    assert withdrawn == [(1,), (1,)]


def test_copies_across_archives_become_one_cluster(two: tuple[Archive, Path]) -> None:
    ours, path = two

    Merge(ours).run(path)

    (story,) = ours.db.query("select first_source, independent_sources, articles from stories")
    assert story == {"first_source": "nord", "independent_sources": 2, "articles": 2}


def test_matches_still_point_into_their_texts(two: tuple[Archive, Path]) -> None:
    ours, path = two

    Merge(ours).run(path)

    rows = ours.db.execute("select count(*), count(distinct article) from matches").fetchone()
    assert rows == (6, 6)
    urls = ours.db.execute(
        "select pages.url = articles.url from pages join articles on articles.id = pages.article"
    ).fetchall()
    assert urls == [(1,)] * 6


def test_a_page_that_waits_here_and_ended_there_ends(
    two: tuple[Archive, Path], now: datetime
) -> None:
    ours, path = two
    theirs = Archive.open(path)
    theirs.queue.add("sud", [Link(url="https://nord.example/q", discovered_by="feed")], now)
    gone = Refusal(source="sud", queued_url="https://nord.example/q", reason="gone")
    theirs.queue.refuse(gone, now)
    theirs.close()

    Merge(ours).run(path)

    assert ours.queue.is_settled("https://nord.example/q")
    assert check_archive(ours.db) == []


def test_two_texts_of_one_article_are_both_kept(two: tuple[Archive, Path]) -> None:
    ours, path = two
    Merge(ours).run(path)
    theirs = Archive.open(path)
    from storage.articles import content_digest

    digest = content_digest(
        "Mali : l’armée accueille des instructeurs", "Un cœur de métier", "Autre."
    )
    theirs.db.execute("update articles set text = 'Autre.', digest = ? where id = 1", [digest])
    theirs.close()

    assert Merge(ours).run(path) == attrs.evolve(NOTHING, revisions=1)
    assert Merge(ours).run(path) == NOTHING
    assert check_archive(ours.db) == []


def test_the_last_note_of_a_host_wins_and_no_pause_ends_earlier(
    two: tuple[Archive, Path], now: datetime
) -> None:
    ours, path = two
    hour = timedelta(hours=1)
    ours.hosts.wait("long.example", now + 5 * hour, "http_429", now)
    ours.hosts.wait("late.example", now + 2 * hour, "http_503", now + hour)
    theirs = Archive.open(path)
    theirs.hosts.wait("long.example", now + 3 * hour, "http_503", now + hour)
    theirs.hosts.wait("late.example", now + 9 * hour, "http_429", now)
    theirs.hosts.wait("new.example", now + hour, "http_429", now)
    theirs.close()

    Merge(ours).run(path)

    waiting = [(row["host"], row["not_before"], row["reason"]) for row in ours.hosts.waiting(now)]
    assert waiting == [
        ("late.example", to_text(now + 2 * hour), "http_503"),
        ("long.example", to_text(now + 5 * hour), "http_503"),
        ("new.example", to_text(now + hour), "http_429"),
    ]
    assert Merge(ours).run(path) == NOTHING
    assert ours.hosts.waiting(now)[1]["not_before"] == to_text(now + 5 * hour)


def test_the_plan_made_last_for_a_source_wins(two: tuple[Archive, Path], now: datetime) -> None:
    ours, path = two
    theirs = Archive.open(path)
    ours.schedules.plan("matin", now + timedelta(hours=2), failed=False)
    theirs.schedules.plan("matin", now, failed=True)
    theirs.schedules.plan("sud", now, failed=True)
    theirs.schedules.note_rediscovery("sud", now, worked=False)
    planned = theirs.db.execute("select * from schedules order by source").fetchall()
    theirs.close()
    before = ours.db.execute("select * from schedules").fetchall()

    Merge(ours).run(path)

    merged = ours.db.execute("select * from schedules order by source").fetchall()
    assert merged == [*before, planned[1]]
    later = Archive.open(path)
    later.schedules.plan("matin", now + timedelta(hours=5), failed=True)
    (planned_last,) = later.db.execute("select * from schedules where source = 'matin'").fetchall()
    later.close()
    Merge(ours).run(path)
    assert ours.db.execute("select * from schedules order by source").fetchall()[0] == planned_last


def test_an_article_that_both_stored_from_two_pages_was_stored_once(
    two: tuple[Archive, Path], now: datetime, make_reading: Make
) -> None:
    ours, path = two
    theirs = Archive.open(path)
    for target, page, settled in ((theirs, "b", now), (ours, "a", now + timedelta(hours=1))):
        url = f"https://wire.example/{page}"
        target.queue.add("matin", [Link(url=url, discovered_by="feed")], now)
        reading = make_reading(url, "matin")
        article = attrs.evolve(reading.article, canonical_url="https://wire.example/story")
        target.articles.store(attrs.evolve(reading, article=article), settled)
    theirs.close()

    Merge(ours).run(path)

    pages = "select url, outcome from pages where url like 'https://wire%' order by url"
    outcomes = [("https://wire.example/a", "duplicate"), ("https://wire.example/b", "stored")]
    assert ours.db.execute(pages).fetchall() == outcomes
    Merge(ours).run(path)
    assert ours.db.execute(pages).fetchall() == outcomes
    assert check_archive(ours.db) == []


def test_what_waits_for_a_backfill_stays_with_the_archive_that_does_it(
    two: tuple[Archive, Path],
) -> None:
    ours, path = two
    theirs = Archive.open(path)
    theirs.db.execute(
        """
        insert into backfills (source, since, until, begun_at, last_activity_at)
        values ('sud', '2023-01-01T00:00:00Z', '2024-01-01T00:00:00Z', '', '')
        """
    )
    theirs.db.execute("update pages set backfill = 1 where url like '%/q'")
    theirs.close()

    merged = Merge(ours).run(path)

    assert merged.pages == 3
    assert ours.db.execute("select count(*) from pages where url like '%sud%/q'").fetchone() == (0,)
