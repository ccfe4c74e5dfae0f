"""Reader: pages read in the workers; a page that harms its worker is refused."""

from __future__ import annotations

from pipelines.read import read_page
from pipelines.workers import (
    WorkerDiedError,
    WorkerError,
    WorkerFailedError,
    Workers,
    WorkerTimeoutError,
)
from storage.records import Page, Reading, Refusal

_REASONS: dict[type[WorkerError], str] = {
    WorkerTimeoutError: "extract_timeout",
    WorkerDiedError: "extract_crash",
    WorkerFailedError: "extract_error",
}


class Reader:
    """Reads pages, keeping some of them as fetched."""

    def __init__(self, workers: Workers, keep_raw: str) -> None:
        self._workers = workers
        self._keep_raw = keep_raw

    async def read(self, page: Page) -> Reading | Refusal:
        """Return what a worker reads on a page, or the refusal it ends with."""
        try:
            return await self._workers.run(
                read_page, page, self._keep_raw, of=page.source, size=len(page.body)
            )
        except WorkerError as e:
            return _unreadable(page, _REASONS[type(e)], e)


def _unreadable(page: Page, reason: str, error: Exception) -> Refusal:
    return Refusal(
        source=page.source,
        queued_url=page.queued_url,
        reason=reason,
        detail=str(error),
        status=page.status,
    )
