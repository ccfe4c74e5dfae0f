"""Fingerprints: the sampled passages of each article, and which articles hold a passage.

All hashes of an article lie in one value; only its smallest are indexed, since copies of a text
have the same smallest. The index lies by date, so that what a new article touches does not grow
with the archive. The few very smallest can also be found whatever their age.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

INDEXED = 12
"""Passages of an article in the index of its time; each is a page to write, wherever it lies. Of
texts that keep the first 40 % of one with 25 passages all share one of these, of those with every
tenth word changed 998 in 1,000 (with 8 they would be 994 and 981)."""
ASKED, ASKED_BESIDE = 16, 8
"""Passages of a new article that are looked for, more than are indexed: a short text may stand in a
longer one. In the months beside its own few copies are left, so half as many must do."""
OF_ANY_AGE, ONE_IN = 3, 8
"""Passages that can be found whatever their age: at least three, of a long text one in eight. Each
costs a page of the disk. Of copies of years ago that hold all of a text none is missed, of
those that keep the first 40 % of 400 words 80 in 100 are found."""
LOOKED_AT = 20
"""Articles looked at for one passage; more would make each article dearer than the one before."""


class Fingerprints:
    """The `fingerprints`, `passages` and `lasting_passages` tables, in the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, article: int, month: int, hashes: Sequence[int]) -> None:
        """Keep the fingerprint of a stored article."""
        self._db.execute(
            "insert into fingerprints (article, month, hashes) values (?, ?, ?)",
            [article, month, packed(hashes)],
        )
        period, short = month // 2, shortened(hashes)
        self._db.conn.executemany(
            "insert into passages (period, hash, article) values (?, ?, ?)",
            [(period, value, article) for value in short[:INDEXED]],
        )
        self._db.conn.executemany(
            "insert into lasting_passages (hash, article) values (?, ?)",
            [(value, article) for value in lasting(short)],
        )

    def forget(self, article: int) -> None:
        """Remove an article's fingerprint, if it has one."""
        row = self._db.execute(
            "select month, hashes from fingerprints where article = ?", [article]
        ).fetchone()
        if row is None:
            return
        period, short = row[0] // 2, shortened(unpacked(row[1]))
        self._db.conn.executemany(
            "delete from passages where period = ? and hash = ? and article = ?",
            [(period, value, article) for value in short[:INDEXED]],
        )
        self._db.conn.executemany(
            "delete from lasting_passages where hash = ? and article = ?",
            [(value, article) for value in lasting(short)],
        )
        self._db.execute("delete from fingerprints where article = ?", [article])

    def of(self, articles: Iterable[int]) -> dict[int, frozenset[int]]:
        """Return the shortened hashes of the passages of articles that have a fingerprint."""
        rows = self._db.execute(
            "select article, hashes from fingerprints"
            " where article in (select value from json_each(?))",
            [json.dumps(list(articles))],
        )
        return {article: frozenset(shortened(unpacked(blob))) for article, blob in rows}

    def month(self, article: int) -> int:
        """Return the month of an article's date, counted from the year 0."""
        (month,) = self._db.execute(_MONTH, [article]).fetchone()
        return int(month)

    def holders(self, article: int, month: int, hashes: Sequence[int]) -> dict[int, list[int]]:
        """Return which other articles hold an article's passages, by shortened hash.

        Those of its month and of the month before and after it at least, the newest first; of the
        passages that are found whatever their age, all. A passage that nobody else has is left out.
        """
        short = shortened(hashes)
        asked = {"article": article, "limit": LOOKED_AT}
        found: dict[int, list[int]] = {}
        for period, count in zip(_periods(month), (ASKED, ASKED_BESIDE), strict=True):
            near = asked | {"period": period, "hashes": json.dumps(short[:count])}
            _gather(found, self._db.execute(_NEAR, near).fetchall())
        of_any_age = asked | {"hashes": json.dumps(lasting(short))}
        _gather(found, self._db.execute(_OF_ANY_AGE, of_any_age).fetchall())
        return found


def shortened(hashes: Iterable[int]) -> list[int]:
    """Return hashes cut to 32 bits, as signed numbers, the smallest first, without repeats."""
    return sorted({(value + 2**31) % 2**32 - 2**31 for value in hashes})


def lasting(short: Sequence[int]) -> Sequence[int]:
    """Return those of an article's shortened hashes that can be found whatever their age."""
    return short[: max(OF_ANY_AGE, len(short) // ONE_IN)]


def packed(hashes: Sequence[int]) -> bytes:
    """Return hashes as eight bytes each, the lowest byte first."""
    return struct.pack(f"<{len(hashes)}q", *hashes)


def unpacked(blob: bytes) -> tuple[int, ...]:
    """Return the hashes that `packed` wrote."""
    return struct.unpack(f"<{len(blob) // 8}q", blob)


def _periods(month: int) -> tuple[int, int]:
    """Return the two months that a month is in, and the two beside it: before, or after."""
    period, is_second = divmod(month, 2)
    return period, period + 1 if is_second else period - 1


def _gather(found: dict[int, list[int]], rows: Iterable[tuple[int, str | None]]) -> None:
    for value, numbers in rows:
        if numbers is not None:
            known = found.setdefault(value, [])
            known += [number for number in map(int, numbers.split(",")) if number not in known]


_MONTH = """
    select substr(coalesce(published_at, first_seen), 1, 4) * 12
         + substr(coalesce(published_at, first_seen), 6, 2)
      from articles indexed by articles_desk where id = ?
"""
# One statement for all passages; the inner limit is that of each.
_NEAR = """
    select asked.value, (
        select group_concat(article) from (
            select article from passages
             where period = :period and hash = asked.value and article <> :article
             order by article desc limit :limit))
      from json_each(:hashes) as asked
"""
_OF_ANY_AGE = """
    select asked.value, (
        select group_concat(article) from (
            select article from lasting_passages
             where hash = asked.value and article <> :article
             order by article desc limit :limit))
      from json_each(:hashes) as asked
"""
