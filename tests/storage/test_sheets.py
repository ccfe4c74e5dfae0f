from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from storage.archive import Archive
from storage.errors import StorageError, WrongInputError
from storage.export import COLUMNS, exported
from storage.records import Reading
from storage.sheets import write_sheet
from storage.verdicts import Verdict, Verdicts

FORMULAS = (
    "=1+1", "+33 6", "-2", "@SUM(A1)", "\t=1", "\r=1", " =HYPERLINK(1)", "＝1", "＋1", "－1", "＠1",
    "\u00a0=1",
)  # fmt: skip


@pytest.fixture
def rows(archive: Archive, now: datetime, make_reading: Callable[..., Reading]) -> list[Any]:
    archive.articles.store(make_reading(), now)
    Verdicts(archive.db).record(Verdict(article=1, verdict="relevant", reviewer="awa"), now)
    return list(exported(archive.db, [1]))


def test_a_row_says_what_rules_and_reviewers_say(rows: list[dict[str, Any]]) -> None:
    (row,) = rows

    assert tuple(row) == COLUMNS
    assert (row["themes"], row["countries"]) == (("military",), ("ML",))
    assert row["words"] == ("instructeurs russes",)
    assert row["verdicts"] == ("relevant (awa)",)
    assert row["source_name"] == "Matin"


def test_csv_opens_in_excel_with_its_accents(rows: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"

    assert write_sheet(rows, path, "csv") == 1

    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,date")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == "Mali : l’armée accueille des instructeurs"


@pytest.mark.parametrize("formula", FORMULAS, ids=ascii)
def test_no_cell_of_a_csv_is_a_formula(rows: list[Any], tmp_path: Path, formula: str) -> None:
    write_sheet([rows[0] | {"title": formula, "words": (formula,)}], tmp_path / "a.csv", "csv")

    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == row["words"] == f"'{formula}"


def test_json_lines_hold_texts_as_they_are(rows: list[Any], tmp_path: Path) -> None:
    write_sheet([rows[0] | {"title": "=1+1"}], tmp_path / "a.jsonl", "jsonl")

    row = json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))
    assert (row["title"], row["themes"]) == ("=1+1", ["military"])


def test_xlsx_holds_texts_and_never_formulas(rows: list[Any], tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="the extra [xlsx] is not installed")
    import zipfile

    write_sheet([rows[0] | {"title": "=1+1", "text": "x" * 40_000}], tmp_path / "a.xlsx", "xlsx")

    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    assert "x" * 32_767 in sheet
    assert "x" * 32_768 not in sheet


def test_parquet_keeps_lists_and_numbers(rows: list[Any], tmp_path: Path) -> None:
    parquet = pytest.importorskip(
        "pyarrow.parquet", reason="the extra [parquet] is not installed", exc_type=ImportError
    )

    write_sheet(rows, tmp_path / "a.parquet", "parquet")

    (row,) = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    assert (row["score"], row["themes"]) == (64, ["military"])


@pytest.mark.parametrize(("kind", "package"), [("xlsx", "xlsxwriter"), ("parquet", "pyarrow")])
def test_a_missing_extra_is_named_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(WrongInputError, match=rf"pip install 'vigie-presse\[{kind}\]'"):
        write_sheet([], tmp_path / "a", kind)

    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_leaves_the_older_file(rows: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_text("yesterday", encoding="utf-8")

    def broken() -> Iterator[Any]:
        yield from rows
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match=r"articles\.csv: cannot be written \(No space left"):
        write_sheet(broken(), path, "csv")

    assert path.read_text(encoding="utf-8") == "yesterday"
    assert list(tmp_path.iterdir()) == [path]


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no ordinary file"):
        write_sheet([], Path("/dev/null"), "csv")

    assert Path("/dev/null").is_char_device()


def test_articles_come_in_the_order_asked_for(
    archive: Archive, now: datetime, make_reading: Callable[..., Reading]
) -> None:
    for number in range(5):
        url = f"https://matin.example/b{number}"
        reading = make_reading(url)
        archive.articles.store(
            attrs.evolve(reading, article=attrs.evolve(reading.article, canonical_url=url)), now
        )

    assert [row["id"] for row in exported(archive.db, [3, 1, 5])] == [3, 1, 5]
