"""Recent views: the last views of the queue, kept because they are asked for twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from storage.desk import Judged, Story
from storage.desk_queue import QueueFilters, QueueView, view_queue


class RecentViews:
    """The last views of the queue: a page and the verdict given on it ask for the same one."""

    def __init__(self) -> None:
        self._views: deque[tuple[Sequence[Story], Judged, QueueFilters, QueueView]] = deque(
            maxlen=8
        )

    def view(self, stories: Sequence[Story], judged: Judged, filters: QueueFilters) -> QueueView:
        """Return the view of these very stories and verdicts."""
        for known in tuple(self._views):
            if known[0] is stories and known[1] is judged and known[2] == filters:
                return known[3]
        view = view_queue(stories, judged, filters)
        self._views.append((stories, judged, filters, view))
        return view
