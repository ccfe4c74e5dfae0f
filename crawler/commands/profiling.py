"""Profiling: where the time of a run went, as a table or JSON, for `vigie crawl --profile`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from storage.files import replacing
from storage.profiles import WAITS, WORK, RunProfile

STDERR = "-"
_SUFFIXES = (".json", ".md")


def profile_file(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Check where a profile is to be written; a click callback."""
    if value is not None and value != STDERR and Path(value).suffix not in _SUFFIXES:
        raise click.BadParameter(
            f"{value!r} ends neither in .md nor in .json; put the slugs before --profile"
        )
    if value is not None and not Path(value).absolute().parent.is_dir():
        raise click.BadParameter(f"{value!r}: there is no such folder")
    return value


def write_profile(profile: RunProfile, where: str) -> None:
    """Write a profile to a file, as JSON or Markdown by its name, or print the table."""
    if where == STDERR:
        click.echo(table(profile), err=True)
        return
    text = json.dumps(profile.facts(), indent=2) if where.endswith(".json") else table(profile)
    with replacing(Path(where)) as file:
        file.write_text(f"{text}\n", encoding="utf-8")


def table(profile: RunProfile) -> str:
    """Return a profile as Markdown."""
    return "\n".join(_lines(profile))


def summary(profile: RunProfile) -> str:
    """Return a profile in one line: the speed, the stages that cost most, the lag."""
    dearest = sorted(profile.shares.items(), key=lambda item: item[1], reverse=True)
    stages = ", ".join(f"{stage} {share:.0%}" for stage, share in dearest if share >= 0.005)
    line = f"{profile.pages} pages read, {profile.pages_per_second:.1f} a second"
    return f"{line}: {stages}" if stages else line


def _lines(profile: RunProfile) -> Iterator[str]:
    yield f"{profile.pages} pages in {profile.seconds:.1f} s: {profile.pages_per_second:.1f} a second"
    yield ""
    yield "| stage | seconds | ms a page | share of the work |"
    yield "|---|---|---|---|"
    for stage in (*WAITS, *WORK):
        seconds = profile.stages.get(stage, 0.0)
        each = seconds / profile.pages * 1000 if profile.pages else 0.0
        share = f"{profile.shares.get(stage, 0.0):.1%}" if stage in WORK else "waiting"
        yield f"| {stage} | {seconds:.2f} | {each:.1f} | {share} |"
    if profile.lag_p95 is not None:
        yield ""
        yield f"event loop late by {profile.lag_p50} ms (median), {profile.lag_p95} ms (p95)"
