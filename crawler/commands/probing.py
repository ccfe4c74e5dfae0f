"""Probing: `vigie sources probe`, `add` and `check`, which look at sites once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import ValidationError

from crawler.catalogue import CatalogueError, load_catalogue
from crawler.commands.context import Context, pass_context
from crawler.commands.options import country_code, sources_option
from crawler.commands.output import echo_json, echo_table, json_option
from crawler.source import Source
from storage.files import replacing

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from crawler.probe import ProbeReport, Site

NEEDS_A_PERSON = 1
_FACTS = ("slug", "name", "country", "scope", "url", "spider", "feeds", "sitemaps", "cms")

country_option = click.option(
    "--country", callback=country_code, metavar="CC", help="ISO code of the outlet's country."
)
name_option = click.option("--name", help="The outlet's name as it prints it.")


@click.command("probe")
@click.argument("url")
@country_option
@name_option
@json_option
@pass_context
def probe_source(
    context: Context, url: str, country: str | None, name: str | None, *, as_json: bool
) -> None:
    """Look at a site before it becomes a source.

    Shows its ways to articles, its robots.txt and three articles as they would be stored.
    Exits 1 when no way to articles is found.
    """
    report = _probe(context, url, country, name)
    if as_json:
        echo_json(_plain(report))
    else:
        _show(report)
    sys.exit(0 if report.working else NEEDS_A_PERSON)


@click.command("add")
@click.argument("url")
@country_option
@name_option
@click.option("--to", type=click.Path(path_type=Path), help="The catalogue file to write to.")
@pass_context
def add_source(
    context: Context, url: str, country: str | None, name: str | None, to: Path | None
) -> None:
    """Probe a site and write its entry to your own catalogue file.

    Exits 1, writing nothing, when no way to articles is found.
    """
    from crawler.probe import finished_source

    file = _own_file(context, to)
    taken = load_catalogue(file) if file.exists() else {}
    entry = _new(url, country, name)
    if entry.slug in taken:
        raise CatalogueError(f"{file}: {entry.slug}: slug is taken already")
    report = _probe(context, url, country, name)
    if not report.working:
        _show(report)
        sys.exit(NEEDS_A_PERSON)
    text = entry_text(finished_source(report))
    before = file.read_text(encoding="utf-8").rstrip() + "\n\n" if file.exists() else ""
    with replacing(file) as partial:
        partial.write_text(before + text, encoding="utf-8")
    click.echo(
        f"{text}\nwritten to {file}; crawl it with: vigie crawl {entry.slug} --sources {file}"
    )


@click.command("check")
@click.argument("slugs", nargs=-1)
@click.option("--country", "countries", multiple=True, metavar="CC", help="ISO code, or PAN.")
@sources_option
@json_option
@pass_context
def check_catalogue(
    context: Context,
    slugs: tuple[str, ...],
    countries: tuple[str, ...],
    path: Path | None,
    *,
    as_json: bool,
) -> None:
    """Say whether the catalogue's entries still hold.

    Asks the sources for what their entries name. Fetches no article. Exits 1 when a source has no way to its articles.
    """
    from crawler.probe import check_sources

    sources = context.catalogue(path).select(slugs, countries)
    reports = check_sources(_settings(), sources, context.config.crawl.parallel)
    rows = [_compared(report) for report in reports]
    if as_json:
        echo_json(rows)
    else:
        echo_table(rows, ["source", "entry", "works", "problems"])
    sys.exit(NEEDS_A_PERSON if any(row["entry"] == "dead" for row in rows) else 0)


def entry_text(source: Source) -> str:
    """Return an entry as TOML."""
    facts = source.model_dump(mode="json", exclude_defaults=True)
    lines = [f"{key} = {_toml(facts[key])}" for key in _FACTS if key in facts]
    return "\n".join(["[[source]]", *lines, ""])


def _probe(context: Context, url: str, country: str | None, name: str | None) -> ProbeReport:
    from crawler.probe import probe_site

    context.rules()
    return probe_site(_settings(), _new(url, country, name))


def _settings() -> Settings:
    from scrapy.utils.project import get_project_settings

    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    return get_project_settings()


def _new(url: str, country: str | None, name: str | None) -> Source:
    from crawler.probe import new_source

    try:
        return new_source(url, country, name)
    except (ValidationError, ValueError) as e:
        raise click.BadParameter(f"{url!r} is not the http or https address of a site") from e


def _own_file(context: Context, to: Path | None) -> Path:
    file = to or context.config.paths.sources or Path("sources.toml")
    return file / "own.toml" if file.is_dir() else file


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _plain(report: ProbeReport) -> dict[str, object]:
    return {
        "source": report.source.model_dump(mode="json", exclude_defaults=True),
        "cms": report.site.cms,
        "robots_allow": report.site.allowed,
        "robots_problem": report.site.robots_problem,
        "crawl_delay": report.site.delay,
        "ways": report.ways,
        "pages": report.pages,
    }


def _show(report: ProbeReport) -> None:
    from crawler.probe import finished_source

    site = report.site
    delay = f", asks for {site.delay:g} s between requests" if site.delay else ""
    click.echo(f"made with {site.cms or 'an unknown system'}; {_robots(site)}{delay}\n")
    echo_table(report.ways, ["kind", "links", "newest_at", "problem", "url"])
    for page in report.pages:
        click.secho(f"\n{page['title'] or page['url']}", bold=True)
        if page["title"] is None:
            click.echo(f"  {page['outcome']} {page['reason'] or ''} {page['detail'] or ''}")
            continue
        flagged = "flagged" if page["flagged"] else "not flagged"
        click.echo(
            f"  {page['published_at'] or 'no date'} · {page['characters']} characters"
            f" · {page['language']} · {flagged}\n  {page['url']}"
        )
    if report.working:
        click.echo(f"\nthe entry it would make:\n\n{entry_text(finished_source(report))}", nl=False)


def _robots(site: Site) -> str:
    if site.allowed is None:
        return f"robots.txt cannot be read ({site.robots_problem}), so nothing may be asked"
    if site.robots_problem is not None:
        return f"no robots.txt ({site.robots_problem}), so everything is allowed"
    return f"robots.txt {'allows' if site.allowed else 'forbids'} the home page"


def _compared(report: ProbeReport) -> dict[str, object]:
    """Set a source's entry beside what works: the entry holds, has moved, or is dead."""
    source = report.source
    own = {*source.feeds, *source.sitemaps, *source.sections}
    working = [way["url"] for way in report.working]
    holds = "holds" if own.intersection(working) else ("moved" if working else "dead")
    problems = dict.fromkeys(f"{w['kind']}_{w['problem']}" for w in report.ways if w["problem"])
    return {
        "source": source.slug,
        "entry": "holds" if working and not own else holds,
        "works": working[0] if working else None,
        "problems": " ".join(problems),
    }
