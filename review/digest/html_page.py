"""Digest HTML: one page that needs nothing else, and the body of an Atom entry."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from review.digest.charts import Charts, digest_charts
from review.digest.citation import citation, dated
from review.digest.records import Digest, Story
from review.digest.wording import (
    country_counts,
    country_name,
    facts,
    figures,
    period,
    remarks,
    theme_counts,
    theme_name,
    unseen_words,
)
from review.digest.words import Words
from review.typography import tied

_FOLDER = Path(__file__).parent / "templates"


def digest_page(digest: Digest, words: Words) -> str:
    """Return the digest as a page with its charts."""
    return _page(digest, words, digest_charts(digest.trends, words))


def mail_page(digest: Digest, words: Words) -> str:
    """Return the digest as a page without charts: many mail programs drop SVG and keep its words."""
    return _page(digest, words, [])


def entry_html(story: Story, words: Words, until: datetime) -> str:
    """Return what a feed reader shows of a story."""
    template = _environment().get_template("entry.html")
    return template.render(story=story, words=words, until=until).strip()


def _page(digest: Digest, words: Words, charts: Charts) -> str:
    return (
        _environment()
        .get_template("digest.html")
        .render(
            digest=digest,
            words=words,
            charts=charts,
            style=Markup((_FOLDER / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - ours
            period=period(digest, words),
            figures=figures(digest, words),
            theme_counts=theme_counts(digest, words),
            country_counts=country_counts(digest, words),
            unseen=unseen_words(digest.not_seen, words),
            theme_name=lambda theme: theme_name(theme, words),
            country_name=lambda country: country_name(country, words),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tied"] = tied
    environment.globals.update(citation=citation, dated=dated, facts=facts, remarks=remarks)
    return environment
