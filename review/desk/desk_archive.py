"""Desk archive: the archive as the desk uses it, many readers and one durable writer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from review.desk.kept import Kept
from review.desk.recent_views import RecentViews
from storage.desk import Desk, Judged, Story
from storage.probe import daily_sample
from storage.times import now
from storage.verdicts import Verdicts

READERS = 3
STORIES_SECONDS = 5.0
"""How old the list of flagged stories may be; verdicts are always read afresh.

Reading 5,000 stories takes 0.1 s, and a crawl adds a few a minute.
"""
SAMPLE_SECONDS = 900.0
T = TypeVar("T")


class DeskArchive:
    """Runs questions and verdicts on threads of their own; SQLite connections stay on theirs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.views = RecentViews()
        self._local = threading.local()
        self._readers = ThreadPoolExecutor(READERS, "desk-reader")
        self._writer = ThreadPoolExecutor(1, "desk-writer")
        # The collector remembers the rules of each article: one thread, so that it has one memory.
        self._collector = ThreadPoolExecutor(1, "desk-collector")
        self._judged: tuple[int, Judged] | None = None
        self._stories = Kept(self._collect(Desk.stories), STORIES_SECONDS)
        self._sample = Kept(
            self._collect(lambda desk: daily_sample(desk.db, now().date())), SAMPLE_SECONDS
        )

    async def read(self, question: Callable[[Desk], T]) -> T:
        """Return the answer to a question asked over a read-only connection."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: question(self._desk()))

    async def write(self, change: Callable[[Verdicts], T]) -> T:
        """Return what a change returns, once it is on the disk."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: change(self._verdicts()))

    async def stories(self) -> list[Story]:
        """Return the flagged stories, a few seconds old at most when the desk is in use."""
        return await self._stories.get()

    async def sample(self) -> list[int]:
        """Return today's sample of unflagged articles."""
        return await self._sample.get()

    def judged(self, desk: Desk) -> Judged:
        """Return the standing verdicts; they are read again when there is a new one.

        A copy that joins a story meanwhile is known with the next list of stories.
        """
        latest = desk.latest_verdict()
        known = self._judged
        if known is None or known[0] != latest:
            known = self._judged = (latest, desk.judged())
        return known[1]

    def _collect(self, question: Callable[[Desk], T]) -> Callable[[], asyncio.Future[T]]:
        def collect() -> asyncio.Future[T]:
            loop = asyncio.get_running_loop()
            return loop.run_in_executor(self._collector, lambda: question(self._desk()))

        return collect

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
