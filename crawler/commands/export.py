"""Export: articles written to a file for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import click

from crawler.commands.context import Context, pass_context
from crawler.commands.filters import filter_options, filters_of
from crawler.commands.options import form_of
from crawler.commands.output import echo_json, json_option
from crawler.commands.sieve import Sieve, as_written_option, sieve_of
from storage.archive import Archive
from storage.export import exported
from storage.search import Filters
from storage.sheets import FORMATS, write_sheet


@click.command()
@click.option("--query", help="Articles that satisfy a query, as `vigie search` takes it.")
@as_written_option
@click.option("--relevant", is_flag=True, help="The same as --verdict relevant.")
@filter_options
@click.option(
    "--format", "kind", type=click.Choice(FORMATS), help="[default: what FILE ends with; csv]"
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", required=True
)
@json_option
@pass_context
def command(context: Context, /, query: str | None, out: Path, **options: Any) -> None:
    """Write articles to a file for other programs.

    The newest come first. The file is there as a whole or not at all. CSV is safe to open in a
    spreadsheet: no text is taken for a formula.
    """
    kind = form_of(options["kind"], out, FORMATS, "csv")
    archive = Archive.read(context.db)
    filters = filters_of(options, archive)
    if options["relevant"]:
        filters = attrs.evolve(filters, verdict="relevant")
    sieve = None
    if query is not None:
        sieve = sieve_of(context, query, as_written=options["as_written"])
    articles = _articles(archive, sieve, filters)
    count = write_sheet(exported(archive.db, articles), out, kind)
    if options["as_json"]:
        echo_json({"file": str(out), "articles": count})
    elif not context.quiet:
        click.echo(f"{out}: {count} {'article' if count == 1 else 'articles'}")
    if sieve is not None:
        sieve.tell_left_out(context)


def _articles(archive: Archive, sieve: Sieve | None, filters: Filters) -> Iterator[int]:
    if sieve is None:
        return archive.search.newest(None, filters)
    candidates = archive.search.candidates(sieve.full_text, filters)
    return (row["id"] for row, _ in sieve.passing(candidates))
