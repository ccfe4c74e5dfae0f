"""Demo: three imitation news sites on this machine, crawled for real."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

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

WORDS = 12
"""Shown of an article; `vigie explain` shows all."""


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
    """Crawl three imitation news sites and show what comes of it."""
    with serve() as sites:
        demo = _prepare(context, folder, sites.sources_toml)
        click.echo(f"{len(sites.sites)} imitation sites on this machine; crawling them for real …")
        sources = load_catalogue(demo.config.paths.sources).select()
        report = crawl(demo, sources, CrawlOptions(command="demo"))
    archive = shared_archive(str(demo.db))
    click.echo()
    say_report(archive, report, as_json=False)
    _show_pages(archive)
    flagged = archive.articles.flagged(limit=50)
    _show_flagged(flagged)
    _show_next(demo.db, flagged[0]["id"] if flagged else 1)
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


def _show_flagged(rows: list[dict[str, Any]]) -> None:
    click.echo("\nwhat was flagged, and the words that fired")
    for row in rows:
        click.secho(f"\n{row['score']:3}  {row['title']}", bold=True)
        countries, themes = (", ".join(json.loads(row[name])) for name in ("countries", "themes"))
        click.echo(f"     {row['source_name']} · {countries} · {themes}")
        click.echo(f"     {_some(row['words'].split(','))}")


def _some(words: list[str]) -> str:
    return ", ".join([*words[:WORDS], *(["…"] if len(words) > WORDS else [])])


def _show_next(db: Path, article: int) -> None:
    program = Path(sys.argv[0]).name if Path(sys.argv[0]).name == "vigie" else "python -m crawler"
    if (Path(sys.argv[0]).parent / "activate").exists():
        program = sys.argv[0]
    vigie = f"{program} --db {db}"
    click.echo("\nWhat to run next:")
    steps = [
        (f"{vigie} explain {article}", "why it is flagged: every match in its sentence"),
        (f"{vigie} search 'Rosatom OU \"Africa Corps\"'", "the archive, in the rules' language"),
        (f"{vigie} review --open", "review them in a browser"),
        (f"{vigie} digest --out digest.html", "the morning's report"),
        (f"{vigie} status", "what the crawl gave"),
        (f"{program} sources list", "the real sources"),
        (f"{program} crawl --country ML", "crawl those of Mali into vigie.db"),
    ]
    width = max(len(line) for line, _ in steps)
    for line, purpose in steps:
        click.echo(f"  {line:{width}}   {purpose}")
