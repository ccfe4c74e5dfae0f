"""How far files of saved pages have been read."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from storage.archive import Archive
from storage.sweeps import EVERYTHING, Progress, Sweeps, SweptFile

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FILE = SweptFile("/data/pages.warc.gz", 1_000, 7)


@pytest.fixture
def sweeps() -> Sweeps:
    return Archive.open(":memory:").sweeps


def test_a_file_is_gone_on_with_where_it_was_left(sweeps: Sweeps) -> None:
    assert sweeps.progress(FILE, "rules") == Progress()

    sweeps.reach(FILE, "rules", Progress(300), NOW)
    sweeps.reach(FILE, "rules", Progress(600), NOW)

    assert sweeps.progress(FILE, "rules") == Progress(600)
    assert sweeps.progress(FILE, "other rules") == Progress()


@pytest.mark.parametrize("change", [{"size": 1_001}, {"modified": 8}, {"name": "/data/b.warc"}])
def test_a_file_that_changed_is_another_one(sweeps: Sweeps, change: dict[str, object]) -> None:
    sweeps.reach(FILE, "rules", Progress(1_000, done=True), NOW)

    changed = attrs.evolve(FILE, **change)

    assert sweeps.progress(changed, "rules") == Progress()
    sweeps.reach(changed, "rules", Progress(10), NOW)
    assert sweeps.progress(changed, "rules") == Progress(10)


def test_what_was_read_whole_serves_every_selection_once_it_is_done(sweeps: Sweeps) -> None:
    sweeps.reach(FILE, EVERYTHING, Progress(500), NOW)
    assert sweeps.progress(FILE, "rules") == Progress()

    sweeps.reach(FILE, EVERYTHING, Progress(1_000, done=True), NOW)
    assert sweeps.progress(FILE, "rules") == Progress(1_000, done=True)
