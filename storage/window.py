"""Window: a stretch of the past, in whole days."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs


@attrs.frozen(kw_only=True)
class Window:
    """A stretch of the past, in whole days."""

    since: datetime
    """Its first instant, UTC."""
    until: datetime
    """The first instant after it, UTC."""

    def __str__(self) -> str:
        """Write it as its first and its last day, in the form in which it can be asked for."""
        return f"{self.since:%Y-%m-%d}..{self.until - timedelta(days=1):%Y-%m-%d}"

    def holds(self, instant: datetime) -> bool:
        """Whether an instant lies in it."""
        return self.since <= instant < self.until

    def meets(self, since: datetime, until: datetime) -> bool:
        """Whether it has an instant in common with another stretch."""
        return self.since < until and since < self.until
