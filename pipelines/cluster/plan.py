"""Plan: what a folder of partitions holds, so that a run goes on with its own work alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from filelock import FileLock, Timeout

from storage.errors import ArchiveBusyError, WrongInputError
from storage.files import replacing

_NAME = "plan.json"


class PlanError(WrongInputError):
    """A folder holds other work, or none."""


@attrs.frozen(kw_only=True)
class Plan:
    """What is done to which files under which rules, and in how many tasks."""

    step: str
    """sweep, extract or flag."""
    keep: str
    """flagged or all: which rows are written."""
    keep_raw: str
    sources: str
    """Digest of the sources that pages are matched to."""
    rule_set: str
    rule_text: str = attrs.field(repr=False)
    version: str
    """Of this program: another one may extract otherwise."""
    inputs: tuple[tuple[str, int], ...]
    """Absolute paths and sizes, in the order in which tasks share them out."""
    tasks: int

    @property
    def files(self) -> tuple[Path, ...]:
        """The input files."""
        return tuple(Path(path) for path, _ in self.inputs)


def inputs_of(files: Sequence[Path]) -> tuple[tuple[str, int], ...]:
    """Return files as a plan names them."""
    return tuple((str(file), file.stat().st_size) for file in files)


def settle_plan(folder: Path, plan: Plan) -> None:
    """Write a plan to its folder, or find it there. Raises PlanError when another one is there."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        there = read_plan(folder)
    except PlanError:
        if any(folder.glob("*.parquet")):
            raise
        with replacing(folder / _NAME) as temporary:
            temporary.write_text(json.dumps(attrs.asdict(plan), ensure_ascii=False, indent=1))
        return
    other = [name for name, value in attrs.asdict(plan).items() if getattr(there, name) != value]
    if other:
        raise PlanError(
            f"{folder}: holds other work ({', '.join(other)} differ);"
            " name another folder, or repeat the command as it was"
        )


def read_plan(folder: Path) -> Plan:
    """Read the plan of a folder. Raises PlanError when it holds none."""
    try:
        values: dict[str, Any] = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        inputs = tuple((path, size) for path, size in values.pop("inputs"))
        return Plan(inputs=inputs, **values)
    except (OSError, ValueError, TypeError, KeyError) as e:
        raise PlanError(f"{folder}: holds no work of `vigie cluster` ({e})") from e


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder for one run. Raises ArchiveBusyError when another one is at work there."""
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as e:
        raise ArchiveBusyError(f"{folder}: another run is at work here; wait for it to end") from e
    try:
        yield
    finally:
        lock.release()
