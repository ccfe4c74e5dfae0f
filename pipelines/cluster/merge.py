"""Merge: the flagged rows of partitions taken into the central archive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from pipelines.cluster.rows import Row, flag_of, reading_of
from storage.archive import Archive
from storage.articles import content_digest
from storage.records import SourceFacts
from storage.runs import Poll
from storage.taking import Identity, Known, Taking
from storage.times import now


class MergeRows:
    """Takes rows into an archive, with counts of what became of them.

    A flagged row is stored as if its page had just been read. An article that the archive has is
    judged as its row was, if that was by the present rules and the text is the same.
    """

    def __init__(
        self, archive: Archive, rule_set: str, facts_of: Callable[[Row], SourceFacts]
    ) -> None:
        self._archive = archive
        self._taking = Taking(archive)
        self._rule_set = rule_set
        self._facts_of = facts_of
        self._known_sources: set[str] = set()
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    @property
    def counts(self) -> Counter[str]:
        """Rows by what became of them: stored, duplicate, judged, known, not_flagged, missing."""
        return sum(self._counts.values(), Counter())

    def merge(self, rows: Iterable[Row]) -> None:
        """Take over rows in their order."""
        for row in rows:
            self._counts[row["source"]][self._take(row)] += 1

    def record(self, run: int, started_at: datetime) -> None:
        """Write what each source gave to the run."""
        seconds = (now() - started_at).total_seconds()
        for source, counts in self._counts.items():
            if stored := counts["stored"] + counts["duplicate"]:
                poll = Poll(
                    source=source,
                    started_at=started_at,
                    seconds=seconds,
                    new_pages=stored,
                    stored=counts["stored"],
                    duplicate=counts["duplicate"],
                    flagged=counts["stored"],
                )
                self._archive.runs.record(run, poll)

    def _take(self, row: Row) -> str:
        known = self._taking.known(
            Identity(
                source=row["source"],
                canonical_url=row["canonical_url"],
                text_digest=row["text_digest"],
            ),
            row["queued_url"],
        )
        judged = known is not None and self._judge(known, row)
        if judged or (known and (known.settled or not row["flagged"])):
            return "judged" if judged else "known"
        if row["http_status"] is None:
            return "known" if known else "missing"
        return self._store(row) if row["flagged"] else "not_flagged"

    def _judge(self, known: Known, row: Row) -> bool:
        """Judge an article as its row was; False where the archive knows better."""
        if not known.rule_set != row["rule_set"] == self._rule_set:
            return False
        if known.digest != content_digest(row["title"], row["standfirst"], row["text"]):
            return False
        self._taking.judge(known.id, flag_of(row))
        return True

    def _store(self, row: Row) -> str:
        if row["source"] not in self._known_sources:
            self._archive.know_sources([self._facts_of(row)])
            self._known_sources.add(row["source"])
        return self._taking.store(reading_of(row)).value
