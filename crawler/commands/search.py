"""Search: the archive, in the language of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import attrs
import click

from crawler.commands.context import Context, pass_context
from crawler.commands.filters import as_written_option, filter_options, filters_of
from crawler.commands.output import echo_json, json_option
from pipelines.matching.finder import Finder, Found
from pipelines.matching.query import parse_query
from storage.archive import Archive
from storage.search import ORDERS, Filters, Search

SNIPPETS = 3
AROUND = 70
"""Characters shown on each side of a match."""
CONFIRMED = 2_000
"""Candidates of the full-text index that `--count` looks at, of about 0.3 ms each."""
_LEFT_OUT = (
    "left out: {}, which hold the words in longer names or masked phrases alone (--as-written)"
)


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
    as_written = options["as_written"]
    finder = Finder(parse_query(query), context.rules(), as_written=as_written)
    filters = filters_of(options)
    search = Archive.read(context.db).search
    if options["count"]:
        sieve = _show_count(search, finder, filters, as_json=options["as_json"])
    else:
        sieve = _show_found(search, finder, filters, options)
    if not context.quiet and sieve.left_out:
        click.echo(_LEFT_OUT.format(sieve.left_out), err=True)


@attrs.define
class _Sieve:
    """Lets the articles through that satisfy a query, and counts those left out."""

    finder: Finder
    left_out: int = 0

    def passing(
        self, rows: Iterable[dict[str, Any]]
    ) -> Iterator[tuple[dict[str, Any], tuple[Found, ...]]]:
        """Yield the rows that satisfy the query, with the places."""
        for row in rows:
            look = self.finder.look(row["title"], row["standfirst"] or "", row["text"])
            self.left_out += look.left_out
            if look.places:
                yield row, look.places


def _show_found(
    search: Search, finder: Finder, filters: Filters, options: dict[str, Any]
) -> _Sieve:
    sieve = _Sieve(finder)
    candidates = search.candidates(finder.full_text, filters, options["order"])
    results = list(islice(sieve.passing(candidates), options["limit"]))
    if options["as_json"]:
        echo_json([_as_dict(row, places) for row, places in results])
        return sieve
    for row, places in results:
        _show(row, places)
    return sieve


def _show_count(search: Search, finder: Finder, filters: Filters, *, as_json: bool) -> _Sieve:
    """Count the articles that satisfy the query; of many candidates the newest tell the share."""
    candidates = search.count(finder.full_text, filters)
    sieve = _Sieve(finder)
    sample = islice(search.candidates(finder.full_text, filters), CONFIRMED)
    right = sum(1 for _ in sieve.passing(sample))
    exact = candidates <= CONFIRMED
    count = right if exact else round(candidates * right / CONFIRMED)
    if as_json:
        echo_json({"count": count, "exact": exact})
    else:
        click.echo(f"{count}" if exact else f"about {count}")
    return sieve


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
