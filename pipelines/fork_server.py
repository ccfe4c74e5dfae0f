"""Fork server: the process that holds ready what reading pages needs, and from which workers are forked.

A forked child of the crawl itself would inherit its sockets, its SQLite connection and its lock.
"""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import ForkServerContext


def fork_server() -> ForkServerContext:
    """Return the context whose processes are forked from it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipelines.preload"])
    return context


def start_fork_server() -> None:
    """Let it load what it needs, a second's work, beside what this process does next.

    Neither it nor what it forks is interrupted by Ctrl-C, which is for the process that was called.
    """
    fork_server()
    resource_tracker.ensure_running()  # which would lift the block below
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
