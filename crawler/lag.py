"""Lag: how late the event loop comes to what is due, measured while it works."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

EVERY = 0.02
"""Seconds between two measurements."""


async def measure_lag(late: Callable[[float], None]) -> None:
    """Tell again and again how many seconds too late a sleep ended, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY
        await asyncio.sleep(EVERY)
        late(max(0.0, loop.time() - due))
