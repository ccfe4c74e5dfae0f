"""Sheets: rows written as CSV, JSON lines, XLSX or Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from storage.errors import StorageError, WrongInputError
from storage.export import COLUMNS, LISTS, NUMBERS
from storage.files import replacing

Row = Mapping[str, Any]

FORMATS = ("csv", "jsonl", "xlsx", "parquet")
BATCH = 1_000
LONGEST_CELL = 32_767
"""What a cell of Excel holds; the rest of a text is cut off."""
MOST_ROWS = 1_048_575
"""What a sheet of Excel holds below its heading."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class MissingExtraError(WrongInputError):
    """A format needs a package that is not installed; the message names the extra."""


def write_sheet(rows: Iterable[Row], path: Path, kind: str) -> int:
    """Write rows of `COLUMNS` to a file, as a whole or not at all, and return how many.

    `kind` is one of `FORMATS`. Raises MissingExtraError before anything is written, StorageError
    when the file cannot be written or an XLSX sheet is full.
    """
    write = _writer(kind)
    counted = _Counted(rows)
    with replacing(path) as temporary:
        write(counted, temporary)
    return counted.count


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _writer(kind: str) -> Callable[[Iterable[Row], Path], None]:
    try:
        if kind == "xlsx":
            import xlsxwriter as _xlsx  # noqa: F401 - asked for before the file is begun
        if kind == "parquet":
            import pyarrow as _arrow  # noqa: F401 - likewise
    except ImportError as e:
        raise MissingExtraError(
            f"{kind} needs the extra [{kind}]: pip install 'vigie-presse[{kind}]'"
        ) from e
    writers = {"csv": _write_csv, "jsonl": _write_jsonl, "xlsx": _write_xlsx}
    return writers.get(kind, _write_parquet)


def _write_csv(rows: Iterable[Row], path: Path) -> None:
    """Write CSV that Excel opens: with a byte order mark, and no cell that is taken for a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([_harmless(_cell(row[name])) for name in COLUMNS] for row in rows)


def _write_jsonl(rows: Iterable[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            json.dump(dict(row), file, ensure_ascii=False)
            file.write("\n")


def _write_xlsx(rows: Iterable[Row], path: Path) -> None:
    import xlsxwriter

    # Row by row, so that a million articles are never in memory; texts are never formulas or links.
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("articles")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, COLUMNS, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            if number > MOST_ROWS:
                raise StorageError(f"{path.name}: more than {MOST_ROWS} rows; use csv or parquet")
            cells = (_cell(row[name]) for name in COLUMNS)
            sheet.write_row(number, 0, [_fitting(cell) for cell in cells])


def _write_parquet(rows: Iterable[Row], path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    kinds = {name: pyarrow.list_(pyarrow.string()) for name in LISTS}
    kinds |= dict.fromkeys(NUMBERS, pyarrow.int64())
    schema = pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in COLUMNS])
    pending = iter(rows)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := [dict(row) for row in islice(pending, BATCH)]:
            writer.write_batch(pyarrow.RecordBatch.from_pylist(batch, schema=schema))


def _cell(value: object) -> object:
    return "; ".join(value) if isinstance(value, tuple) else value


def _harmless(value: object) -> object:
    """Put an apostrophe before what a spreadsheet would calculate."""
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(_FORMULA):
        return f"'{value}"
    return value


def _fitting(value: object) -> object:
    return value[:LONGEST_CELL] if isinstance(value, str) else value
