"""Fork server: the process that holds ready what reading pages needs, and from which workers are forked.

A forked child of the crawl itself would inherit its sockets, its SQLite connection and its lock.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext


def fork_server() -> ForkServerContext:
    """Return the context whose processes are forked from it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipelines.preload"])
    return context


def start_fork_server() -> None:
    """Let it load what it needs, a second's work, beside what this process does next."""
    fork_server()
    forkserver.ensure_running()
