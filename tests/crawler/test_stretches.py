"""Web archives read in stretches: nothing left out, nothing twice, whatever is broken."""

from __future__ import annotations

import gzip
import itertools
import zlib
from pathlib import Path

import pytest
from warc_files import RULES, Inline, broken, numbered, record, sweep, urls, write

from crawler.errors import SavedPagesError
from crawler.ingest import stretch as stretches
from crawler.ingest import warcs
from crawler.ingest.warcs import warcs_in
from pipelines.matching.ruleset import compile_sources
from pipelines.read import use_rules


@pytest.fixture(autouse=True)
def _small_rules() -> None:
    use_rules(compile_sources((("a.toml", RULES),)))


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warcs, "STRETCH", {True: 1_500, False: 1_500})
    monkeypatch.setattr("crawler.ingest.sweep.STRETCH", {True: 1_500, False: 1_500})


KINDS = ["pages.warc", "pages.warc.gz", "whole.warc.gz", "pages.wacz", "twice.wacz"]


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("name", KINDS)
def test_every_page_is_read_once_and_in_order(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, numbered(40))

    pages, counts, problems, stops = sweep(file)

    assert urls(pages) == [str(n) for n in range(40)]
    assert (counts, problems) == ({}, [])
    assert len(stops) > 10
    assert pages[7].body.startswith(b"<p>page 7 ")
    assert pages[7].headers == (("content-type", "text/html; charset=utf-8"),)
    assert pages[7].fetched_at.isoformat() == "2026-10-01T08:00:00+00:00"


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("name", KINDS)
def test_a_sweep_goes_on_from_wherever_it_stopped(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, numbered(12))
    _, _, _, stops = sweep(file)

    rests = [urls(sweep(file, position=stop)[0]) for stop in stops]

    assert all(rest == [str(n) for n in range(12)][12 - len(rest) :] for rest in rests)
    assert [len(rest) for rest in rests] == sorted((len(rest) for rest in rests), reverse=True)
    assert rests[-1] == []


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_records_within_a_page_are_no_records(tmp_path: Path, name: str) -> None:
    inner = numbered(30, "inner")
    stored = zlib.compressobj(0, wbits=31)
    held = (
        b"\r\n\r\n".join([b"", *inner])
        if name == "pages.warc"
        else b"".join(map(gzip.compress, inner))
    )
    outer = record("https://a.example/outer", b"<p>" + held + b"</p>")
    records = [*numbered(5), outer, *numbered(5)]
    file = write(tmp_path / name, records)
    if name == "pages.warc.gz":
        packed = [gzip.compress(one) for one in records]
        packed[5] = stored.compress(outer) + stored.flush()
        file.write_bytes(b"".join(packed))

    pages, counts, problems, _ = sweep(file)

    assert urls(pages) == [*"01234", "outer", *"01234"]
    assert (counts, problems) == ({}, [])


def test_a_stretch_ends_early_when_it_holds_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "_MOST_HELD", 1_000)
    file = write(tmp_path / "pages.warc.gz", numbered(10))

    pages, _, _, stops = sweep(file)

    assert urls(pages) == list("0123456789")
    assert len(stops) == 5


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("name", ["damaged", "gap", "shortened", "header", "foreign"])
def test_what_is_broken_is_left_out_and_told(tmp_path: Path, name: str) -> None:
    file = tmp_path / "pages.warc.gz"
    file.write_bytes(broken(name, numbered(8)))

    pages, counts, problems, _ = sweep(file)

    assert urls(pages) == [*"012", *"4567"]
    assert counts == {"reason/broken": 1}
    assert len(problems) == 1


@pytest.mark.parametrize("name", ["pages.warc.gz", "whole.warc.gz", "pages.warc"])
def test_a_file_that_ends_too_early_is_read_as_far_as_it_goes(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, numbered(8))
    file.write_bytes(file.read_bytes()[:-250])

    pages, counts, problems, _ = sweep(file)

    assert urls(pages) == list("0123456")
    assert counts == {"reason/truncated": 1}
    assert "cut short" in problems[0]


@pytest.mark.usefixtures("short_stretches")
def test_a_record_that_ends_its_worker_is_left_out_alone(tmp_path: Path) -> None:
    records = numbered(12)
    file = write(tmp_path / "pages.warc.gz", records)
    places = [0, *itertools.accumulate(len(gzip.compress(one)) for one in records)]

    pages, counts, problems, _ = sweep(file, workers=Inline(places[5]))

    assert urls(pages) == [str(n) for n in range(12) if n != 5]
    assert counts == {"reason/broken": 1}
    assert str(places[5]) in problems[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.wacz", b"no zip"), ("x.warc.gz", b""), ("x.warc", b"nothing of the kind")],
)
def test_a_file_that_is_no_archive_gives_nothing(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    if name == "x.wacz":
        with pytest.raises(SavedPagesError, match=r"x\.wacz: cannot be read"):
            warcs_in(file, tmp_path)
    else:
        assert sweep(file)[0] == []
