"""Search: the archive, in the language of the rules."""

from __future__ import annotations

from itertools import islice
from typing import Any

import click

from crawler.commands.context import Context, pass_context
from crawler.commands.filters import filter_options, filters_of
from crawler.commands.output import echo_json, json_option
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
@click.option("--sort", "order", type=click.Choice(ORDERS), default="date")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@click.option("--count", is_flag=True, help="Print the number of articles alone.")
@json_option
@pass_context
def command(context: Context, /, query: str, **options: Any) -> None:
    """Search the archive: "Africa Corps" ET (Mali OU Niger), russe+ NEAR/5 instructeur+ …

    Accents, capitals, elisions and typography do not matter: Senegal finds Sénégal,
    armée finds l’armée. Guinée does not find the Guinée équatoriale, nor russe+ montagnes russes.
    """
    sieve = sieve_of(context, query, as_written=options["as_written"])
    filters = filters_of(options)
    search = Archive.read(context.db).search
    if options["count"]:
        _show_count(search, sieve, filters, as_json=options["as_json"])
    else:
        _show_found(search, sieve, filters, options)
    sieve.tell_left_out(context)


def _show_found(search: Search, sieve: Sieve, filters: Filters, options: dict[str, Any]) -> None:
    candidates = search.candidates(sieve.full_text, filters, options["order"])
    results = list(islice(sieve.passing(candidates), options["limit"]))
    if options["as_json"]:
        echo_json([_as_dict(row, places) for row, places in results])
        return
    for row, places in results:
        _show(row, places)


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
    return kept | {
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
