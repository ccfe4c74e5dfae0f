"""Files of CC-NEWS: chosen by the dates in their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import SavedPagesError
from crawler.ingest.ccnews import begun_at
from crawler.ingest.saved import saved_files


@pytest.mark.parametrize(
    ("name", "begun"),
    [
        ("CC-NEWS-20231105123456-00012.warc.gz", "2023-11-05T12:34:56+00:00"),
        ("cc-news-20160826124520-00000.WARC.GZ", "2016-08-26T12:45:20+00:00"),
        ("CC-NEWS-20231305123456-00012.warc.gz", None),
        ("rec-20231105.warc.gz", None),
    ],
)
def test_names_of_cc_news_tell_when_a_file_was_begun(name: str, begun: str | None) -> None:
    found = begun_at(Path(name))

    assert (found.isoformat() if found else None) == begun


def test_files_of_cc_news_are_chosen_by_their_dates(tmp_path: Path) -> None:
    folder = tmp_path / "crawl-data" / "CC-NEWS" / "2023" / "11"
    folder.mkdir(parents=True)
    for day in (4, 5, 6):
        (folder / f"CC-NEWS-2023110{day}000000-00001.warc.gz").touch()
    (folder / "other.warc.gz").touch()

    chosen = saved_files([tmp_path]).between("2023-11-05T00:00:00Z", "2023-11-06T00:00:00Z")

    assert [file.name for file in chosen.archives] == [
        "CC-NEWS-20231105000000-00001.warc.gz",
        "other.warc.gz",
    ]
    (folder / "other.warc.gz").unlink()
    with pytest.raises(SavedPagesError, match="none of the 3 files was begun between"):
        saved_files([tmp_path]).between("2024-01-01T00:00:00Z", None)
