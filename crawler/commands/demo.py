"""Demo: three imitation news sites on this machine, crawled for real."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from crawler.catalogue import load_catalogue
from crawler.commands.context import Context, pass_context
from crawler.commands.crawl import CrawlOptions, crawl, say_report
from crawler.commands.output import echo_table
from crawler.config import load_config
from crawler.demo.server import serve
from storage.archive import Archive, shared_archive

CONFIG = """\
# Written by `vigie demo`: its sites are on this machine, so the usual manners do not apply.
[fetch]
contact = "demo@localhost"
delay = 0
allow_private_addresses = true

[paths]
sources = "sources.toml"
"""


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("vigie-demo"),
    show_default=True,
    help="Where its archive goes; an earlier demo in it is replaced.",
)
@pass_context
def command(context: Context, /, folder: Path) -> None:
    """Crawl three bundled imitation news sites and show what comes of it."""
    with serve() as sites:
        demo = _prepare(context, folder, sites.sources_toml)
        click.echo(f"{len(sites.sites)} imitation sites on this machine; crawling them for real …")
        sources = load_catalogue(demo.config.paths.sources).select()
        report = crawl(demo, sources, CrawlOptions(command="demo"))
    archive = shared_archive(str(demo.db))
    click.echo()
    say_report(archive, report, as_json=False)
    _show_pages(archive)
    _show_flagged(archive)
    _show_next(demo.db)
    sys.exit(report.exit_code)


def _prepare(context: Context, folder: Path, sources: str) -> Context:
    """Write the demo's configuration and catalogue and make room for its archive."""
    folder.mkdir(parents=True, exist_ok=True)
    db, config = folder / "vigie.db", folder / "vigie.toml"
    for leftover in folder.glob("vigie.db*"):
        leftover.unlink()
    config.write_text(CONFIG, encoding="utf-8")
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    os.environ["VIGIE_CONFIG"], os.environ["VIGIE_DB"] = str(config), str(db)
    return Context(db=db, config=load_config(config), quiet=context.quiet)


def _show_pages(archive: Archive) -> None:
    click.echo("\nwhat became of each page")
    rows = archive.queue.outcomes()
    echo_table(rows, ["source", "outcome", "reason", "pages"])


def _show_flagged(archive: Archive) -> None:
    click.echo("\nwhat was flagged, and the words that fired")
    rows = archive.articles.flagged(limit=50)
    for row in rows:
        click.secho(f"\n{row['score']:3}  {row['title']}", bold=True)
        click.echo(f"     {row['source_name']} · {row['countries']} · {row['themes']}")
        click.echo(f"     {row['words']}")


def _show_next(db: Path) -> None:
    program = Path(sys.argv[0]).name if Path(sys.argv[0]).name == "vigie" else "python -m crawler"
    if (Path(sys.argv[0]).parent / "activate").exists():
        program = sys.argv[0]
    vigie = f"{program} --db {db}"
    click.echo("\nWhat to run next:")
    click.echo(f"  {vigie} explain 1                  why the first article is flagged or not")
    click.echo(f"  {vigie} search 'Rosatom OU \"Africa Corps\"'")
    click.echo(f"  {vigie} review --open              review them in a browser")
    click.echo(f"  {vigie} digest                     the morning's report")
    click.echo(f"  {vigie} status")
    click.echo(f"  {program} sources list               the real sources")
    click.echo(f"  {program} crawl --country ML         crawl those of Mali into vigie.db")
