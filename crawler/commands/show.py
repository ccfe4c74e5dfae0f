"""Show: a stored article, and what its outlet changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.output import echo_json, json_option, with_lists
from pipelines.changes import Piece, word_diff
from storage.archive import Archive
from storage.errors import WrongInputError

AROUND = 12
"""Unchanged words shown on each side of a change."""
_STYLES: dict[str, dict[str, Any]] = {
    "gone": {"fg": "red", "strikethrough": True},
    "new": {"fg": "green", "underline": True},
}
_MARKS = {"gone": ("[-", "-]"), "new": ("{+", "+}")}


@click.command()
@click.argument("what", metavar="ID|URL")
@click.option("--revisions", is_flag=True, help="What the outlet changed, word for word.")
@json_option
@pass_context
def command(context: Context, /, what: str, *, revisions: bool, as_json: bool) -> None:
    """Print a stored article, or what was changed in it.

    Changes are marked as [-words gone-] and {+words new+}.
    """
    archive = Archive.read(context.db)
    article = archive.articles.find(what)
    if article is None:
        raise WrongInputError(f"{context.db}: no article {what}")
    texts = [*archive.revisions.of(article["id"]), article]
    gone_at = archive.revisits.gone_at(article["id"])
    if as_json:
        listed = with_lists(article, ("authors", "tags"))
        echo_json(listed | {"revisions": texts[:-1], "gone_at": gone_at})
        return
    _show_head(article, gone_at, len(texts) - 1)
    if revisions:
        _show_revisions(texts)
    else:
        click.echo("\n" + "\n\n".join(filter(None, (article["standfirst"], article["text"]))))


def _show_head(article: dict[str, Any], gone_at: str | None, revisions: int) -> None:
    click.secho(article["title"], bold=True)
    click.echo(f"{article['outlet']}, {article['date']}, {article['url']}")
    click.echo(
        f"first seen {article['first_seen']}, last checked {article['last_checked']},"
        f" {revisions} earlier {'text' if revisions == 1 else 'texts'}"
    )
    if article["agency"]:
        click.echo(f"credits {article['agency']}")
    if gone_at:
        click.secho(f"gone from its site since {gone_at}", fg="red")


def _show_revisions(texts: list[dict[str, Any]]) -> None:
    for before, after in pairwise(texts):
        click.secho(f"\nchanged, seen {before['seen_at']}", bold=True)
        if before["added_flagged"] is not None:
            flagged = "flagged" if before["added_flagged"] else "not flagged"
            click.echo(f"what it adds, by itself: {flagged}, score {before['added_score']}")
        click.echo("".join(_marked(word_diff(_whole(before), _whole(after)))))


def _whole(text: dict[str, Any]) -> str:
    return "\n".join(filter(None, (text["title"], text["standfirst"], text["text"])))


def _marked(pieces: Iterator[Piece]) -> Iterator[str]:
    """Yield the pieces with changes marked, long unchanged stretches cut to their ends."""
    for piece in pieces:
        if piece.kind == "same":
            yield _shortened(piece.words)
        else:
            words = piece.words.rstrip()
            opening, closing = _MARKS[piece.kind]
            yield click.style(f"{opening}{words}{closing}", **_STYLES[piece.kind])
            yield piece.words[len(words) :] or " "


def _shortened(text: str) -> str:
    words = text.split(" ")
    if len(words) <= 2 * AROUND + 1:
        return text
    return " ".join([*words[:AROUND], "…", *words[-AROUND:]])
