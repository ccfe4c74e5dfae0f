"""Status: how the last runs went, how each source is, and what was not seen."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import attrs
import click

from crawler.commands.backfilling import SHOWN, show_backfills
from crawler.commands.context import Context, pass_context
from crawler.commands.metrics import open_metrics
from crawler.commands.output import echo_json, echo_table, json_option
from crawler.commands.profiling import summary
from storage.archive import Archive
from storage.health import SourceHealth
from storage.times import from_text, now

RUNS = 5
NEEDS_A_PERSON = 1
LONGEST_RUN = timedelta(days=1)
_RUN_COLUMNS = ("id", "started_at", "ended_at", "exit_code", "reason", "sources", "requests",
                "stored", "flagged", "duplicate", "refused")  # fmt: skip
_SOURCE_COLUMNS = ("source", "state", "per_week", "last_7_days", "last_new_at", "next_poll_at", "because")  # fmt: skip


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also the sources that are well.")
@click.option("--metrics", is_flag=True, help="Print OpenMetrics text for a node exporter.")
@json_option
@pass_context
def command(context: Context, /, *, everything: bool, metrics: bool, as_json: bool) -> None:
    """Show the last runs, how each source is, and why.

    Exits 1 when something needs a person: a source in alarm, or a run that has not ended in a day.
    """
    archive = Archive.read(context.db)
    runs = archive.runs.latest(RUNS)
    minima = {
        source.slug: source.min_per_week
        for source in context.catalogue().values()
        if source.min_per_week is not None
    }
    sources = archive.health.sources(now(), minima)
    profile = archive.runs.last_profile()
    facts = {
        "runs": runs,
        "sources": [_row(source) for source in sources],
        "waiting_hosts": archive.hosts.waiting(now()),
        "queued": archive.queue.size(),
        "backfills": archive.backfills.all(),
        "last_profile": profile,
    }
    if metrics:
        click.echo(open_metrics(facts), nl=False)
    elif as_json:
        echo_json(facts | {"last_profile": profile.facts() if profile else None})
    else:
        _show(facts, everything=everything)
    alarm = any(source.needs_a_person for source in sources)
    sys.exit(NEEDS_A_PERSON if alarm or (runs and _hangs(runs[0])) else 0)


def _hangs(run: dict[str, Any]) -> bool:
    return run["exit_code"] is None and now() - from_text(run["started_at"]) > LONGEST_RUN


def _row(source: SourceHealth) -> dict[str, Any]:
    return attrs.asdict(source) | {"needs_a_person": source.needs_a_person}


def _show(facts: dict[str, Any], *, everything: bool) -> None:
    if not facts["runs"]:
        click.echo("no run yet: start one with 'vigie crawl'")
        return
    echo_table(facts["runs"], _RUN_COLUMNS)
    if facts["last_profile"] is not None:
        click.echo(f"\n{summary(facts['last_profile'])}")
    click.echo(f"\n{facts['queued']} pages wait in the queue")
    for host in facts["waiting_hosts"]:
        click.echo(f"{host['host']} asked to be left alone until {host['not_before']}")
    if facts["backfills"]:
        click.echo(f"\n{len(facts['backfills'])} backfills")
        show_backfills(facts["backfills"][:SHOWN])
    sources = facts["sources"]
    states = [source["state"] for source in sources]
    counts = [f"{states.count(state)} {state}" for state in sorted(set(states))]
    click.echo(f"\n{len(sources)} sources: {', '.join(counts)}")
    shown = [s for s in sources if everything or s["needs_a_person"] or s["state"] == "quiet"]
    if shown:
        echo_table([_printed(source) for source in shown], _SOURCE_COLUMNS)


def _printed(source: dict[str, Any]) -> dict[str, Any]:
    last = source["last_new_at"]
    return source | {"last_new_at": f"{last:%Y-%m-%d %H:%M}" if last else None}
