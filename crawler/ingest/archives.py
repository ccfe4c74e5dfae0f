"""Archives: the web archives of a sweep, one after the other, each from where it was left."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

from crawler.errors import SavedPagesError
from crawler.ingest.pages import Ingest
from crawler.ingest.stretch import Selection, Stretched
from crawler.ingest.sweep import Sweep
from crawler.ingest.warcs import Found, Warc, found_in, readable
from storage.archive import Archive
from storage.sweeps import EVERYTHING, Progress
from storage.times import now

logger = logging.getLogger(__name__)

FILES_DONE = "files_done"
"""Counts the web archives that were read to their end before."""

_CHECKPOINT = 1_000
"""Pages stored between two checkpoints: the log of a sweep of gigabytes must not grow with it."""


def digest_of(selection: Selection, rule_set: str) -> str:
    """Return what a file's progress is remembered under: what decides which pages are read.

    Other rules, or other known outlets, may want pages that these passed over.
    """
    if selection.everything and selection.domains is None:
        return EVERYTHING
    rules = EVERYTHING if selection.everything else rule_set
    domains = "any" if selection.domains is None else " ".join(sorted(selection.domains))
    return sha256(f"{rules}\0{domains}".encode()).hexdigest()


@attrs.define
class Archives:
    """One sweep over web archives into the archive, with its counts and what was broken."""

    archive: Archive
    sweep: Sweep
    ingest: Ingest
    selection: str
    """The digest of what decides which pages are read."""
    again: bool
    """Whether files are read that were read before."""
    counts: Counter[str] = attrs.field(factory=Counter, init=False)
    problems: list[str] = attrs.field(factory=list, init=False)
    _stored: int = attrs.field(default=0, init=False)

    async def run(self, files: Iterable[Path], on_read: Callable[[int], object]) -> None:
        """Read the files that have not been read to their end; a broken one ends nothing.

        `on_read` is told of each file's bytes as they are done with.
        """
        for file in files:
            try:
                found = found_in(file)
                for one in found:
                    await self._take(one, on_read, one.swept.size / len(found))
            except SavedPagesError as e:
                self._note(str(e))
            except OSError as e:
                self._note(f"{file}: cannot be read ({e.strerror})")

    async def _take(self, found: Found, on_read: Callable[[int], object], size: float) -> None:
        known = Progress() if self.again else self._progress(found)
        if known.done:
            self.counts[FILES_DONE] += 1
            on_read(round(size))
            return
        with TemporaryDirectory(prefix="vigie-") as folder:
            await self._read(readable(found, Path(folder)), known.position, on_read, size)

    async def _read(
        self, warc: Warc, position: int, on_read: Callable[[int], object], size: float
    ) -> None:
        share = size / max(1, warc.size)
        on_read(round(share * position))
        async for stretch in self.sweep.stretches(warc, position):
            await self._keep(warc, stretch)
            on_read(round(share * (stretch.stop - position)))
            position = stretch.stop
        self._reach(warc, Progress(warc.size, done=True))
        passed = self.counts["passed_over"]
        logger.info("%s: read, %d pages passed over so far", warc.swept.name, passed)

    async def _keep(self, warc: Warc, stretch: Stretched) -> None:
        """Settle the pages of a stretch, then remember that it is done."""
        await self.ingest.run(stretch.pages, _ignore)
        self.counts.update(stretch.counts)
        for problem in stretch.problems:
            self._note(f"{warc.swept.name}: {problem}")
        self._reach(warc, Progress(stretch.stop))
        self._stored += len(stretch.pages)
        if self._stored >= _CHECKPOINT:
            self.archive.checkpoint()
            self._stored = 0

    def _progress(self, found: Found) -> Progress:
        return self.archive.sweeps.progress(found.swept, self.selection)

    def _reach(self, warc: Warc, progress: Progress) -> None:
        self.archive.sweeps.reach(warc.swept, self.selection, progress, now())

    def _note(self, problem: str) -> None:
        logger.info("%s", problem)
        self.problems.append(problem)


def _ignore(_: int) -> None:
    """Be told of each page, where bytes are counted."""
