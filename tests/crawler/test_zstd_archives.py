"""Web archives whose records are zstd frames, with and without a dictionary of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from backports import zstd
from fastwarc.stream_io import zstd_train_dictionary_from_samples
from warc_files import RULES, numbered, sweep, urls

from crawler.errors import SavedPagesError
from crawler.ingest.packing import ZSTD, packing_of
from crawler.ingest.warcs import warcs_in
from pipelines.matching.ruleset import compile_sources
from pipelines.read import use_rules

DICTIONARY = (0x184D2A5D).to_bytes(4, "little")
KINDS = ["plain", "dictionary", "packed dictionary", "whole"]


@pytest.fixture(autouse=True)
def _small_rules() -> None:
    use_rules(compile_sources((("a.toml", RULES),)))


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.ingest.sweep.STRETCH", {True: 1_500, False: 1_500})


def frames(kind: str, records: Sequence[bytes]) -> list[bytes]:
    """Return what stands in a file one after the other: a dictionary perhaps, then the records."""
    if kind == "whole":
        return [zstd.compress(b"".join(records))]
    if kind == "plain":
        return [zstd.compress(one) for one in records]
    trained = zstd_train_dictionary_from_samples(numbered(200, "other"), 4_000)
    held = zstd.compress(trained) if kind.startswith("packed") else trained
    known = zstd.ZstdDict(trained)
    first = DICTIONARY + len(held).to_bytes(4, "little") + held
    return [first, *(zstd.compress(one, zstd_dict=known) for one in records)]


def write(folder: Path, parts: Sequence[bytes]) -> Path:
    file = folder / "pages.warc.zst"
    file.write_bytes(b"".join(parts))
    return file


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_read_once_and_in_order(tmp_path: Path, kind: str) -> None:
    file = write(tmp_path, frames(kind, numbered(40)))

    pages, counts, problems, stops = sweep(file)

    assert urls(pages) == [str(n) for n in range(40)]
    assert (counts, problems) == ({}, [])
    assert len(stops) > 5
    assert pages[7].body.startswith(b"<p>page 7 ")


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("kind", KINDS)
def test_a_sweep_goes_on_from_wherever_it_stopped(tmp_path: Path, kind: str) -> None:
    file = write(tmp_path, frames(kind, numbered(12)))
    _, _, _, stops = sweep(file)

    rests = [urls(sweep(file, position=stop)[0]) for stop in stops]

    assert all(rest == [str(n) for n in range(12)][12 - len(rest) :] for rest in rests)
    assert [len(rest) for rest in rests] == sorted((len(rest) for rest in rests), reverse=True)
    assert rests[-1] == []


@pytest.mark.parametrize("kind", ["plain", "dictionary"])
def test_a_broken_record_is_left_out_and_told(tmp_path: Path, kind: str) -> None:
    parts = frames(kind, numbered(8))
    parts[-5] = parts[-5][:150] + b"x" * 60 + parts[-5][210:]

    pages, counts, problems, _ = sweep(write(tmp_path, parts))

    assert urls(pages) == [*"012", *"4567"]
    assert counts == {"reason/broken": 1}
    assert len(problems) == 1


@pytest.mark.parametrize("kind", ["plain", "dictionary"])
def test_a_file_that_ends_too_early_is_read_as_far_as_it_goes(tmp_path: Path, kind: str) -> None:
    parts = frames(kind, numbered(8))
    before = sum(map(len, parts[:-2]))

    pages, counts, problems, _ = sweep(write(tmp_path, [*parts[:-1], parts[-1][:-100]]))

    assert urls(pages) == list("0123456")
    assert counts == {"reason/broken": 1}
    assert problems[0].startswith(f"broken after byte {before} ")


def test_a_dictionary_larger_than_any_is_told_and_not_loaded(tmp_path: Path) -> None:
    file = write(tmp_path, [DICTIONARY, (0xFFFFFFFF).to_bytes(4, "little"), b"x" * 100])

    with pytest.raises(SavedPagesError, match=r"pages\.warc\.zst: .*its dictionary has"):
        warcs_in(file, tmp_path)


def test_the_name_tells_how_records_are_packed() -> None:
    assert packing_of("A.WARC.ZST") == ZSTD
    assert packing_of("a.warc") is None
