"""Workers: killable processes in which everything that parses untrusted bytes runs."""

from __future__ import annotations

import asyncio
import functools
import logging
import multiprocessing
import os
import resource
from collections.abc import Callable
from concurrent.futures import TimeoutError as TaskTimeoutError
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipelines.matching.ruleset import RuleSet, load_rules
from pipelines.read import use_rules

logger = logging.getLogger(__name__)

TASK_SECONDS = 10
"""A page that takes longer costs itself alone: its worker is killed and replaced."""
MEMORY_BYTES = 1_500_000_000

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

    All of them judge by the rule set given here, whatever happens to its files meanwhile.
    """

    def __init__(
        self, rules: RuleSet, size: int | None = None, task_seconds: float = TASK_SECONDS
    ) -> None:
        # Started by a fork server: a forked child of the crawl would inherit its sockets, its
        # SQLite connection and its lock.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipelines.read"])
        self.size = size or os.cpu_count() or 1
        self._task_seconds = task_seconds
        self._pool = ProcessPool(
            max_workers=self.size, initializer=_prepare, initargs=[rules], context=context
        )

    async def run(self, task: Callable[..., _Result], *args: Any) -> _Result:
        """Run a task in a worker and wait for its result.

        Raises WorkerTimeoutError, WorkerDiedError or WorkerFailedError.
        """
        future = self._pool.schedule(task, args=args, timeout=self._task_seconds)
        try:
            result: _Result = await asyncio.wrap_future(future)
        except TaskTimeoutError as e:
            raise WorkerTimeoutError(f"longer than {self._task_seconds:g} s") from e
        except (ProcessExpired, MemoryError) as e:
            raise WorkerDiedError(str(e) or type(e).__name__) from e
        except Exception as e:
            logger.exception("%s failed", task.__name__)
            raise WorkerFailedError(f"{type(e).__name__}: {e}"[:200]) from e
        return result

    def stop(self) -> None:
        """End the workers, dropping what they were doing."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # Pebble is half typed
        self._pool.join()


@functools.cache
def shared_rules(path: str | None) -> RuleSet:
    """Return the rule set at a path, or the shipped one, as it was when this process first asked."""
    return load_rules(Path(path) if path else None)


@functools.cache
def shared_workers(rules: str | None) -> Workers:
    """Return the pool that all spiders of this process share."""
    return Workers(shared_rules(rules))


def _prepare(rules: RuleSet) -> None:
    os.nice(5)  # the crawl itself must not wait for a core that a hostile page holds
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    use_rules(rules)
