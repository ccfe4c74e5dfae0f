"""Explain: why an article is flagged, or why it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import attrs
import click

from crawler.commands.context import Context, pass_context
from crawler.commands.explained import Explained, flag_as_dict, show
from crawler.commands.options import country_code
from crawler.commands.output import echo_json, json_option
from crawler.commands.rules import rules_option
from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet
from storage.archive import Archive
from storage.errors import WrongInputError
from storage.records import Page, Refusal
from storage.times import now


@click.command()
@click.argument("what", metavar="URL|ID|FILE|-")
@click.option(
    "--country",
    "outlet",
    callback=country_code,
    metavar="CC",
    help="The outlet's country, for a file.",
)
@rules_option
@json_option
@pass_context
def command(
    context: Context, what: str, outlet: str | None, path: Path | None, *, as_json: bool
) -> None:
    """Show every match in its sentence, the score and the countries.

    URL and ID name an article of the archive. FILE is a page (.html) or a text, whose first line
    is its title when an empty line follows; - reads a text from standard input.
    """
    text = attrs.evolve(_text_of(context, what), **({"country": outlet} if outlet else {}))
    explained = _explain(text, context.rules(path))
    if as_json:
        echo_json(flag_as_dict(explained))
    else:
        show(explained)


@attrs.frozen(kw_only=True)
class _Text:
    title: str
    lead: str
    text: str
    country: str | None = None
    outlet: str | None = None


def _explain(text: _Text, rules: RuleSet) -> Explained:
    flag = flag_text(text.title, text.lead, text.text, rules, text.country, text.outlet)
    fields = {"title": text.title, "lead": text.lead, "text": text.text}
    return Explained(fields=fields, flag=flag)


def _text_of(context: Context, what: str) -> _Text:
    if what == "-":
        return _plain(sys.stdin.buffer.read().decode("utf-8", "replace"))
    if what.isdecimal() or what.startswith(("http://", "https://")):
        return _archived(context, what)
    file = Path(what)
    if not file.is_file():
        raise click.BadParameter(f"'{what}' is no address, article number or file")
    body = file.read_bytes()
    if file.suffix.lower() in (".html", ".htm"):
        return _page(file, body)
    return _plain(body.decode("utf-8", "replace"))


def _plain(text: str) -> _Text:
    title, empty, rest = text.lstrip("\ufeff \n").partition("\n\n")
    if not empty or "\n" in title or len(title) > 250:
        return _Text(title="", lead="", text=text)
    return _Text(title=title, lead="", text=rest)


def _page(file: Path, body: bytes) -> _Text:
    from pipelines.extract import extract_article

    url = file.resolve().as_uri().replace("file://", "https://localhost", 1)
    page = Page(source="file", url=url, queued_url=url, body=body, fetched_at=now())
    article = extract_article(page)
    if isinstance(article, Refusal):
        raise WrongInputError(f"{file}: no article on this page ({article.reason})")
    return _Text(title=article.title, lead=article.standfirst or "", text=article.text)


def _archived(context: Context, what: str) -> _Text:
    row = Archive.read(context.db).articles.find(what)
    if row is None:
        raise WrongInputError(f"{context.db}: no article {what}; crawl it first, or save the page")
    return _Text(
        title=row["title"],
        lead=row["standfirst"] or "",
        text=row["text"],
        country=row["country"],
        outlet=row["outlet"],
    )
