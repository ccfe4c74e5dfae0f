"""Verdicts: append-only rows, withdrawn by rows, and the schema they grew from."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.archive import Archive
from storage.connection import connect, writing
from storage.errors import StorageError
from storage.migrations import migrations
from storage.verdicts import Verdict, Verdicts


@pytest.fixture
def verdicts(archive: Archive, make_reading, now) -> Verdicts:
    for number in (1, 2):
        url = f"https://matin.example/a{number}"
        archive.articles.store(make_reading(url, fingerprint=()), now)
    return Verdicts(archive.db)


def verdict(article: int = 1, word: str = "relevant", reviewer: str = "awa", **rest) -> Verdict:
    return Verdict(article=article, verdict=word, reviewer=reviewer, **rest)


def standing(db: Database) -> list[tuple[int, str, str]]:
    rows = db.execute("select article, reviewer, verdict from standing_verdicts order by 1, 2")
    return rows.fetchall()


def test_verdict_keeps_what_the_rules_said_at_the_time(archive, verdicts, now):
    verdicts.record(verdict(themes=("food",), countries=(), note="Du blé."), now)
    row = next(archive.db.query("select * from verdicts"))
    assert row == {
        "id": 1, "article": 1, "verdict": "relevant", "reason": None, "note": "Du blé.",
        "themes": '["food"]', "countries": "[]", "reviewer": "awa", "rule_set": "rules-1",
        "score": 64, "at": "2026-11-22T06:30:00Z", "asked_by": "queue", "withdraws": None,
    }  # fmt: skip


def test_the_latest_verdict_of_each_reviewer_stands(archive, verdicts, now):
    verdicts.record(verdict(), now)
    verdicts.record(verdict(word="irrelevant", reviewer="zoé"), now)
    verdicts.record(verdict(word="unsure"), now)
    assert standing(archive.db) == [(1, "awa", "unsure"), (1, "zoé", "irrelevant")]


def test_withdrawing_restores_the_verdict_before(archive, verdicts, now):
    verdicts.record(verdict(), now)
    verdicts.record(verdict(word="unsure"), now)
    assert verdicts.withdraw("awa", now + timedelta(seconds=1)) == 1
    assert standing(archive.db) == [(1, "awa", "relevant")]
    assert verdicts.withdraw("awa", now) == 1
    assert standing(archive.db) == []
    assert verdicts.withdraw("awa", now) is None


def test_a_verdict_after_an_undo_stands(archive, verdicts, now):
    verdicts.record(verdict(), now)
    verdicts.withdraw("awa", now)
    verdicts.record(verdict(word="unsure"), now)
    assert standing(archive.db) == [(1, "awa", "unsure")]


def test_a_named_verdict_is_withdrawn_once_and_by_its_reviewer_alone(archive, verdicts, now):
    first = verdicts.record(verdict(), now)
    verdicts.record(verdict(article=2), now)
    assert verdicts.withdraw("zoé", now, first) is None
    assert verdicts.withdraw("awa", now, first) == 1
    assert verdicts.withdraw("awa", now, first) is None
    assert standing(archive.db) == [(2, "awa", "relevant")]


def test_rows_are_never_changed_or_deleted(archive, verdicts, now):
    verdicts.record(verdict(), now)
    for sql in ("delete from verdicts", "update verdicts set verdict = 'unsure'"):
        with pytest.raises(Exception, match="append-only"):
            archive.db.execute(sql)


def test_unknown_article_and_unknown_verdict_are_refused(verdicts, now):
    with pytest.raises(StorageError, match="no article 99"):
        verdicts.record(verdict(article=99), now)
    with pytest.raises(Exception, match="CHECK"):
        verdicts.record(verdict(word="excellent"), now)


def test_archive_of_the_first_schema_gains_undo_and_keeps_its_verdicts(tmp_path: Path):
    path = tmp_path / "old.db"
    db = connect(path)
    with writing(db):
        migrations.apply(db, stop_before="m002_review_desk")
        db.execute(
            "insert into sources (slug, name, language, url) values ('s', 'S', 'fr', 'https://s')"
        )
        db.execute("insert into rule_sets values ('r', 'r', '2026-11-22T06:30:00Z', '')")
        db.execute(
            "insert into articles (source, url, canonical_url, title, text, first_seen, last_checked,"
            " language, language_confidence, digest, text_digest)"
            " values ('s', 'u', 'u', 't', 'x', '2026-11-22T06:30:00Z', '', 'fr', 1, 'd', 'd')"
        )
        db.execute(
            "insert into flags (article, rule_set, flagged, score, flagged_at)"
            " values (1, 'r', 1, 50, '2026-11-22T06:30:00Z')"
        )
        db.execute(
            "insert into verdicts (article, verdict, reviewer, at)"
            " values (1, 'relevant', 'awa', '2026-11-22T06:30:00Z')"
        )
    db.close()
    archive = Archive.open(path)
    assert standing(archive.db) == [(1, "awa", "relevant")]
    assert archive.db.execute("select asked_by, withdraws from verdicts").fetchall() == [
        ("queue", None)
    ]
    archive.close()


def test_every_view_of_the_desk_can_be_read(archive, verdicts, now):
    verdicts.record(verdict(word="irrelevant"), now)
    views = [
        name for name in archive.db.view_names() if re.search("month|queue|precision|verd", name)
    ]
    assert sorted(views) == [
        "country_by_month", "review_queue", "rule_precision", "standing_verdicts", "theme_by_month",
    ]  # fmt: skip
    rows = {view: list(archive.db.query(f"select * from {view}")) for view in views}  # noqa: S608
    assert rows["review_queue"][0]["id"] == 2
    assert rows["theme_by_month"] == [
        {"month": "2026-11", "theme": "military", "stories": 2, "articles": 2}
    ]
    assert rows["country_by_month"][0]["country"] == "ML"
    assert rows["rule_precision"] == [
        {
            "rule": "military-training", "theme": "military", "relevant": 0, "irrelevant": 1,
            "precision": 0.0,
        }
    ]  # fmt: skip
