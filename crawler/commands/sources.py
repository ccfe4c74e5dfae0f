"""Sources: the catalogue of monitored outlets."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.options import sources_option
from crawler.commands.output import echo_json, echo_table, json_option
from crawler.commands.probing import add_source, check_catalogue, probe_source


@click.group()
def command() -> None:
    """Look at the catalogue of sources, and at sites for it."""


for subcommand in (probe_source, add_source, check_catalogue):
    command.add_command(subcommand)


@command.command("list")
@click.option("--country", "countries", multiple=True, metavar="CC", help="ISO code, or PAN.")
@sources_option
@json_option
@pass_context
def list_sources(
    context: Context, countries: tuple[str, ...], path: Path | None, *, as_json: bool
) -> None:
    """List the active sources."""
    selected = context.catalogue(path).select(countries=countries)
    rows = [
        {
            "slug": source.slug,
            "country": source.country or "PAN",
            "spider": source.spider,
            "outlet": source.outlet,
            "alignment": source.alignment,
            "name": source.name,
            "url": source.url,
        }
        for source in selected
    ]
    if as_json:
        echo_json(rows)
    else:
        echo_table(rows, ["slug", "country", "spider", "outlet", "name", "url"])


@command.command("show")
@click.argument("slug")
@sources_option
@json_option
@pass_context
def show_source(context: Context, slug: str, path: Path | None, *, as_json: bool) -> None:
    """Show one source's entry."""
    (source,) = context.catalogue(path).select([slug])
    entry = source.model_dump(mode="json")
    if as_json:
        echo_json(entry)
        return
    for key, value in entry.items():
        if value is None or value == []:
            continue
        click.echo(f"{key:13} {' '.join(value) if isinstance(value, list) else value}")
