"""Prune: pages as fetched that nobody will ask for, removed after a time."""

from __future__ import annotations

from datetime import datetime

import attrs
from sqlite_utils import Database

from storage.connection import writing
from storage.times import to_text

BATCH = 500
"""Pages removed in one transaction, of some milliseconds: a crawl beside it hardly waits."""


@attrs.frozen(kw_only=True)
class Prunable:
    """What a pruning removes."""

    raw_pages: int
    bytes: int


def prunable(db: Database, before: datetime) -> Prunable:
    """Return how many pages fetched before an instant can go.

    A page stays when its article is flagged, has a verdict, standing or withdrawn, or was changed
    by its outlet: it is evidence then. Texts are never removed.
    """
    row = db.execute(
        f"select count(*), coalesce(sum(length(body)), 0) {_DISPENSABLE}",
        {"before": to_text(before)},
    ).fetchone()
    return Prunable(raw_pages=row[0], bytes=row[1])


def prune(db: Database, before: datetime) -> int:
    """Remove those pages and return how many; a kill leaves the rest for the next time."""
    removed = 0
    while True:
        with writing(db):
            rows = db.execute(
                f"""
                delete from raw_pages where article in (
                    select raw_pages.article {_DISPENSABLE} limit {BATCH})
                """,  # noqa: S608 - constants
                {"before": to_text(before)},
            ).rowcount
        removed += rows
        if rows < BATCH:
            return removed


_DISPENSABLE = """
    from raw_pages
    join flags on flags.article = raw_pages.article
   where raw_pages.fetched_at < :before and flags.flagged = 0
     and not exists (select 1 from verdicts where verdicts.article = raw_pages.article)
     and not exists (select 1 from revisions where revisions.article = raw_pages.article)
"""
