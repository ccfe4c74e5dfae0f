"""Evidence: articles packed so that any change to them shows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.output import echo_json, json_option
from storage.archive import Archive
from storage.evidence import verify_pack, write_pack

_FILE = click.Path(path_type=Path, dir_okay=False)


class _PackByDefault(click.Group):
    """A group in which numbers stand for the `pack` command: `vigie evidence 12 17 --out p.zip`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `pack` before what is no command of this group."""
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = ["pack", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_PackByDefault)
def command() -> None:
    """Pack articles as evidence: vigie evidence ID… --out pack.zip."""


@command.command()
@click.argument(
    "articles", nargs=-1, required=True, type=click.IntRange(1, 2**63 - 1), metavar="ID…"
)
@click.option("--out", type=_FILE, required=True, help="The pack, a ZIP file.")
@json_option
@pass_context
def pack(context: Context, /, articles: tuple[int, ...], out: Path, **options: Any) -> None:
    """Write articles with all that is known of them.

    Page, text, flag, revisions and verdicts go to a ZIP file, each with its SHA-256. The seal
    that is printed proves the pack: keep it elsewhere.
    """
    seal = write_pack(Archive.read(context.db).db, articles, out)
    if options["as_json"]:
        echo_json({"file": str(out), "articles": len(set(articles)), "seal": seal})
    else:
        count = len(set(articles))
        click.echo(f"{out}: {count} {'article' if count == 1 else 'articles'}\nseal {seal}")


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--seal", help="The seal that was printed when the pack was made.")
@json_option
def verify(file: Path, seal: str | None, *, as_json: bool) -> None:
    """Say whether a pack is intact, else what was altered.

    Exits 1 when something was. Without --seal somebody who alters everything, the manifest
    included, is not found out.
    """
    altered = verify_pack(file, seal)
    if as_json:
        echo_json({"altered": altered})
    else:
        click.echo("\n".join(altered) or f"{file}: intact")
    sys.exit(1 if altered else 0)
