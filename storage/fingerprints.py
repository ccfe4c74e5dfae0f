"""Fingerprints: the sampled passages of each article, and which articles hold a passage.

Passages lie by month, so that what a new article touches does not grow with the archive.
One passage in `ANY_AGE` can also be found whatever its age.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from sqlite_utils import Database

ANY_AGE = 8
"""Each costs a page of the disk, wherever it lies. Of copies of years ago that share the 25 passages
of a text of 400 words 96 in 100 are found, of those that share ten 74."""
LOOKED_AT = 20
"""Articles looked at for one passage; more would make each article dearer than the one before."""


class Fingerprints:
    """The `fingerprints` and `passages` tables, written in the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, article: int, hashes: Sequence[int]) -> None:
        """Keep the fingerprint of a stored article."""
        month = self.month(article)
        self._db.execute(
            "insert into fingerprints (article, month, hashes) values (?, ?, ?)",
            [article, month, packed(hashes)],
        )
        self._db.conn.executemany(
            "insert into passages (month, hash, article) values (?, ?, ?)",
            [(month, value, article) for value in hashes],
        )

    def forget(self, article: int) -> None:
        """Remove an article's fingerprint, if it has one."""
        row = self._db.execute(
            "select month, hashes from fingerprints where article = ?", [article]
        ).fetchone()
        if row is None:
            return
        self._db.conn.executemany(
            "delete from passages where month = ? and hash = ? and article = ?",
            [(row[0], value, article) for value in unpacked(row[1])],
        )
        self._db.execute("delete from fingerprints where article = ?", [article])

    def of(self, article: int) -> frozenset[int]:
        """Return the hashes of an article's passages."""
        row = self._db.execute(
            "select hashes from fingerprints where article = ?", [article]
        ).fetchone()
        return frozenset() if row is None else frozenset(unpacked(row[0]))

    def month(self, article: int) -> int:
        """Return the month of an article's date, counted from the year 0."""
        (month,) = self._db.execute(_MONTH, [article]).fetchone()
        return int(month)

    def holders(self, value: int, month: int, article: int) -> list[int]:
        """Return other articles that hold a passage, those of a month and of the two beside it.

        Of a passage that is in the index of any age, the newest others too.
        """
        asked = {"hash": value, "month": month, "article": article, "limit": LOOKED_AT}
        rows = self._db.execute(_NEAR, asked).fetchall()
        if value % ANY_AGE == 0:
            rows += self._db.execute(_OF_ANY_AGE, asked).fetchall()
        return list(dict.fromkeys(number for (number,) in rows))


def packed(hashes: Sequence[int]) -> bytes:
    """Return hashes as eight bytes each, the lowest byte first."""
    return struct.pack(f"<{len(hashes)}q", *hashes)


def unpacked(blob: bytes) -> tuple[int, ...]:
    """Return the hashes that `packed` wrote."""
    return struct.unpack(f"<{len(blob) // 8}q", blob)


_MONTH = """
    select substr(coalesce(published_at, first_seen), 1, 4) * 12
         + substr(coalesce(published_at, first_seen), 6, 2)
      from articles indexed by articles_desk where id = ?
"""
_NEAR = """
    select article from passages
     where month in (:month - 1, :month, :month + 1) and hash = :hash and article <> :article
     order by month desc, article desc limit :limit
"""
# The divisor stands here in figures, or SQLite does not see that the index serves.
_OF_ANY_AGE = """
    select article from passages
     where hash = :hash and hash % 8 = 0 and article <> :article
     order by month desc, article desc limit :limit
"""
