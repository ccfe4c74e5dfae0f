"""Status: how the last runs went and what was not seen."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.output import echo_json, echo_table, json_option
from storage.archive import Archive

RUNS = 5
NEEDS_A_PERSON = 1


@click.command()
@json_option
@pass_context
def command(context: Context, *, as_json: bool) -> None:
    """Show the last runs, the sources that gave nothing, and why.

    Exits 1 when the last run left a source without any way to its articles, or did not end.
    """
    archive = Archive.read(context.db)
    runs = archive.runs.latest(RUNS)
    polls = archive.runs.polls_of(int(runs[0]["id"])) if runs else []
    for poll in polls:
        poll["errors"] = json.loads(poll["errors"])
    unseen = [poll for poll in polls if _saw_nothing(poll)]
    queued = archive.queue.size()
    if as_json:
        echo_json({"runs": runs, "sources": polls, "unseen": unseen, "queued": queued})
    else:
        _show(runs, polls, unseen, queued)
    sys.exit(NEEDS_A_PERSON if unseen or (runs and runs[0]["exit_code"] != 0) else 0)


def _saw_nothing(poll: dict[str, Any]) -> bool:
    """Whether every way of the source failed, so that its silence says nothing."""
    return "source_failed" in poll["errors"]


def _show(
    runs: list[dict[str, Any]],
    polls: list[dict[str, Any]],
    unseen: list[dict[str, Any]],
    queued: int,
) -> None:
    if not runs:
        click.echo("no run yet: start one with 'vigie crawl'")
        return
    columns = ["id", "started_at", "ended_at", "exit_code", "reason", "sources", "requests",
               "stored", "flagged", "duplicate", "refused"]  # fmt: skip
    echo_table(runs, columns)
    click.echo(f"\n{queued} pages wait in the queue")
    seen = [poll for poll in polls if poll["requests"]]
    if seen:
        click.echo("\nsources of the last run")
        rows = [poll | {"errors": _errors(poll)} for poll in seen]
        echo_table(
            rows, ["source", "requests", "new_pages", "stored", "flagged", "refused", "errors"]
        )
    if unseen:
        click.echo("\nnot seen in the last run")
        rows = [{"source": poll["source"], "because": _errors(poll)} for poll in unseen]
        echo_table(rows, ["source", "because"])


def _errors(poll: dict[str, Any]) -> str:
    return " ".join(f"{key}×{n}" for key, n in poll["errors"].items() if key != "source_failed")
