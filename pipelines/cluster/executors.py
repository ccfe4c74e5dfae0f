"""Executors: who runs the tasks: the cores of this machine, or a Ray cluster.

Both are datatrove's: a task that ended has left a marker and is not done again.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from datatrove.executor import LocalPipelineExecutor, RayPipelineExecutor
from datatrove.executor.base import PipelineExecutor
from datatrove.pipeline.base import PipelineStep
from loguru import logger as datatrove_logger
from pebble import ProcessPool

from storage.errors import StorageError

logger = logging.getLogger(__name__)

GIGABYTES = 1.0
"""Memory that Ray sets aside for a task: its process and the worker have 200 MB each."""
OBJECT_STORE_BYTES = 100_000_000
"""Nothing but the plan passes through Ray's store; its default is a third of the memory."""
ANSWER_SECONDS = 10
WATCH_SECONDS = 1
_STATS = "stats"


class LocalTasks(LocalPipelineExecutor):  # type: ignore[misc]  # datatrove has no types
    """Runs tasks on the cores of this machine.

    datatrove's own pool waits for ever for a task whose process was killed; here it costs that
    task alone, which the next run does.
    """

    def run(self) -> None:
        """Run the tasks that have not ended yet."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__, "pipelines.cluster.steps"])
        pool = ProcessPool(max_workers=self.workers, context=context)
        try:
            # The second argument keeps datatrove from printing the log of the task.
            tasks = {
                rank: pool.schedule(self._run_for_rank, args=(rank, 1))
                for rank in self.get_incomplete_ranks()
            }
            for rank, task in tasks.items():
                if error := task.exception():
                    logger.error("task %05d failed: %s", rank, error)
        finally:  # an interrupted run does not wait for the tasks that have not begun
            pool.stop()  # type: ignore[no-untyped-call]  # Pebble is half typed
            pool.join()


class RayTasks(RayPipelineExecutor):  # type: ignore[misc]
    """Runs tasks on a Ray cluster: one that stands at an address, or one on this machine."""

    workers: int
    """Tasks at a time, no more than the cluster has cores."""

    def __init__(self, *args: Any, address: str | None = None, **options: Any) -> None:
        super().__init__(*args, mem_per_cpu_gb=GIGABYTES, **options)
        self._address = address

    def run(self) -> None:
        """Run the tasks that have not ended yet; one whose worker died is tried again.

        Raises StorageError when there is no such cluster, or none with room for a task.
        """
        import ray

        _require_answer(self._address)
        try:
            ray.init(**_ray_options(self._address, self.workers))
        except (ConnectionError, RuntimeError, ValueError) as e:
            raise StorageError(
                f"{self._address or 'ray'}: no Ray cluster answers; has this machine its token"
                f" (RAY_AUTH_TOKEN)? ({e})"
            ) from e
        try:
            resources = ray.cluster_resources()  # type: ignore[no-untyped-call]  # half typed
            _require_room(resources)
            self.workers = min(self.workers, int(resources["CPU"]))
            super().run()
        finally:
            ray.shutdown()


def run_tasks(executor: PipelineExecutor, on_done: Callable[[int], object]) -> list[int]:
    """Run the tasks that have not ended yet, and return those that have not ended even then.

    `on_done` is told now and then of how many ended.
    """
    if executor.get_incomplete_ranks():
        with _watched(executor, on_done):
            executor.run()
    unfinished: list[int] = executor.get_incomplete_ranks()
    return unfinished


@contextmanager
def _watched(executor: PipelineExecutor, on_done: Callable[[int], object]) -> Iterator[None]:
    """Look for new markers while the tasks run."""
    ended = threading.Event()

    def watch() -> None:
        done = 0
        while not ended.wait(WATCH_SECONDS):
            now_done = executor.world_size - len(executor.get_incomplete_ranks())
            on_done(now_done - done)
            done = now_done

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def make_executor(
    kind: str,
    pipeline: list[PipelineStep],
    folder: Path,
    tasks: int,
    workers: int | None,
    address: str | None,
) -> PipelineExecutor:
    """Return an executor that keeps its markers, logs and counts under `folder`/tasks.

    `kind` is local or ray.
    """
    datatrove_logger.remove()  # the logs of tasks stand beside their partitions, not on the screen
    logs = str(folder / "tasks")
    if kind == "ray":
        return RayTasks(
            pipeline, tasks=tasks, workers=workers or -1, logging_dir=logs, address=address
        )
    width = min(workers or os.cpu_count() or 1, tasks)
    return LocalTasks(pipeline, tasks=tasks, workers=width, logging_dir=logs)


def counts_of(folder: Path) -> Counter[str]:
    """Return what the tasks that ended have counted."""
    counts: Counter[str] = Counter()
    for file in sorted((folder / "tasks" / _STATS).glob("*.json")):
        for step in json.loads(file.read_text(encoding="utf-8")):
            counts.update({name: _total(stat) for name, stat in step["stats"].items()})
    return counts


def _total(stat: dict[str, float] | float) -> int:
    return int(stat["total"] if isinstance(stat, dict) else stat)


def _ray_options(address: str | None, workers: int) -> dict[str, Any]:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address is not None:
        return quiet | {"address": address}
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    cores = min(workers, os.cpu_count() or 1)
    return quiet | {
        "address": "local",
        "num_cpus": cores,
        "include_dashboard": False,
        "object_store_memory": OBJECT_STORE_BYTES,
    }


def _require_answer(address: str | None) -> None:
    """Refuse a cluster that is not there at once: Ray would knock for minutes."""
    host, _, port = (address or "").rpartition("/")[2].rpartition(":")
    if not host:
        return
    try:
        socket.create_connection((host, int(port)), ANSWER_SECONDS).close()
    except (OSError, ValueError) as e:
        raise StorageError(f"{address}: no Ray cluster answers ({e})") from e


def _require_room(resources: dict[str, float]) -> None:
    """Refuse a cluster on which no task could ever begin: Ray would wait for a machine that has room."""
    if resources.get("CPU", 0) < 1 or resources.get("memory", 0) < GIGABYTES * 1024**3:
        raise StorageError(f"Ray has no room for a task: it needs 1 CPU and {GIGABYTES:g} GB")
