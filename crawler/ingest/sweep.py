"""Sweep: a web archive read by the workers, some stretches ahead, in its own order."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from crawler.ingest.stretch import Selection, Stretch, Stretched, read_stretch
from crawler.ingest.warcs import STRETCH, Warc, next_record
from pipelines.workers import WorkerError, Workers

AHEAD = 2
"""Stretches under way for each worker, so that none waits for the pages of one to be stored."""
_SHORTEST = 10_000
"""Bytes below which a stretch that ended its worker is tried record by record."""


class Sweep:
    """Reads web archives in the workers, keeping the pages of a selection."""

    def __init__(self, workers: Workers, selection: Selection) -> None:
        self._workers = workers
        self._selection = selection

    async def stretches(self, warc: Warc, position: int) -> AsyncIterator[Stretched]:
        """Yield what a WARC holds from a record on, in its order and without gaps.

        What begins where the one before it did not end was found at the wrong place (a WARC
        within a record) and is read again.
        """
        async with self._ahead(warc, position) as tasks:
            async for plan, task in tasks:
                found = await task
                if found is None or found.first != position:
                    found = await self._from(warc, position, plan.end)
                while found is not None:
                    yield found
                    position = found.stop
                    found = await self._from(warc, position, plan.end)

    async def _from(self, warc: Warc, position: int, end: int) -> Stretched | None:
        """Read from a known record to the end of a stretch; None where it is past that.

        Of a stretch that ended its worker a quarter is tried, and so on down to its first record.
        """
        while position < end:
            plan = Stretch(warc=warc, start=position, end=end, is_exact=True)
            if found := await self._try(plan):
                return found
            if end == position + 1:
                return _left_out(warc, position)
            quarter = (end - position) // 4
            end = position + (quarter if quarter > _SHORTEST else 1)
        return None

    async def _try(self, plan: Stretch) -> Stretched | None:
        try:
            return await self._workers.run(read_stretch, plan, self._selection)
        except WorkerError:
            return None

    @asynccontextmanager
    async def _ahead(
        self, warc: Warc, position: int
    ) -> AsyncIterator[AsyncIterator[tuple[Stretch, asyncio.Task[Stretched | None]]]]:
        """Give the stretches of a WARC in order, each with its task, some begun ahead."""
        begun: deque[tuple[Stretch, asyncio.Task[Stretched | None]]] = deque()

        async def in_order() -> AsyncIterator[tuple[Stretch, asyncio.Task[Stretched | None]]]:
            for plan in _plans(warc, position):
                begun.append((plan, asyncio.create_task(self._try(plan))))
                if len(begun) > AHEAD * self._workers.size:
                    yield begun.popleft()
            while begun:
                yield begun.popleft()

        try:
            yield in_order()
        finally:
            for _, task in begun:
                task.cancel()


def _left_out(warc: Warc, position: int) -> Stretched:
    """Tell of a record that ends every worker which reads it."""
    return Stretched(
        first=position,
        stop=next_record(warc, position + 1, warc.size) or warc.size,
        counts=Counter({"reason/broken": 1}),
        problems=(f"the record at byte {position} cannot be read",),
    )


def _plans(warc: Warc, position: int) -> Iterator[Stretch]:
    length = STRETCH[warc.packed]
    for start in range(position, warc.size, length):
        end = min(start + length, warc.size)
        yield Stretch(warc=warc, start=start, end=end, is_exact=start == position)
