"""Processes: those below one, waited for and killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

SECONDS = 120
"""No wait in these tests is longer."""


def wait_for(what: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def descendants(ancestor: int) -> dict[int, str]:
    """Return the processes below one, with their names."""
    parents, names = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            values = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
            names[int(status.parent.name)] = (status.parent / "cmdline").read_text()
        except OSError:  # it has just ended
            continue
        parents[int(status.parent.name)] = int(values["PPid"])
    below = {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return {pid: names.get(pid, "") for pid in below - {ancestor}}


def kill(pids: Iterable[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:  # it has ended by itself
            continue
