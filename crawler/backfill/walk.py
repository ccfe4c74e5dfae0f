"""Walk: one source's way through a window of the past, in one run.

Every answer is committed before it is read, and forgotten when all that it holds is queued or
stored: a walk that is killed at any point goes on where it was, and asks nothing twice that was
answered.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

from crawler.backfill.asking import Asker
from crawler.backfill.reading import read_answer
from crawler.backfill.texts import Texts
from crawler.backfill.ways import (
    MAX_ROOTS,
    PATIENCE,
    fewer_posts,
    first_steps,
    is_too_far,
    likely_roots,
    next_posts,
    page_of_posts,
    robots_address,
    ways_of,
)
from crawler.poller import Poller
from crawler.source import Source
from pipelines.past.records import PastReading
from pipelines.workers import WorkerError, Workers
from storage.archive import Archive
from storage.reasons import REASONS
from storage.records import Link, Page, QueuedPage
from storage.steps import Contents, Step
from storage.times import now
from storage.window import Window

logger = logging.getLogger(__name__)

ROUND = 20
"""Pages that are fetched or stored before the next step is gone."""
COMMIT = 500
"""Links queued in one transaction: a sitemap of 50,000 would hold up every other source."""
BARREN = 300
"""Answers without one article of the window, after which a way is left."""
TROUBLES = 3
"""After so many failures in a row that may pass, a source is left for this run."""
PASSING = frozenset({"bad_http", "data_loss", "server_error", "timeout"})
"""Problems of a moment. A refusal may pass too, but not of a way that never worked."""
_TOO_MUCH = frozenset({"too_big", "timeout", "server_error"})
"""How a site fails that is asked for more posts than it can give at once."""


class Walk:
    """Goes the steps of one backfill, and says which pages are to be fetched or stored meanwhile."""

    def __init__(
        self, source: Source, window: Window, archive: Archive, workers: Workers, poller: Poller
    ) -> None:
        self._source = source
        self._window = window
        self._archive = archive
        self._backfills = archive.backfills
        self._steps = archive.backfills.steps
        self._workers = workers
        self._asker = Asker(poller)
        self._texts = Texts(source, archive, workers, self._asker)
        self._backfill = archive.backfills.begin(source.slug, window, now())
        self._failed: set[int] = set()
        self._troubles = 0
        self._fetched: set[str] = set()
        self._posts: deque[Page] = deque()
        self._settling: Step | None = None
        self.problem: str | None = None
        """Why nothing more can be asked: the host's trouble, or no_way."""

    async def batches(self, room: int) -> AsyncIterator[Sequence[QueuedPage | Page]]:
        """Yield pages to fetch and pages to read, `room` of them at most, as the walk goes on.

        Each batch is to be settled before the next one is asked for.
        """
        while room > 0 and not self._is_to_wait():
            batch = await self._go_on(min(ROUND, room))
            if batch is None:
                return
            room -= len(batch)
            if batch:
                yield batch

    async def _go_on(self, limit: int) -> Sequence[QueuedPage | Page] | None:
        """Return what is to be settled, nothing where a step was gone instead, None at the end."""
        if self._posts:
            return [self._posts.popleft() for _ in range(min(limit, len(self._posts)))]
        self._finish()
        step = self._steps.next(self._backfill, self._failed)
        if step is not None and step.answer is not None:
            await self._read(step)
            return ()
        pages = self._due(limit)
        if pages:
            return pages
        goes_on = await self._ask(step) if step is not None else self._turn()
        return () if goes_on else None

    def _is_to_wait(self) -> bool:
        host = urlsplit(self._source.url).hostname or ""
        return self._archive.hosts.not_before(host, now()) is not None

    def _due(self, limit: int) -> Sequence[QueuedPage]:
        """Return pages whose turn has come, each once in a run."""
        due = self._backfills.due(self._backfill, now(), limit)
        pages = [page for page in due if page.url not in self._fetched]
        self._fetched.update(page.url for page in pages)
        return pages

    def _finish(self) -> None:
        if self._settling is not None:
            self._steps.finish(self._settling, now())
            self._settling = None

    async def _ask(self, step: Step) -> bool:
        """Ask an address and keep its answer; return whether the host may be asked for more."""
        answer, problem = await self._asker.ask(step.address)
        if answer is not None:
            self._troubles = 0
            self._steps.keep_answer(step, answer)
            return True
        if self._asker.is_away(problem):
            self.problem = problem
            return False
        self._fail(step, problem)
        return self._troubles < TROUBLES

    async def _read(self, step: Step) -> None:
        """Queue what an answer announces, add the steps it leads to, and take the texts it holds."""
        sections = await self._texts.sections(step) if step.way == "posts" else None
        try:
            reading = await self._workers.run(
                read_answer, step, self._window, sections, of=self._source.slug
            )
        except WorkerError as e:
            logger.warning("%s unreadable %s: %s", self._source.slug, step.address, e)
            self._fail(step, "extract_timeout")
            return
        if reading.problem is not None and not (reading.articles or reading.further):
            self._fail(step, reading.problem)
        elif reading.digest is not None and self._steps.repeats(step, reading.digest):
            self._steps.finish(step, now())
        else:
            await self._take(step, reading)

    async def _take(self, step: Step, reading: PastReading) -> None:
        own = [a for a in reading.articles if self._asker.is_own(a.link.url)]
        articles = await self._texts.believable(step, own)
        await self._queue([article.link for article in articles])
        if step.address == robots_address(self._source):
            self._steps.add(self._backfill, step.way, self._further(step, reading))
        else:
            contents = Contents(
                found=len(articles),
                further=self._further(step, reading),
                left_out=reading.left_out,
                digest=reading.digest,
            )
            self._steps.note(step, contents, now())
            self._leave_if_barren(step)
        if step.address in likely_roots(self._source):
            self._steps.drop(self._backfill, likely_roots(self._source))
        self._posts.extend(self._texts.unsettled(step, articles))
        self._settling = step
        logger.info("%s %s %d found %s", self._source.slug, step.way, len(articles), step.address)

    def _leave_if_barren(self, step: Step) -> None:
        """Leave a way that leads on and on and to nothing: sitemaps may list sitemaps without end."""
        facts = self._steps.facts(self._backfill, step.way)
        if facts.worked >= BARREN and not facts.found:
            self._steps.drop_open(self._backfill, step.way)

    async def _queue(self, links: Sequence[Link]) -> None:
        for first in range(0, len(links), COMMIT):
            part = links[first : first + COMMIT]
            self._backfills.queue(self._backfill, self._source.slug, part, now())
            await asyncio.sleep(0)

    def _further(self, step: Step, reading: PastReading) -> tuple[str, ...]:
        """Return the addresses to ask next, those of other sites and those too far left out."""
        if step.way == "posts":
            announced = step.answer.announced if step.answer else None
            return next_posts(step.address, reading.listed, announced)
        own = tuple(url for url in reading.further if self._asker.is_own(url))
        if step.address == robots_address(self._source):
            return own[:MAX_ROOTS] or likely_roots(self._source)
        return tuple(url for url in own if not is_too_far(step.way, url))

    def _fail(self, step: Step, problem: str) -> None:
        """Note that a step gave nothing, unless that says something else."""
        logger.info("%s %s %s %s", self._source.slug, step.way, problem, step.address)
        if step.way == "posts" and self._asks_for_fewer(step, problem):
            return
        if step.address == robots_address(self._source):
            self._steps.add(self._backfill, step.way, likely_roots(self._source))
        if step.address == robots_address(self._source) or _is_past_the_end(step, problem):
            self._steps.finish(step, now())
            return
        works = self._steps.facts(self._backfill, step.way).worked > 0
        may_pass = problem in PASSING or (works and problem in REASONS and REASONS[problem].soft)
        self._troubles = self._troubles + 1 if may_pass else 0
        self._steps.fail(step, problem, now(), may_pass=may_pass)
        self._failed.add(step.id)
        facts = self._steps.facts(self._backfill, step.way)
        if not works and facts.failed >= PATIENCE.get(step.way, facts.failed + 1):
            self._steps.drop_open(self._backfill, step.way)
            self._troubles = 0

    def _asks_for_fewer(self, step: Step, problem: str) -> bool:
        fewer = fewer_posts(step.address) if problem in _TOO_MUCH else None
        return fewer is not None and self._steps.replace(step, fewer)

    def _turn(self) -> bool:
        """Take the next way where the present one led nowhere; return whether there is one."""
        present = self._backfills.way(self._backfill)
        if present is not None:
            facts = self._steps.facts(self._backfill, present)
            if facts.open:
                return False  # it may pass by itself until a later run
            if facts.found:
                self._end_if_settled()
                return False
        ways = ways_of(self._source, self._window)
        following = ways[ways.index(present) + 1 :] if present in ways else ways
        if not following:
            self._give_up(ways)
            return False
        steps = first_steps(following[0], self._source, self._window)
        self._backfills.take_way(self._backfill, following[0], steps, now())
        return True

    def _end_if_settled(self) -> None:
        if not self._backfills.waits(self._backfill):
            self._backfills.end(self._backfill, None, now())

    def _give_up(self, ways: Sequence[str]) -> None:
        """End without articles: there are none of the window, or no way could be read at all."""
        worked = any(self._steps.facts(self._backfill, way).worked for way in ways)
        self.problem = None if worked else "no_way"
        self._backfills.end(self._backfill, self.problem, now())


def _is_past_the_end(step: Step, problem: str) -> bool:
    """Whether a site says that a month has no such page: status 400 after the last one."""
    is_later = step.way == "posts" and page_of_posts(step.address) > 1
    return is_later and problem in {"http_error", "gone"}
