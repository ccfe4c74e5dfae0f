"""Backfilling: what `vigie crawl --backfill` says and runs, and the lines of `vigie status` on it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import attrs
import click

from crawler.backfill.windows import WindowError, read_window
from crawler.commands.context import Context
from crawler.commands.crawl import CrawlOptions, crawl, say_report
from crawler.commands.output import echo_json, echo_table
from crawler.source import Source
from storage.archive import Archive, shared_archive
from storage.times import now
from storage.window import Window

SHOWN = 20
"""Backfills that `vigie status` shows, the latest activity first."""
_COLUMNS = ("source", "window", "way", "steps", "articles", "outside", "waiting", "last_activity_at",
            "state")  # fmt: skip


def past_window(_ctx: click.Context, _option: click.Parameter, value: str | None) -> Window | None:
    """Read the window of `--backfill`. Raises WindowError."""
    return None if value is None else read_window(value, now())


def backfill(
    context: Context,
    sources: Sequence[Source],
    window: Window,
    options: CrawlOptions,
    *,
    as_json: bool,
) -> int:
    """Walk a window of some sources' past as far as the bounds of the run allow; return the exit code."""
    archive = shared_archive(str(context.db))
    due = tuple(s for s in sources if not archive.backfills.ended(s.slug, window))
    ended = _rows(archive, [s.slug for s in sources if s not in due], window)
    if not context.quiet:
        _say_ended(ended, to_stderr=as_json)
    if not due:
        if as_json:
            echo_json({"backfills": ended})
        return 0
    walk = attrs.evolve(
        options,
        command=f"{options.command} --backfill {window}",
        spider_of=_spiders(window, options),
    )
    report = crawl(context, due, walk)
    rows = _rows(archive, [s.slug for s in due], window)
    if as_json:
        run = archive.runs.get(report.run)
        echo_json(run | {"failed": report.failed, "backfills": rows})
    elif not context.quiet:
        say_report(archive, report, as_json=False)
        show_backfills(rows)
    return report.exit_code


def require_named(*, named: bool) -> None:
    """Refuse to walk the past of the whole catalogue unless that is asked for. Raises WindowError."""
    if not named:
        raise WindowError("--backfill: name the sources by slug, --country, --sources or --all")


def show_backfills(rows: Sequence[dict[str, Any]]) -> None:
    """Print how far some backfills are."""
    if rows:
        echo_table([_printed(row) for row in rows], _COLUMNS)


def _rows(archive: Archive, slugs: Sequence[str], window: Window) -> list[dict[str, Any]]:
    rows = archive.backfills.all()
    return [row for row in rows if row["source"] in slugs and row["window"] == str(window)]


def _spiders(window: Window, options: CrawlOptions) -> Any:
    from crawler.spiders.backfill import backfill_spider

    limit = options.max_pages or sys.maxsize
    return lambda source: backfill_spider(source, window, limit)


def _say_ended(rows: Sequence[dict[str, Any]], *, to_stderr: bool) -> None:
    for row in rows:
        click.echo(
            f"{row['source']} {row['window']} is already backfilled:"
            f" {row['articles']} articles, way {row['way']}",
            err=to_stderr,
        )


def _printed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"steps": f"{row['steps_done']}/{row['steps']}", "state": _state(row)}


def _state(row: dict[str, Any]) -> str:
    if row["problem"] is not None:
        return str(row["problem"])
    if row["ended_at"] is not None:
        return "done" if not row["failed"] else f"done, {row['failed']} steps failed"
    return "going on"
