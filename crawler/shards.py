"""Shards: the sources of one machine among several, told by the domain alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Self

import attrs

from crawler.source import Source
from storage.domains import registered_domain


@attrs.frozen
class Shard:
    """One of several equal parts of any catalogue.

    A domain is in exactly one part, whatever else the catalogue holds, so each site is asked by
    one machine and its manners need no agreement between machines.
    """

    number: int
    """From 1."""
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2/4`. Raises ValueError."""
        found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        number, of = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= of:
            raise ValueError(f"'{text}' is not a shard such as 2/4, the second of four")
        return cls(number, of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, source: Source) -> bool:
        """Whether a source is in this part."""
        domain = registered_domain(source.url).lower()
        value = int.from_bytes(hashlib.sha256(domain.encode()).digest()[:8])
        return value % self.of == self.number - 1

    def share(self, sources: Iterable[Source]) -> tuple[Source, ...]:
        """Return the sources of this part, in the order given."""
        return tuple(source for source in sources if self.holds(source))
