"""Steps: the stages as datatrove's pipeline steps, one partition in, one partition out.

A task is known by its number, and reads its share of the input files. What passes from step
to step is a page, then a row; each step counts what it keeps back.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import attrs
from datatrove.pipeline.base import PipelineStep
from loguru import logger

from pipelines.cluster.partitions import ENDING, read_partition, write_partition
from pipelines.cluster.rows import Row, flag_columns, page_of, row_of
from pipelines.flag import flag_text
from pipelines.matching.ruleset import RuleSet
from pipelines.read import use_rules
from pipelines.reader import Reader
from pipelines.workers import Workers
from storage.records import Page, Reading, Refusal


@attrs.frozen(kw_only=True)
class Swept:
    """What was found in a part of a web archive."""

    pages: Sequence[Page]
    counts: Mapping[str, int]
    """Records that gave no page, by reason under `reason/`, and pages that were passed over."""
    problems: Sequence[str]
    """What was broken, and where."""


Sweeping = Callable[[Path], Iterator[Swept]]
"""Reads a web archive under the rules in use; it travels to the machine that does the work."""

AT_ONCE = 4
"""Pages on the way to the one worker of a task, so that it never waits for the disk."""


class Sweep(PipelineStep):  # type: ignore[misc]  # datatrove has no types
    """Yield the pages of the task's share of web archives, those passed over counted alone."""

    type, name = "read", "sweep"

    def __init__(self, files: Sequence[Path], sweeping: Sweeping, rules: RuleSet) -> None:
        super().__init__()
        self.files = files
        self.sweeping = sweeping
        self.rules = rules

    def run(self, _: None, rank: int = 0, world_size: int = 1) -> Iterator[Page]:
        """Read file after file."""
        use_rules(self.rules)
        for file in self.files[rank::world_size]:
            for swept in self.sweeping(file):
                self._count(swept)
                yield from swept.pages

    def _count(self, swept: Swept) -> None:
        self.stat_update("pages", value=len(swept.pages))
        for name, count in swept.counts.items():
            self.stat_update(name, value=count)
        for problem in swept.problems:
            self.stat_update("broken")
            logger.warning(problem)


class ReadRows(PipelineStep):  # type: ignore[misc]
    """Yield the rows of the task's share of partitions."""

    type, name = "read", "rows"

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__()
        self.files = files

    def run(self, _: None, rank: int = 0, world_size: int = 1) -> Iterator[Row]:
        """Read partition after partition."""
        for file in self.files[rank::world_size]:
            for row in read_partition(file):
                self.stat_update("rows")
                yield row


class PagesAgain(PipelineStep):  # type: ignore[misc]
    """Turn rows into the pages that they were read on; those that were not kept are counted."""

    type, name = "read", "pages again"

    def run(self, rows: Iterable[Row], _rank: int = 0, _world_size: int = 1) -> Iterator[Page]:
        """Unpack page after page."""
        for row in rows:
            if row["raw"] is None:
                self.stat_update("without_page")
            else:
                yield page_of(row, zlib.decompress(row["raw"]))


class Extract(PipelineStep):  # type: ignore[misc]
    """Extract, tell the language and flag, in a killable worker; refusals are counted by reason."""

    type, name = "read", "extract, language, flag"

    def __init__(self, rules: RuleSet, keep_raw: str) -> None:
        super().__init__()
        self.rules = rules
        self.keep_raw = keep_raw

    def run(self, pages: Iterable[Page], _rank: int = 0, _world_size: int = 1) -> Iterator[Row]:
        """Read pages in their order."""
        workers = Workers(self.rules, size=1)
        reader = Reader(workers, self.keep_raw)
        pending = iter(pages)
        try:
            with asyncio.Runner() as runner:
                while several := list(islice(pending, AT_ONCE)):
                    results = runner.run(_read_all(reader, several))
                    yield from self._rows(several, results)
        finally:
            workers.stop()

    def _rows(self, pages: Iterable[Page], results: Iterable[Reading | Refusal]) -> Iterator[Row]:
        for page, result in zip(pages, results, strict=True):
            if isinstance(result, Refusal):
                self.stat_update("refused", f"reason/{result.reason}")
            else:
                self.stat_update("articles")
                yield row_of(result, page)


class Flag(PipelineStep):  # type: ignore[misc]
    """Judge rows by a rule set, whatever judged them before."""

    type, name = "flag", "flag"

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        self.rules = rules

    def run(self, rows: Iterable[Row], _rank: int = 0, _world_size: int = 1) -> Iterator[Row]:
        """Judge row after row."""
        for row in rows:
            flag = flag_text(
                row["title"],
                row["standfirst"],
                row["text"],
                self.rules,
                row["source_country"],
                row["source_name"],
            )
            yield row | flag_columns(flag)


class KeepFlagged(PipelineStep):  # type: ignore[misc]
    """Keep back the rows that are not flagged."""

    type, name = "filter", "flagged"

    def run(self, rows: Iterable[Row], _rank: int = 0, _world_size: int = 1) -> Iterator[Row]:
        """Look at each row."""
        for row in rows:
            if row["flagged"]:
                yield row
            else:
                self.stat_update("not_flagged")


class WritePartition(PipelineStep):  # type: ignore[misc]
    """Write the rows of a task to its partition."""

    type, name = "write", "partition"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def run(self, rows: Iterable[Row], rank: int = 0, _world_size: int = 1) -> Iterator[Row]:
        """Write the partition; nothing comes after it."""
        write_partition(self._counted(rows), partition_path(self.folder, rank))
        yield from ()

    def _counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.stat_update("written")
            if row["flagged"]:
                self.stat_update("flagged")
            yield row


def partition_path(folder: Path, rank: int) -> Path:
    """Return where a task writes."""
    return folder / f"{rank:05d}{ENDING}"


async def _read_all(reader: Reader, pages: Sequence[Page]) -> list[Reading | Refusal]:
    return await asyncio.gather(*map(reader.read, pages))
