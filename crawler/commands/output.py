"""Output: tables for people, JSON for programs."""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from storage.times import to_text

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def echo_json(value: object) -> None:
    """Print a value as JSON that people can read too."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def with_lists(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return a row of the archive whose columns of these names, JSON arrays, are lists."""
    return dict(row) | {name: json.loads(row[name] or "[]") for name in names}


def echo_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print rows in columns; the last column is cut to the width of the terminal."""
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    widths = [
        max([len(column), *(_width(line[i]) for line in cells)]) for i, column in enumerate(columns)
    ]
    click.secho(_line([c.replace("_", " ") for c in columns], widths), bold=True)
    for line in cells:
        click.echo(_line(line, widths))


def _plain(value: object) -> str:
    """Write what JSON has no form for, instants as the archive does."""
    return to_text(value) if isinstance(value, datetime) else str(value)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return str(value)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    ]
    return "  ".join(padded).rstrip()[: shutil.get_terminal_size((160, 24)).columns]


def _width(text: str) -> int:
    return sum(not unicodedata.combining(character) for character in text)
