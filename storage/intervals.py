"""Intervals: how far a share that was measured on few may be from the truth."""

from __future__ import annotations

import math

Z = 1.96
"""Standard deviations of a 95 % interval."""


def wilson(hits: int, size: int) -> tuple[float, float]:
    """Return the 95 % interval of a share after Wilson, which also holds for small samples."""
    if size == 0:
        return 0.0, 1.0
    share = hits / size
    middle = share + Z * Z / (2 * size)
    spread = Z * math.sqrt(share * (1 - share) / size + Z * Z / (4 * size * size))
    scale = 1 + Z * Z / size
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
