"""Ingest: saved pages (HTML, WARC, WACZ) through the same stages as a crawl."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.options import sources_option, sweep_options
from crawler.commands.output import echo_json, json_option
from storage.archive import Archive
from storage.lock import crawl_lock

_COUNTS = (
    "stored",
    "flagged",
    "duplicate",
    "known",
    "refused",
    "passed_over",
    "other_outlets",
    "files_done",
)
_ALWAYS = _COUNTS[:5]
"""What is said even where there is none."""
_MOST_TOLD = 20
"""Broken places that are told one by one."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--addresses",
    type=click.Path(path_type=Path, dir_okay=False),
    help='The address of each HTML file, as JSON: {"page.html": "https://…"}.',
)
@click.option("--all", "everything", is_flag=True, help="Extract what no rule can flag, too.")
@click.option("--again", is_flag=True, help="Read web archives that were read before.")
@sweep_options
@sources_option
@json_option
@pass_context
def command(
    context: Context,
    /,
    paths: tuple[Path, ...],
    path: Path | None,
    *,
    as_json: bool,
    **options: Any,
) -> None:
    """Read saved pages as if they had been fetched.

    Of web archives (WARC, WACZ) only the pages that a rule could flag are extracted.
    """
    from crawler.ingest.ingestion import Ingestion, Wishes
    from crawler.ingest.origin import sources_by_domain
    from crawler.ingest.saved import read_addresses, saved_files
    from crawler.ingest.stretch import Selection
    from pipelines.workers import Workers

    sources, rules = context.catalogue(path), context.rules()
    domains = frozenset(sources_by_domain(sources))
    wishes = Wishes(
        selection=Selection(
            everything=options["everything"], domains=domains if options["known"] else None
        ),
        addresses=read_addresses(options["addresses"]) if options["addresses"] else {},
        again=options["again"],
        keep_raw=context.config.archive.keep_raw,
    )
    files = saved_files(paths).between(options["since"], options["until"])
    hidden = context.quiet or not sys.stderr.isatty()
    with (
        crawl_lock(context.db),
        click.progressbar(length=files.size, label="bytes", hidden=hidden, file=sys.stderr) as bar,
    ):
        workers = Workers(rules)
        try:
            ingestion = Ingestion(Archive.open(context.db), sources, rules, workers)
            ingested = ingestion.run(files, wishes, bar.update)
        finally:
            workers.stop()
    if as_json or not context.quiet:
        _say(dict(ingested.counts), as_json=as_json)
    _tell(ingested.problems)
    sys.exit(ingested.exit_code)


def _say(counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        echo_json(counts)
        return
    for key in _COUNTS:
        if counts.get(key) or key in _ALWAYS:
            click.echo(f"{counts.get(key, 0):6} {key.replace('_', ' ')}")
    for key in sorted(key for key in counts if key.startswith("reason/")):
        click.echo(f"{counts[key]:6}   {key.removeprefix('reason/')}")


def _tell(problems: Sequence[str]) -> None:
    for problem in problems[:_MOST_TOLD]:
        click.echo(f"vigie: {problem}", err=True)
    if len(problems) > _MOST_TOLD:
        click.echo(f"vigie: and {len(problems) - _MOST_TOLD} more broken places", err=True)
