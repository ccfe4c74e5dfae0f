"""Flag: the archive judged again under the present rules."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from crawler.commands.context import Context, pass_context
from crawler.commands.options import instant
from crawler.commands.output import echo_json, json_option
from crawler.commands.rules import rules_option
from pipelines.matching.ruleset import RuleSet
from storage.archive import Archive
from storage.times import now

if TYPE_CHECKING:
    from pipelines.reflag import Change

WORDS = 8
"""Words shown of each change."""


@click.command()
@rules_option
@click.option("--dry-run", is_flag=True, help="Print what would change; write nothing.")
@click.option("--since", callback=instant, metavar="DATE|AGE", help="Articles from then on.")
@json_option
@pass_context
def command(
    context: Context, /, path: Path | None, *, dry_run: bool, since: str | None, as_json: bool
) -> None:
    """Flag the stored articles again, and show what changes.

    It may be stopped at any moment and started again, and may run beside a crawl.
    """
    rules = context.rules(path)
    archive = Archive.read(context.db) if dry_run else Archive.reopen(context.db)
    changes, judged = _reflag(archive, rules, since, write=not dry_run, quiet=context.quiet)
    if as_json:
        echo_json(
            {
                "rule_set": rules.digest,
                "judged": judged,
                "written": not dry_run,
                "changes": [attrs.asdict(change) for change in changes],
            }
        )
        return
    if context.quiet and not dry_run:
        return
    for change in changes:
        mark = click.style("+", fg="green") if change.gained else click.style("-", fg="red")
        click.echo(
            f"{mark} {change.article:6} {change.score_before:3} → {change.score:3}  {change.title}"
        )
        click.secho(f"         {', '.join(change.words[:WORDS])}", dim=True)
    gained = sum(change.gained for change in changes)
    click.echo(
        f"{judged} articles judged under {rules.digest[:12]}:"
        f" {gained} gained, {len(changes) - gained} lost{' (nothing written)' if dry_run else ''}"
    )


def _reflag(
    archive: Archive, rules: RuleSet, since: str | None, *, write: bool, quiet: bool
) -> tuple[list[Change], int]:
    """Judge the outdated articles and return what changed, and how many were judged."""
    from pipelines.reflag import Reflag
    from pipelines.workers import Workers

    total = archive.judgements.outdated_count(rules.digest, since)
    if write:
        archive.runs.keep_rule_set(rules.digest, rules.text, now())
    workers = Workers(rules)
    with click.progressbar(
        length=total, label="articles", hidden=quiet or not sys.stderr.isatty(), file=sys.stderr
    ) as bar:
        reflag = Reflag(archive, workers, rules.digest, since)
        changes = asyncio.run(reflag.run(write=write, on_done=bar.update))
    workers.stop()
    return changes, total
