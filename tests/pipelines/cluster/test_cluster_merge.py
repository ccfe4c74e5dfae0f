from __future__ import annotations

from typing import Any

import attrs
import pytest

from pipelines.cluster.merge import MergeRows
from pipelines.cluster.rows import Row, row_of
from storage.archive import Archive
from storage.check import check_archive
from storage.records import Page, Reading, SourceFacts


@pytest.fixture
def archive() -> Archive:
    archive = Archive.open(":memory:")
    for rules in ("rules-1", "rules-2"):
        archive.runs.begin("test", rules, "[[rule]]", _now())
    return archive


def _now() -> Any:
    from storage.times import now

    return now()


def facts(row: Row) -> SourceFacts:
    return SourceFacts(
        slug=row["source"], name=row["source"], country="ML", language="fr",
        url="https://matin.example", outlet="press", ownership=None, alignment=None, active=True,
    )  # fmt: skip


def merge(archive: Archive, *rows: Row, present: str = "rules-1") -> dict[str, int]:
    merging = MergeRows(archive, present, facts)
    merging.merge(rows)
    run = archive.runs.begin("cluster merge", present, "[[rule]]", _now())
    merging.record(run, _now())
    archive.runs.end(run, 0, "finished", _now())
    return dict(merging.counts)


def flags(archive: Archive) -> list[tuple[object, ...]]:
    return archive.db.execute("select flagged, score, rule_set from flags").fetchall()


@pytest.fixture
def flagged(full: Reading, page: Page) -> Row:
    return row_of(full, page)


@pytest.fixture
def judged_anew(full: Reading, page: Page) -> Row:
    """The same article, which other rules do not flag."""
    flag = attrs.evolve(full.flag, rule_set="rules-2", flagged=False, score=3)
    return row_of(attrs.evolve(full, flag=flag), page)


def test_a_flagged_row_is_stored_once(archive: Archive, flagged: Row) -> None:
    assert merge(archive, flagged, flagged) == {"stored": 1, "known": 1}
    assert merge(archive, flagged) == {"known": 1}

    assert flags(archive) == [(1, 64, "rules-1")]
    polls = archive.db.execute("select source, stored, flagged from polls").fetchall()
    assert polls == [("matin", 1, 1)]
    assert archive.db.execute("select count(*) from matches").fetchone() == (2,)
    assert archive.db.execute("select state, outcome from pages").fetchall() == [
        ("settled", "stored")
    ]
    assert [p for p in check_archive(archive.db) if "sha" not in p and "raw" not in p] == []


def test_what_is_not_flagged_and_not_known_is_left_out(
    archive: Archive, bare: Reading, page: Page
) -> None:
    assert merge(archive, row_of(bare, page)) == {"not_flagged": 1}

    assert archive.db.execute("select count(*) from articles").fetchone() == (0,)


def test_another_page_of_a_known_article_is_a_duplicate(archive: Archive, flagged: Row) -> None:
    other = flagged | {"queued_url": "https://matin.example/print/a1"}

    assert merge(archive, flagged, other) == {"stored": 1, "duplicate": 1}
    assert merge(archive, flagged, other) == {"known": 2}


def test_an_article_is_judged_as_its_row_was_by_the_present_rules(
    archive: Archive, flagged: Row, judged_anew: Row
) -> None:
    merge(archive, flagged)

    assert merge(archive, judged_anew, present="rules-2") == {"judged": 1}
    assert flags(archive) == [(0, 3, "rules-2")]
    assert merge(archive, judged_anew, present="rules-2") == {"known": 1}


def test_rules_of_the_past_judge_nothing_that_is_stored(
    archive: Archive, flagged: Row, judged_anew: Row
) -> None:
    merge(archive, flagged)

    assert merge(archive, judged_anew, present="rules-1") == {"known": 1}
    assert flags(archive) == [(1, 64, "rules-1")]


def test_the_judgement_of_another_text_is_not_taken_over(
    archive: Archive, flagged: Row, judged_anew: Row
) -> None:
    merge(archive, flagged)
    changed = judged_anew | {"text": "Le blé russe est reparti."}

    assert merge(archive, changed, present="rules-2") == {"known": 1}
    assert flags(archive) == [(1, 64, "rules-1")]


def test_an_exported_article_that_the_archive_lacks_is_not_invented(
    archive: Archive, flagged: Row
) -> None:
    exported = flagged | {"http_status": None}

    assert merge(archive, exported) == {"missing": 1}
    merge(archive, flagged)
    assert merge(archive, exported) == {"known": 1}
