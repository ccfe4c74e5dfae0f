"""Filters: the options that limit a search or an export."""

from __future__ import annotations

from typing import Any

import click

from crawler.commands.options import instant, together
from storage.records import THEMES
from storage.search import Filters
from storage.verdicts import VERDICTS

filter_options = together(
    click.option("--flagged", is_flag=True, default=None, help="Flagged articles alone."),
    click.option("--country", metavar="CC", help="Countries that take part, ISO code."),
    click.option("--theme", type=click.Choice(THEMES)),
    click.option("--source", metavar="SLUG"),
    click.option("--since", callback=instant, metavar="DATE|AGE"),
    click.option("--until", callback=instant, metavar="DATE|AGE"),
    click.option("--verdict", type=click.Choice((*VERDICTS, "none")), help="What reviewers say."),
)
"""The options of `Filters`."""


def filters_of(options: dict[str, Any]) -> Filters:
    """Return what the options say."""
    country = options["country"]
    return Filters(
        flagged=options["flagged"],
        country=country.upper() if country else None,
        theme=options["theme"],
        source=options["source"],
        since=options["since"],
        until=options["until"],
        verdict=options["verdict"],
    )
