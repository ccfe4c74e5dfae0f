"""Site: an imitation news site, as its folder describes it.

A folder holds `site.toml`, the articles as data, and the templates of one content management
system.
In the text of an article a paragraph that begins with `> ` is a teaser of another article.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import attrs

SITES = Path(__file__).parent / "sites"
TEASER = "> "


@attrs.frozen(kw_only=True)
class DemoArticle:
    """An article as its author would hand it in."""

    path: str
    """Path and query, from the root of the site."""
    age_hours: int
    """How long before the start of the demo it was published."""
    title: str
    standfirst: str
    author: str
    section: str
    tags: tuple[str, ...]
    text: str
    """Paragraphs separated by an empty line."""
    language: str = "fr"
    missing_status: int | None = None
    """Set where the site announces the article but answers "not found": with 404, or with 200."""

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs, teasers among them."""
        return self.text.strip().split("\n\n")


@attrs.frozen(kw_only=True)
class Announcement:
    """The feed or sitemap that announces the articles."""

    path: str
    content_type: str
    linked: bool
    """Whether the pages link to it; if not, robots.txt names it."""


@attrs.frozen(kw_only=True)
class DemoSite:
    """An imitation news site."""

    slug: str
    name: str
    tagline: str
    country: str
    cms: str
    spider: str
    host: str
    """The loopback address it is served from."""
    announcement: Announcement
    menu: tuple[tuple[str, tuple[str, ...]], ...]
    """Headings of the menu with the entries below them."""
    articles: tuple[DemoArticle, ...]
    """The newest first."""
    folder: Path

    def template(self, name: str) -> str:
        """Return the text of one of the site's templates."""
        return (self.folder / name).read_text(encoding="utf-8")


def load_sites() -> tuple[DemoSite, ...]:
    """Return the bundled sites, by the address they are served from."""
    sites = [load_site(file.parent) for file in SITES.glob("*/site.toml")]
    return tuple(sorted(sites, key=lambda site: site.host))


def load_site(folder: Path) -> DemoSite:
    """Return the site that the folder describes."""
    facts = _read(folder / "site.toml")
    articles = [_article(file) for file in (folder / "articles").glob("*.toml")]
    return DemoSite(
        slug=folder.name,
        folder=folder,
        articles=tuple(sorted(articles, key=lambda article: article.age_hours)),
        announcement=Announcement(**facts.pop("announcement")),
        menu=tuple((heading, tuple(entries)) for heading, entries in facts.pop("menu").items()),
        **facts,
    )


def _article(file: Path) -> DemoArticle:
    facts = _read(file)
    return DemoArticle(tags=tuple(facts.pop("tags")), **facts)


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
