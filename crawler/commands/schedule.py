"""Schedule: what to install so that the crawl runs unattended."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from crawler.commands.context import Context, pass_context


@click.group()
def command() -> None:
    """Print what to install so that the crawl runs by itself."""


@command.command()
@click.option("--every", type=click.IntRange(1, 24), default=1, show_default=True, help="Hours.")
@click.pass_context
@pass_context
def cron(context: Context, ctx: click.Context, every: int) -> None:
    """Print lines for `crontab -e`: every path is absolute, the environment may be empty."""
    config = ctx.find_root().params["config"]
    config = config or (Path("vigie.toml") if Path("vigie.toml").is_file() else None)
    command_line = [*_program(), "--db", str(context.db.resolve())]
    if config is not None:
        command_line += ["--config", str(Path(config).resolve())]
    log = context.db.resolve().with_suffix(".log")
    crawl = shlex.join([*command_line, "-v", "crawl", "--budget", f"{every * 50}m"])
    crawl = crawl.replace("%", r"\%")
    hours = "*" if every == 1 else f"*/{every}"
    click.echo("# Vigie: a crawl that still runs makes the next one exit 3 and write nothing.")
    click.echo(f"7 {hours} * * * nice {crawl} >> {shlex.quote(str(log))} 2>&1")


def _program() -> list[str]:
    """Return how this very program was called, with absolute paths."""
    if Path(sys.argv[0]).name == "vigie":
        return [str(Path(sys.argv[0]).absolute())]
    return [sys.executable, "-m", "crawler"]
