"""Workers: killable processes in which everything that parses untrusted bytes runs."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import resource
import signal
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as TaskTimeoutError
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipelines.backlog import Backlog
from pipelines.fork_server import fork_server, start_fork_server
from pipelines.matching.ruleset import RuleSet, load_rules
from pipelines.read import use_rules

logger = logging.getLogger(__name__)

QUICK_SECONDS = 1
"""Thirty times what an ordinary page takes; what takes longer begins again in a slow lane."""
LARGE_BYTES = 500_000
"""A page as large as one of forty, which may well be slow, goes to the slow lane at once."""
TASK_SECONDS = 10
"""A page that takes longer even there costs itself alone: its worker is killed and replaced."""
MEMORY_BYTES = 1_500_000_000
PAGES_WAITING = 8
"""For each worker; a tenth of a second's work, so that none is idle while pages are fetched."""
BYTES_WAITING = 50_000_000
"""Of all pages together, those that wait for the slow lane included."""

_Result = TypeVar("_Result")


class WorkerError(Exception):
    """A worker gave no result."""


class WorkerTimeoutError(WorkerError):
    """The task took longer than it may and was killed."""


class WorkerDiedError(WorkerError):
    """The task ended its worker (out of memory, or a crash in a C library)."""


class WorkerFailedError(WorkerError):
    """The task raised an exception: a fault of ours that must not cost more than its page."""


class Workers:
    """A pool of worker processes, as many as the machine has cores unless told otherwise.

    One more serves as a slow lane. A source whose page was not read quickly has its pages read
    there, one at a time, until one of them is quick: hostile pages hold up each other alone.
    All of them judge by the rule set given here, whatever happens to its files meanwhile.
    """

    def __init__(
        self,
        rules: RuleSet,
        size: int | None = None,
        task_seconds: float = TASK_SECONDS,
        quick_seconds: float = QUICK_SECONDS,
    ) -> None:
        self.size = size or os.cpu_count() or 1
        self.backlog = Backlog(PAGES_WAITING * self.size, BYTES_WAITING)
        self._task_seconds, self._quick_seconds = task_seconds, quick_seconds
        start_fork_server()
        self._quick, self._slow = (
            ProcessPool(
                max_workers=size, initializer=_prepare, initargs=[rules], context=fork_server()
            )
            for size in (self.size, 1)
        )
        self._turns: dict[str, asyncio.Lock] = {}
        """The sources read in the slow lane, each with the lock that lets one page in at a time."""

    @property
    def slow_sources(self) -> set[str]:
        """The sources whose last page was not read quickly."""
        return set(self._turns)

    async def room(self, of: str) -> None:
        """Wait until one more page of a source may be fetched.

        What is fetched waits in this process: for room among the pages of all sources, and for the
        slow pages of the same source.
        """
        if of in self._turns:
            async with self._turns[of]:
                pass
        await self.backlog.room()

    async def run(
        self, task: Callable[..., _Result], *args: Any, of: str | None = None, size: int = 0
    ) -> _Result:
        """Run a task in a worker and wait for its result.

        `of` is the source whose page of `size` bytes it reads; a task that is nobody's holds up its
        own caller alone, and may take its time. Raises WorkerTimeoutError, WorkerDiedError or
        WorkerFailedError.
        """
        if of is None:
            return (await self._run(self._quick, self._task_seconds, task, args))[1]
        if of not in self._turns and size < LARGE_BYTES:
            try:
                with self.backlog.holding(size):
                    return (await self._run(self._quick, self._quick_seconds, task, args))[1]
            except WorkerTimeoutError:
                self._turns.setdefault(of, asyncio.Lock())
        with self.backlog.holding(size, pages=0):  # the slow lane is nobody else's concern
            return await self._run_slowly(of, task, args)

    async def _run_slowly(
        self, of: str, task: Callable[..., _Result], args: tuple[Any, ...]
    ) -> _Result:
        async with self._turns.setdefault(of, asyncio.Lock()):
            seconds, result = await self._run(self._slow, self._task_seconds, task, args)
        if seconds < self._quick_seconds:
            self._turns.pop(of, None)
        return result

    async def _run(
        self,
        pool: ProcessPool,
        seconds: float,
        task: Callable[..., _Result],
        args: tuple[Any, ...],
    ) -> tuple[float, _Result]:
        """Return how many seconds a task took, and its result."""
        future = pool.schedule(_timed, args=(task, *args), timeout=seconds)
        try:
            timed: tuple[float, _Result] = await asyncio.wrap_future(future)
        except TaskTimeoutError as e:
            raise WorkerTimeoutError(f"longer than {seconds:g} s") from e
        except (ProcessExpired, MemoryError) as e:
            raise WorkerDiedError(str(e) or type(e).__name__) from e
        except Exception as e:
            logger.exception("%s failed", task.__name__)
            raise WorkerFailedError(f"{type(e).__name__}: {e}"[:200]) from e
        return timed

    def stop(self) -> None:
        """End the workers, dropping what they were doing."""
        for pool in (self._quick, self._slow):
            pool.stop()  # type: ignore[no-untyped-call]  # Pebble is half typed
            pool.join()


@functools.cache
def shared_rules(path: str | None) -> RuleSet:
    """Return the rule set at a path, or the shipped one, as it was when this process first asked."""
    return load_rules(Path(path) if path else None)


@functools.cache
def shared_workers(rules: str | None) -> Workers:
    """Return the pool that all spiders of this process share."""
    return Workers(shared_rules(rules))


def _timed(task: Callable[..., _Result], *args: Any) -> tuple[float, _Result]:
    """Return how many seconds a task took in its worker, and its result."""
    started = time.perf_counter()
    result = task(*args)
    return time.perf_counter() - started, result


def _prepare(rules: RuleSet) -> None:
    # Pebble's handler waits for the C code that holds the worker; it gives that three seconds.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(5)  # the crawl itself must not wait for a core that a hostile page holds
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    use_rules(rules)
