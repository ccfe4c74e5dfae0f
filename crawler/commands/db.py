"""Db: what the archive holds, and whether it is sound."""

from __future__ import annotations

import sys
from pathlib import Path

import attrs
import click

from crawler.commands.context import Context, pass_context
from crawler.commands.options import duration
from crawler.commands.output import echo_json, json_option
from storage.archive import Archive
from storage.backup import backup_archive
from storage.check import check_archive, check_steps, describe_archive, stored_ahead
from storage.lock import crawl_lock
from storage.merge import Merge
from storage.prune import prunable
from storage.prune import prune as prune_pages
from storage.times import now, parse_duration

_ARCHIVE = click.Path(path_type=Path, dir_okay=False)


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
    """Say whether the archive is sound.

    Looks at integrity, links between tables, full-text index, digests, free space, clock. Exits
    1 when something is wrong.
    """
    db = Archive.read(context.db).db
    hidden = context.quiet or not sys.stderr.isatty()
    with click.progressbar(
        length=check_steps(db), label="texts", hidden=hidden, file=sys.stderr
    ) as bar:
        problems = check_archive(db, bar.update) + stored_ahead(db, now())
    if as_json:
        echo_json({"problems": problems})
    else:
        for problem in problems:
            click.echo(problem)
        if not problems and not context.quiet:
            click.echo(f"{context.db}: sound")
    sys.exit(1 if problems else 0)


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@pass_context
def backup(context: Context, /, file: Path, *, as_json: bool) -> None:
    """Copy the archive to FILE while it is in use, and check the copy.

    An older FILE is replaced only by a sound copy.
    """
    size = backup_archive(Archive.read(context.db).db, file)
    if as_json:
        echo_json({"file": str(file), "bytes": size})
    elif not context.quiet:
        click.echo(f"{file}: {size / 1e6:.1f} MB, sound")


@command.command()
@click.option(
    "--older",
    callback=duration,
    default="90d",
    show_default=True,
    metavar="AGE",
    help="Pages fetched longer ago.",
)
@click.option("--yes", is_flag=True, help="Remove them; without it they are counted alone.")
@json_option
@pass_context
def prune(context: Context, /, older: str, *, yes: bool, as_json: bool) -> None:
    """Remove pages kept as fetched that are old.

    Never those of articles that are flagged, have a verdict or were changed by their outlet;
    never a text. The room is used again by what comes next.
    """
    archive = Archive.reopen(context.db) if yes else Archive.read(context.db)
    before = now() - parse_duration(older)
    found = prunable(archive.db, before)
    if yes:
        prune_pages(archive.db, before)
    if as_json:
        echo_json(attrs.asdict(found) | {"removed": yes})
        return
    done = "removed" if yes else "would go; add --yes to remove them"
    click.echo(f"{found.raw_pages} pages as fetched, {found.bytes / 1e6:.1f} MB, {done}")


@command.command()
@click.argument("others", nargs=-1, required=True, metavar="OTHER.db…", type=_ARCHIVE)
@json_option
@pass_context
def merge(context: Context, /, others: tuple[Path, ...], *, as_json: bool) -> None:
    """Take over what other archives hold.

    That is their articles, verdicts and queue; they are only read. Merging the same archive
    again adds nothing. It may be stopped and started again.
    """
    with crawl_lock(context.db):
        archive = Archive.open(context.db)
        merged = {str(other): attrs.asdict(Merge(archive).run(other)) for other in others}
        archive.checkpoint()
    if as_json:
        echo_json(merged)
    elif not context.quiet:
        for other, counts in merged.items():
            added = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
            click.echo(f"{other}: {added or 'nothing new'}")
