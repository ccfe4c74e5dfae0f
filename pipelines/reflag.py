"""Reflag: stored articles judged again under other rules."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import attrs

from pipelines.flag import flag_text
from pipelines.read import rules_in_use
from pipelines.workers import Workers
from storage.archive import Archive
from storage.records import Flag, StoredText
from storage.times import now

BATCH = 50
"""Articles judged in one trip to a worker."""
WRITTEN_AT_ONCE = 10
"""Articles written in one transaction: milliseconds, even where all of them are flagged."""

Judged = tuple[StoredText, Flag]


@attrs.frozen(kw_only=True)
class Change:
    """An article that a rule set flags and the one before did not, or the other way round."""

    article: int
    title: str
    gained: bool
    score_before: int
    score: int
    words: tuple[str, ...]
    """The words responsible: those that fire now, or those that fired before."""


def judge_batch(texts: list[StoredText]) -> list[Judged]:
    """Judge stored articles by the rule set of this process; what a worker runs."""
    rules = rules_in_use()
    return [
        (text, flag_text(text.title, text.standfirst, text.text, rules, text.country, text.outlet))
        for text in texts
    ]


class Reflag:
    """Judges the articles that another rule set judged, in batches that a kill does not spoil."""

    def __init__(
        self, archive: Archive, workers: Workers, rule_set: str, since: str | None
    ) -> None:
        self._archive = archive
        self._workers = workers
        self._rule_set = rule_set
        self._since = since

    async def run(self, *, write: bool, on_done: Callable[[int], object]) -> list[Change]:
        """Judge all of them and return what changed; keep the new flags when told to write."""
        changes: list[Change] = []
        waiting: set[asyncio.Task[list[Judged]]] = set()
        for batch in self._batches():
            waiting.add(asyncio.create_task(self._workers.run(judge_batch, batch)))
            if len(waiting) > self._workers.size:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    changes += self._settle(task.result(), on_done, write=write)
        for judged in await asyncio.gather(*waiting):
            changes += self._settle(judged, on_done, write=write)
        return sorted(changes, key=lambda change: (not change.gained, -change.score))

    def _batches(self) -> Iterator[list[StoredText]]:
        after = 0
        while batch := self._archive.judgements.outdated(self._rule_set, self._since, after, BATCH):
            yield batch
            after = batch[-1].id

    def _settle(
        self, judged: list[Judged], on_done: Callable[[int], object], *, write: bool
    ) -> list[Change]:
        changes = [
            self._change(text, flag) for text, flag in judged if text.flagged != flag.flagged
        ]
        if write:
            for first in range(0, len(judged), WRITTEN_AT_ONCE):
                several = judged[first : first + WRITTEN_AT_ONCE]
                self._archive.judgements.replace([(text.id, flag) for text, flag in several], now())
        on_done(len(judged))
        return changes

    def _change(self, text: StoredText, flag: Flag) -> Change:
        fired = (match.words for match in flag.matches if match.masked is None)
        before = self._archive.judgements.words(text.id)
        return Change(
            article=text.id,
            title=text.title,
            gained=flag.flagged,
            score_before=text.score,
            score=flag.score,
            words=tuple(dict.fromkeys(fired)) if flag.flagged else before,
        )
