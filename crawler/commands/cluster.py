"""Cluster: sweeps, extraction and flagging over partitions, on all cores or on a Ray cluster."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from crawler.commands.context import Context, pass_context
from crawler.commands.options import MANY, sources_option, sweep_options, together
from crawler.commands.output import echo_json, json_option
from crawler.commands.rules import rules_option
from crawler.config import VERSION
from pipelines.matching.ruleset import RuleSet
from storage.archive import Archive
from storage.errors import WrongInputError
from storage.lock import crawl_lock
from storage.sheets import MissingExtraError
from storage.times import now

if TYPE_CHECKING:
    from datatrove.pipeline.base import PipelineStep

    from pipelines.cluster.plan import Plan

_PATHS = click.Path(path_type=Path, exists=True)
_SHOWN = ("pages", "rows", "passed_over", "without_page", "refused", "not_flagged", "written",
          "flagged")  # fmt: skip
_LOGS = "see tasks/logs in its folder"


@click.group()
def command() -> None:
    """Work over big archives in partitions.

    A run that was stopped goes on when it is repeated; tasks that ended are not done again.
    """


cluster_options = together(
    click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        required=True,
        help="The folder of the new partitions.",
    ),
    click.option(
        "--executor",
        type=click.Choice(["local", "ray"]),
        default="local",
        show_default=True,
        help="The cores of this machine, or a Ray cluster.",
    ),
    click.option("--tasks", type=MANY, help="[default: one for each input file]"),
    click.option("--workers", type=MANY, help="Tasks at a time [default: cores]."),
    click.option("--address", help="The Ray cluster [default: one on this machine]."),
    json_option,
)
"""Where the partitions go and who does the work."""


@attrs.frozen(kw_only=True)
class Work:
    """What the command line asks to be done, and by whom."""

    step: str
    files: Sequence[Path]
    rules: RuleSet
    keep: str = "all"
    keep_raw: str = "all"
    sources: str = ""
    out: Path
    executor: str
    tasks: int | None
    workers: int | None
    address: str | None
    as_json: bool
    quiet: bool


@command.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…", type=_PATHS)
@click.option("--all", "everything", is_flag=True, help="Extract and keep all articles.")
@sweep_options
@sources_option
@cluster_options
@pass_context
def sweep(
    context: Context,
    /,
    inputs: tuple[Path, ...],
    *,
    path: Path | None,
    **options: Any,
) -> None:
    """Read WARC and WACZ files into partitions of flagged articles."""
    _require_extra(options["executor"])
    from crawler.ingest.origin import sources_by_domain
    from crawler.ingest.saved import saved_files
    from crawler.ingest.stretch import Selection
    from crawler.ingest.swept import SweptFiles
    from pipelines.cluster.steps import Extract, KeepFlagged, Sweep

    rules, sources = context.rules(), context.catalogue(path)
    files = saved_files(inputs).between(options.pop("since"), options.pop("until"))
    if files.pages:
        raise WrongInputError(f"{files.pages[0]}: no web archive; see `vigie ingest`")
    domains = frozenset(sources_by_domain(sources))
    everything, known = options.pop("everything"), options.pop("known")
    sweeping = SweptFiles(
        sources, Selection(everything=everything, domains=domains if known else None)
    )
    work = Work(
        step="sweep",
        files=_everywhere(files.archives),
        rules=rules,
        keep="all" if everything else "flagged",
        keep_raw=context.config.archive.keep_raw,
        sources=sweeping.digest,
        quiet=context.quiet,
        **options,
    )
    kept = [] if everything else [KeepFlagged()]
    _run(work, [Sweep(work.files, sweeping, rules), Extract(rules, work.keep_raw), *kept])


@command.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…", type=_PATHS)
@cluster_options
@pass_context
def extract(context: Context, /, folders: tuple[Path, ...], **options: Any) -> None:
    """Extract and flag anew what was kept as fetched.

    That is the articles whose pages the partitions keep; the others are counted and left out.
    """
    _require_extra(options["executor"])
    from pipelines.cluster.partitions import partitions_of
    from pipelines.cluster.steps import Extract, PagesAgain, ReadRows

    files, rules = _everywhere(partitions_of(folders)), context.rules()
    steps = [ReadRows(files), PagesAgain(), Extract(rules, "all")]
    _run(Work(step="extract", files=files, rules=rules, quiet=context.quiet, **options), steps)


@command.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER|FILE…", type=_PATHS)
@rules_option
@cluster_options
@pass_context
def flag(
    context: Context, /, folders: tuple[Path, ...], *, path: Path | None, **options: Any
) -> None:
    """Flag anew the articles of partitions or exports.

    An export is a file that `vigie export --format parquet` wrote.
    """
    _require_extra(options["executor"])
    from pipelines.cluster.partitions import partitions_of
    from pipelines.cluster.steps import Flag, ReadRows

    files, rules = _everywhere(partitions_of(folders)), context.rules(path)
    steps = [ReadRows(files), Flag(rules)]
    _run(Work(step="flag", files=files, rules=rules, quiet=context.quiet, **options), steps)


@command.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…", type=_PATHS)
@sources_option
@json_option
@pass_context
def merge(
    context: Context, /, folders: tuple[Path, ...], *, path: Path | None, as_json: bool
) -> None:
    """Take partitions into the archive.

    Flagged articles that it lacks are stored, those that it has get their new flags. Merging
    the same folder again adds nothing.
    """
    _require_extra("local")
    from pipelines.cluster.plan import read_plan

    catalogue, rules = context.catalogue(path), context.rules()
    plans = {folder: read_plan(folder) for folder in folders}
    counts: Counter[str] = Counter()
    with crawl_lock(context.db):
        archive = Archive.open(context.db)
        for folder, plan in plans.items():
            counts += _merge_one(archive, folder, plan, rules.digest, catalogue)
        archive.checkpoint()
    unfinished = {str(folder): _unfinished(folder, plan) for folder, plan in plans.items()}
    say(counts, sorted(counts), as_json=as_json, unfinished=sum(unfinished.values()))


def _merge_one(
    archive: Archive, folder: Path, plan: Plan, rule_set: str, catalogue: Any
) -> Counter[str]:
    from crawler.ingest.swept import facts_of
    from pipelines.cluster.merge import MergeRows
    from pipelines.cluster.partitions import partitions_of, read_partition

    started_at = now()
    run = archive.runs.begin("cluster merge", plan.rule_set, plan.rule_text, started_at)
    merging = MergeRows(archive, rule_set, lambda row: facts_of(row, catalogue))
    for file in partitions_of([folder]):
        merging.merge(read_partition(file))
    merging.record(run, started_at)
    archive.runs.end(run, 0, "finished", now())
    return merging.counts


def _unfinished(folder: Path, plan: Plan) -> int:
    from pipelines.cluster.steps import partition_path

    return sum(not partition_path(folder, rank).exists() for rank in range(plan.tasks))


def _everywhere(files: Iterable[Path]) -> list[Path]:
    """Return files by what they are called in whatever folder a task is done."""
    return [file.resolve() for file in files]


def _run(work: Work, steps: Sequence[PipelineStep]) -> None:
    """Run the tasks that have not ended yet, and say what they gave. Exit 1 when some have not."""
    from pipelines.cluster.executors import counts_of, make_executor, run_tasks
    from pipelines.cluster.partitions import sweep_up
    from pipelines.cluster.plan import Plan, alone_in, inputs_of, settle_plan
    from pipelines.cluster.steps import WritePartition

    plan = Plan(
        step=work.step,
        keep=work.keep,
        keep_raw=work.keep_raw,
        sources=work.sources,
        rule_set=work.rules.digest,
        rule_text=work.rules.text,
        version=VERSION,
        inputs=inputs_of(work.files),
        tasks=min(work.tasks or len(work.files), len(work.files)),
    )
    settle_plan(work.out, plan)
    with alone_in(work.out):
        sweep_up(work.out)
        pipeline = [*steps, WritePartition(work.out.resolve())]
        executor = make_executor(
            work.executor, pipeline, work.out.resolve(), plan.tasks, work.workers, work.address
        )
        hidden = work.quiet or not sys.stderr.isatty()
        with click.progressbar(
            length=plan.tasks, label="tasks", hidden=hidden, file=sys.stderr
        ) as bar:
            unfinished = run_tasks(executor, bar.update)
        sweep_up(work.out)
    say(counts_of(work.out), _SHOWN, as_json=work.as_json, unfinished=len(unfinished))


def say(counts: Counter[str], names: Sequence[str], *, as_json: bool, unfinished: int) -> None:
    """Print what was counted; exit 1 when tasks or pages are missing."""
    if as_json:
        echo_json({"counts": dict(sorted(counts.items())), "unfinished": unfinished})
    else:
        for name in names:
            if counts[name]:
                click.echo(f"{counts[name]:8} {name}")
    if unfinished:
        click.echo(
            f"vigie: {unfinished} tasks have not ended; repeat the command to do them ({_LOGS})",
            err=True,
        )
    if counts["broken"]:
        click.echo(
            f"vigie: {counts['broken']} places are broken and were left out ({_LOGS})", err=True
        )
    if unfinished or counts["broken"]:
        sys.exit(1)


def _require_extra(executor: str) -> None:
    needed = ("datatrove", "pyarrow", *(["ray"] if executor == "ray" else []))
    if not all(map(find_spec, needed)):
        raise MissingExtraError("needs the extra [cluster]: pip install 'vigie-presse[cluster]'")
