"""Ingest: saved pages (HTML, WARC, WACZ) through the same stages as a crawl."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.options import sources_option
from crawler.commands.output import echo_json, json_option
from storage.archive import Archive
from storage.lock import crawl_lock
from storage.times import now

PAGES_PER_WORKER = 4
"""Pages under way for each worker, so that none waits for the disk."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--addresses",
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON that names the address of each HTML file.",
)
@sources_option
@json_option
@pass_context
def command(
    context: Context,
    paths: tuple[Path, ...],
    addresses: Path | None,
    path: Path | None,
    *,
    as_json: bool,
) -> None:
    """Read saved pages as if they had been fetched."""
    from crawler.ingest import Ingest
    from crawler.saved import read_addresses, saved_pages
    from pipelines.reader import Reader
    from pipelines.workers import Workers

    catalogue, rules = context.catalogue(path), context.rules()
    pages = saved_pages(paths, read_addresses(addresses) if addresses else {})
    with crawl_lock(context.db):
        archive = Archive.open(context.db)
        workers = Workers(rules)
        reader = Reader(workers, context.config.archive.keep_raw)
        started_at = now()
        run = archive.runs.begin("ingest", rules.digest, rules.text, started_at)
        ingest = Ingest(archive, catalogue, reader, workers.size * PAGES_PER_WORKER)
        with click.progressbar(
            length=0, label="pages", hidden=context.quiet or not sys.stderr.isatty(), show_pos=True
        ) as bar:
            asyncio.run(ingest.run(pages, bar.update))
        workers.stop()
        ingest.record(run, started_at)
        archive.runs.end(run, 0, "finished", now())
        archive.checkpoint()
    _say(dict(ingest.counts), as_json=as_json)


def _say(counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        echo_json(counts)
        return
    for key in ("stored", "flagged", "duplicate", "known", "refused"):
        click.echo(f"{counts.get(key, 0):6} {key}")
    for key in sorted(key for key in counts if key.startswith("reason/")):
        click.echo(f"{counts[key]:6}   {key.removeprefix('reason/')}")
