"""Options: kinds of values that several commands take."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from storage.times import now, parse_duration, to_text

_Command = TypeVar("_Command", bound=Callable[..., Any])

sources_option = click.option(
    "--sources",
    "path",
    type=click.Path(path_type=Path),
    help="A catalogue file or folder instead of the shipped one.",
)


MANY = click.IntRange(1, 1_000_000)
"""A number of things; SQLite cannot hold every number that Python can."""


def duration(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Check an option such as 30m, 12h or 7d."""
    try:
        if value is not None:
            parse_duration(value)
    except ValueError as e:
        raise click.BadParameter(str(e)) from e
    return value


def instant(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Read a date (2026-11-22) or an age (7d), and return it as the archive writes times."""
    try:
        return None if value is None else to_text(_read(value))
    except (ValueError, OverflowError) as e:
        raise click.BadParameter(f"'{value}' is neither a date (2026-11-22) nor an age (7d)") from e


def _read(value: str) -> datetime:
    """Read an instant; UTC where it names no offset."""
    try:
        age = parse_duration(value)
    except ValueError:
        read = datetime.fromisoformat(value)
        return read if read.tzinfo else read.replace(tzinfo=UTC)
    return now() - age


def country_code(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Read a code of two letters, and return it in capitals; whether it is a state's is not asked."""
    code = value.upper() if value is not None else None
    if code is not None and not re.fullmatch("[A-Z]{2}", code):
        raise click.BadParameter(f"'{value}' is no ISO code of two letters, such as ML")
    return code


def form_of(asked: str | None, out: Path | None, forms: Sequence[str], usual: str) -> str:
    """Return the format asked for, else the one that the file's name ends with.

    It is the usual one where the name has no ending. Raises BadParameter when it has another.
    """
    ending = out.suffix.removeprefix(".").lower() if out is not None else ""
    if asked or not ending:
        return asked or usual
    if ending not in forms:
        raise click.BadParameter(
            f"'{out}' ends in none of {', '.join(forms)}; name it so, or add --format",
            param_hint="'--out'",
        )
    return ending


def together(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    """Return what gives a command several options, shown in this order."""

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


sweep_options = together(
    click.option("--known", is_flag=True, help="Keep the pages of the catalogue's outlets alone."),
    click.option("--since", callback=instant, metavar="DATE|AGE", help="No older CC-NEWS files."),
    click.option("--until", callback=instant, metavar="DATE|AGE", help="No newer CC-NEWS files."),
)
"""What of web archives is swept."""
