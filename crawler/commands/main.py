"""Main: the `vigie` command, its options, its exit codes."""

from __future__ import annotations

import errno
import importlib
import io
import logging
import os
import sys
from pathlib import Path
from typing import Any

import click

from crawler.commands.context import Context
from crawler.commands.logs import FORMATS, start_logging
from crawler.config import VERSION, default_config, load_config
from storage.errors import StorageError, WrongInputError
from storage.failures import DatabaseError, as_storage_error

COMMANDS = (
    "cluster",
    "crawl",
    "db",
    "demo",
    "digest",
    "evidence",
    "explain",
    "export",
    "flag",
    "ingest",
    "review",
    "rules",
    "schedule",
    "search",
    "show",
    "sources",
    "status",
)
WRONG_INPUT, CANNOT_RUN = 2, 3


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which `--help` shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command's module."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"crawler.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run, turning the errors a user can act on into one message and an exit code."""
        try:
            return super().invoke(ctx)
        except WrongInputError as e:
            _fail(e, WRONG_INPUT)
        except StorageError as e:
            _fail(e, CANNOT_RUN)
        except DatabaseError as e:
            told = as_storage_error(e, ctx.obj.db if ctx.obj else "archive")
            if told is None:
                raise
            _fail(told, CANNOT_RUN)
        except OSError as e:
            if e.errno != errno.ENOSPC:
                raise
            _fail(StorageError("the disk is full; free some space"), CANNOT_RUN)


def _fail(error: Exception, code: int) -> None:
    click.echo(f"vigie: {error}", err=True)
    sys.exit(code)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="vigie")
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="VIGIE_DB",
    default=Path("vigie.db"),
    show_default=True,
    help="The archive.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="VIGIE_CONFIG",
    help="The configuration [default: vigie.toml if there].",
)
@click.option("-v", "--verbose", count=True, help="Say more; twice for everything.")
@click.option(
    "--log-format", type=click.Choice(FORMATS), default="text", help="JSON: an object a line."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.pass_context
def main(
    ctx: click.Context,
    db: Path,
    config: Path | None,
    verbose: int,
    log_format: str,
    *,
    quiet: bool,
) -> None:
    """Watch the francophone African press for Russia–Africa cooperation."""
    _fit_terminal(ctx)
    config = config or default_config()
    ctx.obj = Context(db=db, config=load_config(config), quiet=quiet)
    os.environ["VIGIE_DB"] = str(db)
    if config is not None:
        os.environ["VIGIE_CONFIG"] = str(config)
    level = logging.ERROR if quiet else logging.WARNING - 10 * min(verbose, 2)
    start_logging(level, log_format)


def _fit_terminal(ctx: click.Context) -> None:
    """Leave colours out where they are not wanted, and print `?` for what a terminal cannot show."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
