"""Kept: a costly value that is collected again when it is old, while the old one still serves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
STILL_GOOD = 6
"""How many times its age limit a value may serve while the next one is on its way."""


class Kept(Generic[T]):
    """A value, its age, and the next one when it is on its way."""

    def __init__(self, collect: Callable[[], asyncio.Future[T]], seconds: float) -> None:
        self._collect = collect
        self._seconds = seconds
        self._values: list[T] = []
        """Empty before the first value, then one."""
        self._collected_at = 0.0
        self._coming: asyncio.Future[T] | None = None

    async def get(self) -> T:
        """Return the value; wait for it the first time and after a long silence.

        Raises what collecting it raises.
        """
        age = time.monotonic() - self._collected_at
        if self._values and age <= self._seconds:
            return self._values[0]
        if self._coming is None:
            self._coming = self._collect()
            self._coming.add_done_callback(self._arrived)
        if self._values and age <= self._seconds * STILL_GOOD:
            return self._values[0]
        return await asyncio.shield(self._coming)

    def _arrived(self, coming: asyncio.Future[T]) -> None:
        self._coming = None
        if not coming.cancelled() and coming.exception() is None:
            self._values, self._collected_at = [coming.result()], time.monotonic()
