"""Backlog: the pages that wait for a worker or are with one, over all sources."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Backlog:
    """Counts pages and their bytes, and says when there is room for more.

    Whoever waits for room is let through with all others as soon as there is some: a source fetches
    one page at a time, so that each has its turn and what is held grows by one page of each at most.
    """

    def __init__(self, most_pages: int, most_bytes: int) -> None:
        self._most_pages, self._most_bytes = most_pages, most_bytes
        self._has_room = asyncio.Event()
        self._has_room.set()
        self.pages = 0
        self.bytes = 0

    @contextmanager
    def holding(self, size: int, *, pages: int = 1) -> Iterator[None]:
        """Count pages of so many bytes while the context lasts."""
        self._add(pages, size)
        try:
            yield
        finally:
            self._add(-pages, -size)

    def _add(self, pages: int, size: int) -> None:
        self.pages += pages
        self.bytes += size
        if self.pages < self._most_pages and self.bytes < self._most_bytes:
            self._has_room.set()
        else:
            self._has_room.clear()

    async def room(self) -> None:
        """Wait until fewer pages are held than may be."""
        await self._has_room.wait()
