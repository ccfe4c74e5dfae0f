"""Measure: what a command and all processes it starts cost: seconds, CPU, memory."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

EVERY = 0.05
"""Seconds between two looks at the processes."""
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()


@attrs.frozen(kw_only=True)
class Cost:
    """What a run cost."""

    seconds: float
    cpu: float
    """Seconds of all processes together."""
    memory: float
    """The most that all processes together held at one time, in MB; shared pages count each time."""
    output: str
    """What it wrote to stdout and stderr."""

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            seconds=self.seconds + other.seconds,
            cpu=self.cpu + other.cpu,
            memory=max(self.memory, other.memory),
            output=self.output + other.output,
        )


class CommandError(Exception):
    """A command of the benchmark failed."""


def run(
    command: Sequence[str | Path],
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    accepted: tuple[int, ...] = (0,),
) -> Cost:
    """Run a command to its end. Raises CommandError when it exits with an unexpected code."""
    log = folder / "output.log"
    usage: dict[int, tuple[float, float]] = {}
    most = 0.0
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)), cwd=folder, env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        while process.poll() is None:
            seen = _usage(process.pid)
            usage.update(seen)
            most = max(most, sum(memory for _, memory in seen.values()))
            time.sleep(EVERY)
        seconds = time.perf_counter() - started
    text = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode not in accepted:
        raise CommandError(f"{command[0]} exited {process.returncode}: {text[-1000:]}")
    cpu = sum(one for one, _ in usage.values())
    return Cost(seconds=seconds, cpu=cpu, memory=most, output=text)


def _usage(root: int) -> dict[int, tuple[float, float]]:
    """Return CPU seconds and MB of a process and all its descendants."""
    parents: dict[int, int] = {}
    found: dict[int, tuple[float, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(entry)):
            parents[int(entry.name)] = int(fields[1])
            found[int(entry.name)] = (
                (int(fields[11]) + int(fields[12])) / _TICKS,
                int(fields[21]) * _PAGE / 1e6,
            )
    return {pid: cost for pid, cost in found.items() if _descends(pid, root, parents)}


def _stat(entry: Path) -> list[str] | None:
    """Return the fields of /proc/PID/stat after the name, None for a process that has ended."""
    try:
        text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _descends(pid: int, root: int, parents: Mapping[int, int]) -> bool:
    while pid not in {0, 1, root}:
        pid = parents.get(pid, 0)
    return pid == root
