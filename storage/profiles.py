"""Profiles: where the time of a run went, stage by stage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

import attrs

WAITS = ("fetch", "queue")
"""What a page waits for: its host's answer, and a free worker."""
WORK = ("decode", "metadata", "extract", "dates", "language", "flag", "fingerprint", "store")
"""What is done with a page, in order; all but the last in a worker."""


@attrs.frozen(kw_only=True)
class RunProfile:
    """Where the time of a run went."""

    pages: int
    """Pages that were read, whether they held an article or not."""
    seconds: float
    """From the run's start to its end."""
    stages: Mapping[str, float]
    """Seconds by stage, of all pages together; waits of several pages at a time add up."""
    lag_p50: float | None = None
    lag_p95: float | None = None
    """How late the event loop came to what was due, in milliseconds; None when not measured."""

    @property
    def pages_per_second(self) -> float:
        """Pages read in each second of the run."""
        return round(self.pages / self.seconds, 2) if self.seconds else 0.0

    @property
    def shares(self) -> dict[str, float]:
        """The share of each stage in the work on all pages, waits left out."""
        total = sum(self.stages.get(stage, 0.0) for stage in WORK)
        if not total:
            return {}
        return {stage: round(self.stages.get(stage, 0.0) / total, 3) for stage in WORK}

    def facts(self) -> dict[str, Any]:
        """Return all of it as plain values, what follows from the rest included."""
        return attrs.asdict(self) | {
            "stages": {name: round(seconds, 3) for name, seconds in self.stages.items()},
            "pages_per_second": self.pages_per_second,
            "shares": self.shares,
        }

    def to_json(self) -> str:
        """Return the profile as the archive keeps it."""
        return json.dumps(attrs.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return a profile that the archive kept."""
        return cls(**json.loads(text))
