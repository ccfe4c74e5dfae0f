"""Sieve: the query of a command, and the stored articles that satisfy it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import click

from crawler.commands.context import Context
from pipelines.matching.finder import Finder, Found
from pipelines.matching.query import parse_query

_LEFT_OUT = (
    "left out: {}, which hold the words in longer names or masked phrases alone (--as-written)"
)

as_written_option = click.option(
    "--as-written", is_flag=True, help="Words in longer names and masked phrases too."
)


@attrs.define
class Sieve:
    """Lets the articles through that satisfy a query, and counts those left out."""

    finder: Finder
    left_out: int = 0

    @property
    def full_text(self) -> str:
        """The query for the full-text index, which finds the candidates."""
        return self.finder.full_text

    def passing(
        self, rows: Iterable[dict[str, Any]]
    ) -> Iterator[tuple[dict[str, Any], tuple[Found, ...]]]:
        """Yield the candidates that satisfy the query, with the places."""
        for row in rows:
            look = self.finder.look(row["title"], row["standfirst"] or "", row["text"])
            self.left_out += look.left_out
            if look.places:
                yield row, look.places

    def tell_left_out(self, context: Context) -> None:
        """Say how many articles were left out, unless nothing but errors is to be said."""
        if self.left_out:
            context.tell(_LEFT_OUT.format(self.left_out))


def sieve_of(context: Context, query: str, *, as_written: bool) -> Sieve:
    """Return the sieve of a query in the language of the rules. Raises QueryError."""
    return Sieve(Finder(parse_query(query), context.rules(), as_written=as_written))
