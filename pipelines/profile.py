"""Profile: the seconds of all pages of this process, added up by stage as they pass."""

from __future__ import annotations

import functools
import statistics
from collections import Counter, deque
from collections.abc import Mapping

from storage.profiles import RunProfile

LATENESSES = 90_000
"""How many are kept, the latest: half an hour at one in 20 ms."""


class Profile:
    """Adds up what stages report; a page costs it some microseconds, so that it is always on."""

    def __init__(self) -> None:
        self._pages = 0
        self._seconds: Counter[str] = Counter()
        self._late: deque[float] = deque(maxlen=LATENESSES)

    def add(self, stage: str, seconds: float) -> None:
        """Count seconds to a stage."""
        self._seconds[stage] += seconds  # type: ignore[assignment]  # a Counter of floats

    def page(self, seconds: Mapping[str, float], passed: float) -> None:
        """Count a page that was read: what its stages took of the time that passed meanwhile.

        The rest of that time it waited for a worker, or was on its way.
        """
        self._pages += 1
        for stage, one in seconds.items():
            self.add(stage, one)
        self.add("queue", max(0.0, passed - sum(seconds.values())))

    def late(self, seconds: float) -> None:
        """Note how late the event loop came to something that was due."""
        self._late.append(seconds)

    def report(self, seconds: float) -> RunProfile:
        """Return where the time of a run that took so long went."""
        p50, p95 = self._lag()
        return RunProfile(
            pages=self._pages,
            seconds=round(seconds, 3),
            stages=dict(self._seconds),
            lag_p50=p50,
            lag_p95=p95,
        )

    def _lag(self) -> tuple[float | None, float | None]:
        if len(self._late) < 2:
            return None, None
        cuts = statistics.quantiles(self._late, n=20)
        return round(cuts[9] * 1000, 1), round(cuts[18] * 1000, 1)


@functools.cache
def shared_profile() -> Profile:
    """Return the profile that all spiders of this process add to."""
    return Profile()
