"""Likeness: how much of one text stands in another, word for word."""

from __future__ import annotations

import re

from storage.folding import fold_text

RUN = 4
"""Words in a row that must be the same: shorter runs are the language's, not the author's."""
MOST_WORDS = 4_000

_WORD = re.compile(r"\w+")


def shared_part(one: str, other: str) -> float:
    """Return the share of the shorter text's words that stand in the longer in runs of `RUN`.

    Typography, case and accents do not count. A changed word costs itself, and the run when it
    leaves fewer than `RUN` words between two changes.
    """
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    if len(shorter) < RUN:
        return 0.0
    known = {tuple(longer[i : i + RUN]) for i in range(len(longer) - RUN + 1)}
    shared = bytearray(len(shorter))
    for i in range(len(shorter) - RUN + 1):
        if tuple(shorter[i : i + RUN]) in known:
            shared[i : i + RUN] = b"\x01" * RUN
    return sum(shared) / len(shorter)


def _words(text: str) -> list[str]:
    return _WORD.findall(fold_text(text))[:MOST_WORDS]
