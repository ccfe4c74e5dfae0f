"""Which files a merge takes, and in what state it leaves them."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.archive import Archive
from storage.connection import connect, writing
from storage.errors import StorageError
from storage.merge import Merge, Merged
from storage.migrations import migrations

NOTHING = Merged(sources=0, runs=0, articles=0, revisions=0, pages=0, verdicts=0)


@pytest.fixture
def ours(tmp_path: Path) -> Archive:
    return Archive.open(tmp_path / "ours.db")


def test_an_older_archive_is_read_from_a_copy(ours: Archive, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    db = connect(old)
    with writing(db):
        migrations.apply(db, stop_before="m003_archive_at_scale")
    db.close()
    before = old.read_bytes()

    assert Merge(ours).run(old) == NOTHING

    assert old.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".merge")] == []


def test_what_is_no_other_archive_is_refused(ours: Archive, tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    connect(plain).execute("create table words (word text)")

    with pytest.raises(StorageError, match="not a Vigie archive"):
        Merge(ours).run(plain)
    with pytest.raises(StorageError, match="is the archive itself"):
        Merge(ours).run(tmp_path / "ours.db")
    with pytest.raises(StorageError, match="no such archive"):
        Merge(ours).run(tmp_path / "missing.db")
