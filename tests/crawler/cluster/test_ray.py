"""Partitions made on a Ray cluster of this machine: nothing lost, nothing done twice."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from partitions import finished, rows
from processes import SECONDS, descendants, kill, wait_for

TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
"""Lets this test alone use the cluster that it starts."""


@contextmanager
def ray_cluster() -> Iterator[tuple[str, int]]:
    """Give the address of a small Ray cluster on this machine, and the process it is under."""
    script = (
        "import ray, sys\n"
        "ray.init(address='local', num_cpus=1, include_dashboard=False, log_to_driver=False,"
        " object_store_memory=80_000_000, logging_level='ERROR')\n"
        "print(ray.get_runtime_context().gcs_address, flush=True)\n"
        "sys.stdin.read()\n"
        "ray.shutdown()\n"
    )
    quiet = {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | quiet | TOKEN,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            below = descendants(process.pid)
            process.communicate(timeout=SECONDS)
            kill(list(below))


def start_on_ray(vigie, address: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crawler", "cluster", "sweep", "warcs", "--out", "on-ray",
         "--executor", "ray", "--address", address, "--tasks", "2", "--workers", "1"],
        cwd=vigie.folder,
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore", **TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def test_a_ray_run_whose_worker_is_killed_equals_the_local_run_and_redoes_nothing(vigie) -> None:
    out = vigie.folder / "on-ray"
    with ray_cluster() as (address, pid):
        process = start_on_ray(vigie, address)
        wait_for(lambda: finished(out) or process.poll() is not None)
        workers: list[int] = []
        wait_for(lambda: workers.extend(_workers(pid)) or workers)
        process.kill()
        kill(workers)
        process.communicate()
        before = finished(out)
        assert len(before) == 1

        repeated = start_on_ray(vigie, address)
        _, err = repeated.communicate(timeout=SECONDS)

    assert repeated.returncode == 0, err
    after = finished(out)
    assert before.items() <= after.items()
    assert len(after) == 2
    assert rows(out) == rows(vigie.folder / "swept")


def _workers(ancestor: int) -> list[int]:
    return [pid for pid, name in descendants(ancestor).items() if "RankWorker" in name]


def test_no_cluster_at_an_address_exits_3(vigie) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"

    done = vigie("cluster", "sweep", "warcs", "--out", "nowhere", "--executor", "ray",
                 "--address", address)  # fmt: skip

    assert done.returncode == 3
    assert "no Ray cluster answers" in done.stderr
