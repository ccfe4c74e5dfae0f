"""Records: what is read in one answer about the past."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import attrs

from storage.records import Link


@attrs.frozen(kw_only=True)
class PastArticle:
    """An article that may be of the window."""

    link: Link
    post: bytes | None = None
    """The article itself, where the answer holds all of its text: JSON, as `pipelines.past.layout`
    reads it."""


@attrs.frozen(kw_only=True)
class PastReading:
    """What one answer says."""

    articles: tuple[PastArticle, ...] = ()
    further: tuple[str, ...] = ()
    """Addresses that may lead to more articles of the window."""
    listed: int = 0
    """Articles listed, those out of the window too."""
    left_out: int = 0
    """Articles listed that are not of the window."""
    digest: str | None = None
    """Stands for the addresses listed, in their order."""
    problem: str | None = None
    """html, empty, malformed, undated (a dated page was asked for, and another came), or None."""


def digest_of(addresses: Iterable[str]) -> str:
    """Return what stands for a list of addresses."""
    return hashlib.sha256("\n".join(addresses).encode("utf-8", "replace")).hexdigest()[:32]
