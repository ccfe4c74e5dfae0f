"""Desk archive: the archive as the desk uses it, many readers and one durable writer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from storage.desk import Desk
from storage.verdicts import Verdicts

READERS = 3
T = TypeVar("T")


class DeskArchive:
    """Runs questions and verdicts on threads of their own; SQLite connections stay on theirs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._readers = ThreadPoolExecutor(READERS, "desk-reader")
        self._writer = ThreadPoolExecutor(1, "desk-writer")

    async def read(self, question: Callable[[Desk], T]) -> T:
        """Return the answer to a question asked over a read-only connection."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: question(self._desk()))

    async def write(self, change: Callable[[Verdicts], T]) -> T:
        """Return what a change returns, once it is on the disk."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: change(self._verdicts()))

    def _desk(self) -> Desk:
        if not hasattr(self._local, "desk"):
            self._local.desk = Desk.open(self.path)
        desk: Desk = self._local.desk
        return desk

    def _verdicts(self) -> Verdicts:
        if not hasattr(self._local, "verdicts"):
            self._local.verdicts = Verdicts.open(self.path)
        verdicts: Verdicts = self._local.verdicts
        return verdicts
