"""Serving: the imitation sites in another process, while a context lasts."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def served(pages: int, hosts: int, folder: Path, port: int | None = None) -> Iterator[None]:
    """Serve the imitation sites in another process while the context lasts, at any free port."""
    port = port or _free_port()
    command = [sys.executable, "-m", "benchmarks.crawl.server", pages, hosts, port, folder]
    process = subprocess.Popen(
        list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise SystemExit("the imitation sites could not be served")
        yield
    finally:
        process.communicate()


def _free_port() -> int:
    with socket.create_server(("127.1.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
