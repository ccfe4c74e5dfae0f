"""Db: what the archive holds, and whether it is sound."""

from __future__ import annotations

import sys

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.output import echo_json, json_option
from storage.archive import Archive
from storage.check import check_archive, describe_archive


@click.group()
def command() -> None:
    """Look after the archive."""


@command.command()
@json_option
@pass_context
def info(context: Context, *, as_json: bool) -> None:
    """Say how much the archive holds and where."""
    facts = describe_archive(Archive.read(context.db).db, context.db)
    if as_json:
        echo_json(facts)
        return
    for key, value in facts.items():
        click.echo(f"{key:16} {value}")


@command.command()
@json_option
@pass_context
def check(context: Context, *, as_json: bool) -> None:
    """Check the archive: integrity, links between tables, full-text index, digests.

    Exits 1 when something is wrong.
    """
    problems = check_archive(Archive.read(context.db).db)
    if as_json:
        echo_json({"problems": problems})
    else:
        for problem in problems:
            click.echo(problem)
        if not problems:
            click.echo(f"{context.db}: sound")
    sys.exit(1 if problems else 0)
