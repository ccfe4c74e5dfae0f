"""Queue page: the stories that wait for a verdict, with filters and their counts."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import attrs
from datasette.utils.asgi import Request, Response

from review.filters import PROBE, Address
from review.highlight import Segment, best_sentence, segments
from review.notice import read_notice
from review.session import open_session
from storage.desk import Desk, Item
from storage.desk_queue import QueueView, view_queue
from storage.probe import Sample, daily_sample
from storage.times import now

PAGE_SIZE = 25


@attrs.frozen(kw_only=True)
class Card:
    """One story of the queue, ready to be shown."""

    row: dict[str, Any]
    title: list[Segment]
    sentence: list[Segment]
    item: Item | None
    """None for a sampled article, which no rule flagged."""


async def show_queue(request: Request) -> Response:
    """Show one page of the queue, or of the daily sample."""
    session = open_session(request)
    number = max(1, session.number("page") or 1)
    view, sample = await session.archive.read(
        lambda desk: (
            queue_of(desk, session.address, session.reviewer),
            daily_sample(desk.db, today()),
        )
    )
    probing = session.address.state == PROBE
    keys = sample.left if probing else [item.article for item in view.items]
    shown = keys[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    cards = await session.archive.read(partial(make_cards, articles=shown, items=view.items))
    return session.page(
        "queue.html",
        cards=cards,
        facets=view.facets,
        sample=sample,
        stories=len(keys),
        number=number,
        pages=max(1, -(-len(keys) // PAGE_SIZE)),
        names=await session.archive.read(source_names),
        notice=await read_notice(session),
    )


def queue_of(desk: Desk, address: Address, reviewer: str) -> QueueView:
    """Return the queue that an address asks for."""
    found = desk.search(address.words) if address.words else None
    filters = address.filters(reviewer)
    if filters.state == PROBE:
        filters = attrs.evolve(filters, state="unreviewed")
    return view_queue(desk.items(), filters, found)


def order_of(desk: Desk, address: Address, reviewer: str) -> list[int]:
    """Return the articles that an address asks for, in the order in which they are read."""
    if address.state == PROBE:
        return sample_of(desk).left
    return [item.article for item in queue_of(desk, address, reviewer).items]


def sample_of(desk: Desk) -> Sample:
    """Return today's sample."""
    return daily_sample(desk.db, today())


def today() -> date:
    """Return the day in UTC."""
    return now().date()


def source_names(desk: Desk) -> dict[str, str]:
    """Return the names of all sources by slug."""
    return dict(desk.db.execute("select slug, name from sources").fetchall())


def make_cards(desk: Desk, articles: list[int], items: list[Item]) -> list[Card]:
    """Return the cards of some articles, in their order."""
    rows, matches = desk.cards(articles), desk.matches(articles)
    by_article = {item.article: item for item in items}
    return [
        _card(rows[article], matches.get(article, []), by_article.get(article))
        for article in articles
        if article in rows
    ]


def _card(row: dict[str, Any], matches: list[dict[str, Any]], item: Item | None) -> Card:
    texts = {"title": row["title"], "lead": row["standfirst"] or "", "text": row["text"]}
    in_title = [match for match in matches if match["field"] == "title"]
    sentence = best_sentence(texts, matches)
    if not sentence:
        sentence = [Segment(text=(row["standfirst"] or row["text"])[:280])]
    return Card(
        row=row,
        title=segments(row["title"], 0, len(row["title"]), in_title),
        sentence=sentence,
        item=item,
    )
