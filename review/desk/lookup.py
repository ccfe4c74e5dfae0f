"""Lookup: the stories that an address asks for, in the order in which they are read."""

from __future__ import annotations

import attrs

from review.desk.filters import PROBE, Address
from review.desk.session import Session
from storage.desk import Desk, Judged
from storage.desk_queue import QueueView, view_queue
from storage.probe import Sample, progress


@attrs.frozen(kw_only=True)
class Shown:
    """What an address asks for."""

    view: QueueView
    judged: Judged
    sample: Sample
    order: list[int]
    """The articles that are read, of the queue or of the sample."""


async def look_up(session: Session, address: Address) -> Shown:
    """Return what an address asks for, as this reviewer sees it."""
    stories, sampled = await session.archive.stories(), await session.archive.sample()
    probing = address.state == PROBE
    filters = address.filters(session.reviewer)
    if probing:
        filters = attrs.evolve(filters, state="unreviewed")

    def ask(desk: Desk) -> Shown:
        judged, sample = session.archive.judged(desk), progress(desk.db, sampled)
        if address.words:
            view = view_queue(stories, judged, filters, desk.search(address.words))
        else:
            view = session.archive.views.view(stories, judged, filters)
        order = sample.left if probing else view.articles
        return Shown(view=view, judged=judged, sample=sample, order=order)

    return await session.archive.read(ask)
