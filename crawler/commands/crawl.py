"""Crawl: fetch what the sources published, read it, flag it, keep it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from crawler.commands.context import Context, pass_context
from crawler.commands.options import MANY, duration, sources_option
from crawler.commands.output import echo_json, json_option
from crawler.commands.profiling import STDERR, profile_file, write_profile
from crawler.shards import Shard
from crawler.source import Source
from pipelines.fork_server import start_fork_server
from storage.archive import Archive, shared_archive
from storage.lock import crawl_lock
from storage.space import require_space
from storage.times import now, parse_duration, to_text

if TYPE_CHECKING:
    from scrapy import Spider

    from crawler.run import CrawlReport
    from storage.window import Window


@attrs.frozen(kw_only=True)
class CrawlOptions:
    """What the command line asks of one run; None leaves it to the configuration."""

    command: str
    since: timedelta | None = None
    max_pages: int | None = None
    parallel: int | None = None
    budget: timedelta | None = None
    profile: str | None = None
    """File that gets the run's profile, `-` for stderr."""
    spider_of: Callable[[Source], str | type[Spider]] = lambda source: source.slug


def _past_window(ctx: click.Context, option: click.Parameter, value: str | None) -> Window | None:
    from crawler.commands.backfilling import past_window

    return past_window(ctx, option, value)


def _shard(_ctx: click.Context, _option: click.Parameter, value: str | None) -> Shard | None:
    try:
        return None if value is None else Shard.parse(value)
    except ValueError as e:
        raise click.BadParameter(str(e)) from e


@click.command()
@click.argument("slugs", nargs=-1)
@click.option("--country", "countries", multiple=True, metavar="CC", help="ISO code, or PAN.")
@sources_option
@click.option(
    "--since", callback=duration, metavar="AGE", help="Leave alone what is older [default: 30d]."
)
@click.option("--max-pages", type=MANY, help="Pages per source [default: 200].")
@click.option("--parallel", type=MANY, help="Sources at a time [default: 32].")
@click.option("--all", "everything", is_flag=True, help="Also sources whose turn has not come.")
@click.option(
    "--budget", callback=duration, metavar="DURATION", help="Stop after this long, such as 30m."
)
@click.option(
    "--profile",
    is_flag=False,
    flag_value=STDERR,
    callback=profile_file,
    metavar="[FILE]",
    help="Write where the time went, to FILE (.md or .json) or stderr.",
)
@click.option(
    "--shard", callback=_shard, metavar="I/N", help="The I-th of N parts of the sources, by domain."
)
@click.option(
    "--backfill",
    "window",
    metavar="WINDOW",
    callback=_past_window,
    help="Walk what was published then, such as 2023-01..2023-12.",
)
@json_option
@pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: Context,
    /,
    slugs: tuple[str, ...],
    *,
    countries: tuple[str, ...],
    path: Path | None,
    since: str | None,
    max_pages: int | None,
    parallel: int | None,
    budget: str | None,
    profile: str | None,
    everything: bool,
    shard: Shard | None,
    window: Window | None,
    as_json: bool,
) -> None:
    """Crawl the active sources whose turn has come.

    Those named by slug, country or file are crawled whether it has or not.
    """
    sources = context.catalogue(path).select(slugs, countries)
    if shard is not None:
        sources = shard.share(sources)
    options = CrawlOptions(
        command=" ".join(["crawl", *slugs, *([f"--shard {shard}"] if shard else [])]),
        since=parse_duration(since) if since else None,
        max_pages=max_pages,
        parallel=parallel,
        budget=parse_duration(budget) if budget else None,
        profile=profile,
    )
    if path is not None:
        os.environ["VIGIE_SOURCES"] = str(path)
    named = bool(slugs or countries or path or everything)
    if window is not None:
        from crawler.commands.backfilling import backfill, require_named

        require_named(named=named)
    if named:  # and so crawled, whatever is due
        start_fork_server()  # which loads what reads pages, a second's work, beside all this
    context.rules()  # wrong rules are told before the archive is touched
    require_space(context.db)
    warn_without_contact(context)
    if window is not None:
        sys.exit(backfill(context, sources, window, options, as_json=as_json))
    if shard is not None and not sources:
        shared_archive(str(context.db))  # so that there is one to merge
        context.tell(f"no source is in shard {shard}")
        sys.exit(0)
    if not named:
        sources = _due(context, shared_archive(str(context.db)), sources)
    report = crawl(context, sources, options)
    _report(context, report, as_json=as_json)
    sys.exit(report.exit_code)


def _report(context: Context, report: CrawlReport, *, as_json: bool) -> None:
    if as_json or not context.quiet:
        say_report(shared_archive(str(context.db)), report, as_json=as_json)


def warn_without_contact(context: Context) -> None:
    """Say that a site's owner has no way to reach the person who crawls."""
    fetch = context.config.fetch
    if fetch.contact is None and not fetch.allow_private_addresses:
        context.tell(
            "vigie: sites cannot reach you: set fetch.contact in vigie.toml"
            " to your address or web page, it becomes part of the user agent"
        )


def _due(context: Context, archive: Archive, sources: Sequence[Source]) -> tuple[Source, ...]:
    """Return the sources whose turn has come; where there is none, say so and end the command."""
    slugs = set(archive.schedules.due([source.slug for source in sources], now()))
    if not slugs:
        first = archive.schedules.first_due()
        until = f" before {to_text(first)}" if first else ""
        context.tell(f"no source is due{until}; see --all")
        sys.exit(0)
    return tuple(source for source in sources if source.slug in slugs)


def crawl(context: Context, sources: Sequence[Source], options: CrawlOptions) -> CrawlReport:
    """Run one crawl, alone on the archive, with a progress bar on a terminal."""
    start_fork_server()
    from scrapy.utils.project import get_project_settings

    from crawler.run import CrawlRun

    os.environ["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    settings = get_project_settings()
    for name, value in (("VIGIE_SINCE", options.since), ("VIGIE_MAX_PAGES", options.max_pages)):
        if value is not None:
            settings.set(name, value)
    hidden = context.quiet or not sys.stderr.isatty()
    with (
        crawl_lock(context.db),
        click.progressbar(
            length=len(sources), label="sources", hidden=hidden, file=sys.stderr
        ) as bar,
    ):
        report = CrawlRun(
            settings,
            sources,
            parallel=options.parallel or context.config.crawl.parallel,
            budget=options.budget,
            on_done=lambda _: bar.update(1),
            spider_of=options.spider_of,
        ).run(options.command)
    if options.profile is not None:
        write_profile(report.profile, options.profile)
    return report


def say_report(archive: Archive, report: CrawlReport, *, as_json: bool) -> None:
    """Print what a run gave."""
    run, errors = archive.runs.get(report.run), archive.runs.errors(report.run)
    if as_json:
        echo_json(run | {"failed": report.failed, "errors": dict(errors)})
        return
    click.echo(
        f"run {run['id']} {report.reason}: {run['sources']} sources, {run['stored']} stored"
        f" ({run['flagged']} flagged), {run['duplicate']} duplicates, {run['refused']} refused"
    )
    for reason, times in errors.most_common():
        click.echo(f"  {times:5} {reason}")
    if report.failed:
        click.echo(f"no way in: {' '.join(report.failed)}", err=True)
