"""Source: one monitored outlet, as its catalogue entry describes it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import attrs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from storage.records import SourceFacts

GENERIC_SPIDERS = ("feed", "listing", "sitemap")
"""The spiders that serve any source; the others are modules of `spiders/sites/`."""

_SITE_SPIDERS = Path(__file__).parent / "spiders" / "sites"
_HOST = re.compile(r"[^\s/@\\]+")


def _check_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
        raise ValueError("is not an http or https address")
    return value


@cache
def known_spiders() -> tuple[str, ...]:
    """Return the names an entry may give as its spider."""
    sites = sorted(file.stem for file in _SITE_SPIDERS.glob("[a-z]*.py"))
    return (*GENERIC_SPIDERS, *sites)


def _check_spider(value: str) -> str:
    if value not in known_spiders():
        raise ValueError(f"is not one of {', '.join(known_spiders())}")
    return value


def _check_line(value: str) -> str:
    if value != value.strip() or not value.isprintable():
        raise ValueError("is not one line of text without spaces around it")
    return value


Address = Annotated[str, AfterValidator(_check_address)]
Addresses = Annotated[tuple[Address, ...], Field(strict=False)]
Line = Annotated[str, Field(min_length=1), AfterValidator(_check_line)]


class Source(BaseModel):
    """A monitored outlet: where it is, how its articles are found, what is known of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    slug: str = Field(pattern=r"^[a-z0-9_]+$")
    """The outlet's domain in lower case, dots and hyphens turned into underscores."""
    name: Line
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    """ISO 3166-1 alpha-2 code of the country the outlet writes from, None when `scope` is given."""
    scope: Literal["panafrican"] | None = None
    language: str = Field(default="fr", pattern=r"^[a-z]{2}$")
    """ISO 639-1. It decides where an article is too short for detection."""
    url: Address
    """The home page, or the African section of an outlet that covers the world."""
    spider: Annotated[str, AfterValidator(_check_spider)] = "feed"
    feeds: Addresses = ()
    """RSS, RDF or Atom addresses, the most trusted first; tried until one works."""
    read_feeds: Literal["first", "all"] = "first"
    """Whether one feed that works is enough, or each of them announces what the others do not."""
    sitemaps: Addresses = ()
    sections: Addresses = ()
    """Pages that list articles; empty means the home page."""
    outlet: Literal[
        "aggregator", "agency", "factcheck", "portal", "press", "radio", "state", "tv"
    ] = "press"
    ownership: Literal["private", "public", "state"] | None = None
    alignment: Literal["russian_network", "russian_state"] | None = None
    """Set for the outlets of the Russian state and of its networks, so that they are never mixed
    with the African press."""
    cms: str | None = Field(default=None, pattern=r"^[a-z]+$")
    delay: float | None = Field(default=None, gt=0, le=600)
    """Seconds between two requests where the site needs more than the usual; never less."""
    min_per_week: int | None = Field(default=None, ge=1)
    """Articles in a healthy week; `vigie status` complains below it."""
    verify_tls: bool = True
    """Whether the site's certificate must be valid; an exception is recorded with every poll."""
    active: bool = True
    note: Line | None = None

    @model_validator(mode="after")
    def _country_or_scope(self) -> Self:
        if (self.country is None) == (self.scope is None):
            raise ValueError('needs either a country or scope = "panafrican"')
        return self

    @property
    def facts(self) -> SourceFacts:
        """What the archive keeps of the entry."""
        return SourceFacts(
            **{field.name: getattr(self, field.name) for field in attrs.fields(SourceFacts)}
        )

    @property
    def section_pages(self) -> tuple[str, ...]:
        """The pages to look for article links on: the sections, or else the home page."""
        return self.sections or (self.url,)
