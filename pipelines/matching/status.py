"""Status: the phrase that suggests how far a cooperation has come. A suggestion, no more."""

from __future__ import annotations

from pipelines.matching.document import Document
from pipelines.matching.engine import Bits
from pipelines.matching.hits import union

LADDER = (
    "pledge",
    "talks",
    "mou",
    "agreement",
    "roadmap",
    "implementation",
    "delivered",
    "completed",
    "suspended",
    "ended",
)
"""From the first word to the end; of two in one sentence the later is suggested."""


def suggest_status(
    document: Document, fired: list[int], bits: Bits
) -> tuple[str | None, str | None]:
    """Return the status and its words from the first fired sentence that holds any."""
    holding = document.holding[union(bits.statuses)]
    for number in fired:
        if not holding >> number & 1:
            continue
        found = [
            (LADDER.index(name) if name in LADDER else -1, -hit.start, name, hit)
            for hit in document.hits_in(number)
            for bit, name in bits.statuses.items()
            if hit.bits & bit
        ]
        if found:
            _, _, name, hit = max(found, key=lambda one: one[:2])
            return name, document.text[hit.start : hit.end]
    return None, None
