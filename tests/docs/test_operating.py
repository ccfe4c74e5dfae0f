"""What the page on operating says about a clock that ran ahead."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.archive import Archive
from storage.check import stored_ahead
from storage.records import SourceFacts
from storage.times import to_text

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
(STATEMENTS,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def archive_of(*first_seen: datetime) -> Archive:
    archive = Archive.open(":memory:")
    archive.know_sources([
        SourceFacts(
            slug="matin", name="Matin", country="ML", language="fr", url="https://matin.example",
            outlet=None, ownership=None, alignment=None, active=True,
        )
    ])  # fmt: skip
    for number, at in enumerate(map(to_text, first_seen), 1):
        archive.db.execute(
            """
            insert into articles (id, source, url, canonical_url, title, text, first_seen,
                last_checked, language, language_confidence, digest, text_digest)
            values (:n, 'matin', :n, :n, '', '', :at, :at, 'fr', 1.0, '', :n)
            """,
            {"n": str(number), "at": at},
        )
        archive.db.execute("insert into revisits (article, due_at) values (?, ?)", [number, at])
        archive.db.execute("insert into clusters (first_seen) values (?)", [at])
    return archive


def test_articles_of_the_future_are_told_and_brought_back_as_documented() -> None:
    past, ahead = NOW - timedelta(days=3), NOW + timedelta(days=400)
    archive = archive_of(past, ahead, ahead + timedelta(hours=1))

    assert stored_ahead(archive.db, NOW) == [
        f"articles of the future: 2, first seen from {to_text(ahead)} on: the clock ran ahead"
    ]
    archive.db.conn.executescript(STATEMENTS.replace("NOW", to_text(NOW)))

    assert stored_ahead(archive.db, NOW) == []
    for sql in (
        "select first_seen from articles",
        "select last_checked from articles",
        "select due_at from revisits",
        "select first_seen from clusters",
    ):
        times = [at for (at,) in archive.db.execute(f"{sql} order by 1")]
        assert times == [to_text(past), to_text(NOW), to_text(NOW)]


def test_a_clock_that_differs_by_hours_is_no_alarm() -> None:
    assert stored_ahead(archive_of(NOW + timedelta(hours=20)).db, NOW) == []
