"""Rendering: turn an imitation news site into its answers to requests."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from string import Template

import attrs

from crawler.demo.site import TEASER, DemoArticle, DemoSite

HTML = "text/html; charset=UTF-8"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


@attrs.frozen(kw_only=True)
class Answer:
    """What the server sends for one path."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    etag: str | None = None
    last_modified: str | None = None


@attrs.frozen
class Renderer:
    """Fills the templates of one site."""

    site: DemoSite
    home: str
    """The address of the site, ending in a slash."""
    now: datetime
    """The moment from which the ages of the articles are counted back."""

    def answers(self) -> dict[str, Answer]:
        """Return every answer of the site, by path and query."""
        robots = fill(self.site.template("robots.txt"), {"home": self.home})
        answers = {article.path: self._article(article) for article in self.site.articles}
        return answers | {
            "/": self._home(),
            "/robots.txt": Answer(body=robots.encode(), content_type="text/plain; charset=UTF-8"),
            self.site.announcement.path: self._announcement(),
        }

    def missing(self, status: int) -> Answer:
        """Return the page that says that there is none."""
        values = self._site_values("Page introuvable")
        main = "<h1>$page_title</h1><p>La page que vous cherchez n’existe plus.</p>"
        return Answer(body=self._page(values, fill(main, values)), status=status)

    def _home(self) -> Answer:
        values = self._site_values(f"{self.site.name} – {self.site.tagline}")
        return Answer(body=self._page(values, self._each("card.html", self.site.articles)))

    def _article(self, article: DemoArticle) -> Answer:
        if article.missing_status is not None:
            return self.missing(article.missing_status)
        values = self._site_values(f"{article.title} - {self.site.name}")
        values |= self._article_values(article)
        others = [other for other in self.site.articles if other is not article]
        values["related_html"] = self._each("card.html", others[:4])
        values["body_html"] = "\n".join(self._paragraph(words) for words in article.paragraphs)
        head = fill(self.site.template("article_head.html"), values)
        main = fill(self.site.template("article.html"), values)
        return Answer(body=self._page(values, main, head))

    def _announcement(self) -> Answer:
        newest = self.site.articles[0]
        values = self._site_values(self.site.name) | self._article_values(newest)
        values["entries_xml"] = self._each("announcement_entry.xml", self.site.articles)
        body = fill(self.site.template("announcement.xml"), values).encode()
        return Answer(
            body=body,
            content_type=self.site.announcement.content_type,
            etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            last_modified=format_datetime(self._published(newest), usegmt=True),
        )

    def _page(self, values: dict[str, str], main: str, head: str = "") -> bytes:
        parts = {"main_html": main, "head_html": head}
        return fill(self.site.template("page.html"), values | parts).encode()

    def _paragraph(self, words: str) -> str:
        if not words.startswith(TEASER):
            return f"<p>{escape(words)}</p>"
        title = words.removeprefix(TEASER)
        return _link(self.site.template("teaser.html"), title, f"{self.home}{_slug(title)}/")

    def _each(self, template: str, articles: Iterable[DemoArticle]) -> str:
        text = self.site.template(template)
        return "\n".join(fill(text, self._article_values(article)) for article in articles)

    def _site_values(self, page_title: str) -> dict[str, str]:
        plain = {
            "page_title": page_title,
            "announcement_url": self._address(self.site.announcement.path),
            "tagline": self.site.tagline,
            "today": french_date(self.now),
            "year": str(self.now.year),
            "language": "fr",
            "home": self.home,
            "site_name": self.site.name,
        }
        built = {
            "style": self.site.template("style.css"),
            "settings": self.site.template("settings.json"),
            "menu_html": self._menu(),
            "popular_html": self._each("popular.html", self.site.articles[-7:]),
        }
        return _escaped(plain) | built

    def _article_values(self, article: DemoArticle) -> dict[str, str]:
        published = self._published(article)
        plain = {
            "home": self.home,
            "site_name": self.site.name,
            "url": self._address(article.path),
            "title": article.title,
            "standfirst": article.standfirst,
            "author": article.author,
            "section": article.section,
            "language": article.language,
            "tags": ", ".join(article.tags),
            "number": str(10_000 + self.site.articles.index(article)),
            "name": _slug(article.title),
            "published_iso": published.isoformat(timespec="seconds"),
            "published_rfc822": format_datetime(published),
            "published_words": french_date(published),
            "published_clock": published.strftime("%Hh%M"),
            "published_numbers": published.strftime("%d/%m/%Y"),
        }
        return _escaped(plain) | {"tags_html": self._tags(article)}

    def _tags(self, article: DemoArticle) -> str:
        entry = self.site.template("menu_entry.html")
        return "".join(_link(entry, tag, f"{self.home}tag/{_slug(tag)}/") for tag in article.tags)

    def _menu(self) -> str:
        entry = self.site.template("menu_entry.html")
        blocks = []
        for heading, below in self.site.menu:
            top = f"{self.home}rubrique/{_slug(heading)}/"
            links = "".join(_link(entry, name, f"{top}{_slug(name)}/") for name in below)
            blocks.append(f"{_link(entry, heading, top)}<li><ul>{links}</ul></li>")
        return "\n".join(blocks)

    def _published(self, article: DemoArticle) -> datetime:
        return self.now - timedelta(hours=article.age_hours)

    def _address(self, path: str) -> str:
        return self.home + path.removeprefix("/")


def fill(template: str, values: dict[str, str]) -> str:
    """Return the template with its $names replaced; an unknown name is a KeyError."""
    return Template(template).substitute(values)


def french_date(at: datetime) -> str:
    """Return the date in words, such as `vendredi 20 novembre 2026`."""
    day = "1er" if at.day == 1 else str(at.day)
    return f"{DAYS[at.weekday()]} {day} {MONTHS[at.month - 1]} {at.year}"


def _escaped(plain: dict[str, str]) -> dict[str, str]:
    """Return each value escaped for markup, and once more as JSON under `<name>_json`."""
    as_json = {
        f"{name}_json": json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
        for name, value in plain.items()
    }
    return {name: escape(value) for name, value in plain.items()} | as_json


def _link(template: str, title: str, url: str) -> str:
    return fill(template, _escaped({"title": title, "url": url})).strip()


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
