"""Filters: the options that limit a search or an export."""

from __future__ import annotations

from typing import Any

import click

from crawler.commands.options import country_code, instant, together
from storage.archive import Archive
from storage.errors import WrongInputError
from storage.records import THEMES
from storage.search import Filters
from storage.verdicts import VERDICTS

filter_options = together(
    click.option("--flagged", is_flag=True, default=None, help="Flagged articles alone."),
    click.option(
        "--country", callback=country_code, metavar="CC", help="A state that takes part, ISO code."
    ),
    click.option(
        "--theme", type=click.Choice(THEMES), metavar="THEME", help=f"{', '.join(THEMES)}."
    ),
    click.option("--source", metavar="SLUG", help="Articles of one source."),
    click.option("--since", callback=instant, metavar="DATE|AGE", help="Published from then on."),
    click.option("--until", callback=instant, metavar="DATE|AGE", help="Published before then."),
    click.option("--verdict", type=click.Choice((*VERDICTS, "none")), help="What reviewers say."),
)
"""The options of `Filters`."""


def filters_of(options: dict[str, Any], archive: Archive) -> Filters:
    """Return what the options say.

    Raises WrongInputError for a source that the archive does not know, and a time that is none.
    """
    source, since, until = options["source"], options["since"], options["until"]
    if source is not None and not archive.knows_source(source):
        raise WrongInputError(f"--source: no source is called '{source}' in the archive")
    if since is not None and until is not None and since >= until:
        raise WrongInputError(f"--until: {until} is not after --since, {since}")
    return Filters(
        flagged=options["flagged"],
        country=options["country"],
        theme=options["theme"],
        source=source,
        since=since,
        until=until,
        verdict=options["verdict"],
    )
