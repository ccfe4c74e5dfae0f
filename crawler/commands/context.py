"""Context: what the global options decide, handed to every command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from crawler.catalogue import Catalogue, load_catalogue
from crawler.config import Config

if TYPE_CHECKING:
    from pipelines.matching.ruleset import RuleSet


@attrs.frozen(kw_only=True)
class Context:
    """The archive's path, the configuration, and how much is said."""

    db: Path
    config: Config
    quiet: bool

    def tell(self, news: str) -> None:
        """Say on stderr what is no error, unless nothing but errors is to be said."""
        if not self.quiet:
            click.echo(news, err=True)

    def catalogue(self, path: Path | None = None) -> Catalogue:
        """Load a catalogue: the one named, else the configuration's, else the shipped one.

        Raises CatalogueError.
        """
        return load_catalogue(path or self.config.paths.sources)

    def rules(self, path: Path | None = None) -> RuleSet:
        """Load a rule set: the one named, else the configuration's, else the shipped one.

        Raises RuleError.
        """
        from pipelines.matching.ruleset import load_rules

        return load_rules(path or self.config.paths.rules)


pass_context = click.make_pass_decorator(Context)
