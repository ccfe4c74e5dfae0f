"""Stopwatch: the seconds that each stage of a page took in its worker."""

from __future__ import annotations

import time


class Stopwatch:
    """Runs from the moment it is made; each lap is the time since the one before."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        """By stage, those that were reached alone."""
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Count the time since the last lap to a stage."""
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now
