"""Search: the archive, in the language of the rules."""

from __future__ import annotations

from itertools import islice
from typing import Any

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.filters import filter_options, filters_of
from crawler.commands.options import MANY
from crawler.commands.output import echo_json, json_option, with_lists
from crawler.commands.sieve import Sieve, as_written_option, sieve_of
from pipelines.matching.finder import Found
from storage.archive import Archive
from storage.search import ORDERS, Filters, Search

SNIPPETS = 3
AROUND = 70
"""Characters shown on each side of a match."""
CONFIRMED = 2_000
"""Candidates of the full-text index that `--count` looks at, of about 0.3 ms each."""


@click.command()
@click.argument("query")
@as_written_option
@filter_options
@click.option(
    "--sort",
    "order",
    type=click.Choice(ORDERS),
    default="date",
    show_default=True,
    help="The newest or the best first.",
)
@click.option("--limit", type=MANY, default=20, show_default=True, help="Articles at most.")
@click.option("--count", is_flag=True, help="Print the number of articles alone.")
@json_option
@pass_context
def command(context: Context, /, query: str, **options: Any) -> None:
    """Search the archive in the language of the rules.

    For example: "Africa Corps" ET (Mali OU Niger), or: russe+ NEAR/5 instructeur+

    Accents, capitals, elisions and typography do not matter: Senegal finds Sénégal,
    armée finds l’armée. Guinée does not find the Guinée équatoriale, nor russe+ montagnes russes.
    """
    sieve = sieve_of(context, query, as_written=options["as_written"])
    archive = Archive.read(context.db)
    filters = filters_of(options, archive)
    if options["count"]:
        _show_count(archive.search, sieve, filters, as_json=options["as_json"])
    elif not _show_found(archive.search, sieve, filters, options):
        _say_none(context, sieve)
    sieve.tell_left_out(context)


def _say_none(context: Context, sieve: Sieve) -> None:
    """Say that nothing was found, where nothing else is said."""
    if not sieve.left_out:
        context.tell("no article satisfies the query")


def _show_found(search: Search, sieve: Sieve, filters: Filters, options: dict[str, Any]) -> int:
    """Print the first articles that satisfy the query, and return how many these are."""
    candidates = search.candidates(sieve.full_text, filters, options["order"])
    results = list(islice(sieve.passing(candidates), options["limit"]))
    if options["as_json"]:
        echo_json([_as_dict(row, places) for row, places in results])
        return len(results)
    for row, places in results:
        _show(row, places)
    return len(results)


def _show_count(search: Search, sieve: Sieve, filters: Filters, *, as_json: bool) -> None:
    """Count the articles that satisfy the query; of many candidates the newest tell the share."""
    candidates = search.count(sieve.full_text, filters)
    sample = islice(search.candidates(sieve.full_text, filters), CONFIRMED)
    right = sum(1 for _ in sieve.passing(sample))
    exact = candidates <= CONFIRMED
    count = right if exact else round(candidates * right / CONFIRMED)
    if as_json:
        echo_json({"count": count, "exact": exact})
    else:
        click.echo(f"{count}" if exact else f"about {count}")


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {"title": row["title"], "lead": row["standfirst"] or "", "text": row["text"]}


def _as_dict(row: dict[str, Any], places: tuple[Found, ...]) -> dict[str, Any]:
    texts = _texts(row)
    kept = {key: value for key, value in row.items() if key not in ("text", "standfirst")}
    return with_lists(kept, ("themes", "countries")) | {
        "hits": [
            {
                "field": place.field,
                "start": place.start,
                "end": place.end,
                "words": texts[place.field][place.start : place.end],
            }
            for place in places
        ]
    }


def _show(row: dict[str, Any], places: tuple[Found, ...]) -> None:
    texts = _texts(row)
    date = (row["published_at"] or row["first_seen"])[:10]
    mark = f"{row['score']:3}" if row["flagged"] else "  ·"
    click.secho(f"{row['id']:6} {mark} {date} {row['source']}", dim=True)
    click.secho(f"       {row['title']}", bold=True)
    for place in places[:SNIPPETS]:
        text = texts[place.field]
        before = text[max(0, place.start - AROUND) : place.start].rpartition("\n")[2]
        after = text[place.end : place.end + AROUND].partition("\n")[0]
        words = click.style(f"[{text[place.start : place.end]}]", fg="yellow", bold=True)
        click.echo(f"       … {before}{words}{after} …")
