"""Queue page: the stories that wait for a verdict, with filters and their counts."""

from __future__ import annotations

from functools import partial
from typing import Any

import attrs
from datasette.utils.asgi import Request, Response

from review.desk.highlight import Segment, best_sentence, segments
from review.desk.lookup import Shown, look_up
from review.desk.notice import read_notice
from review.desk.session import open_session
from storage.desk import Desk, Judged, Story

PAGE_SIZE = 25
LONGEST_BEGINNING = 280


@attrs.frozen(kw_only=True)
class Card:
    """One story of the queue, ready to be shown."""

    row: dict[str, Any]
    title: list[Segment]
    sentence: list[Segment]
    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    verdicts: tuple[tuple[str, str], ...] = ()


async def show_queue(request: Request) -> Response:
    """Show one page of the queue, or of the daily sample."""
    session = open_session(request)
    number = max(1, session.number("page") or 1)
    shown = await look_up(session, session.address)
    articles = shown.order[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    cards = await session.archive.read(partial(make_cards, articles=articles, shown=shown))
    return session.page(
        "queue.html",
        cards=cards,
        facets=shown.view.facets,
        sample=shown.sample,
        stories=len(shown.order),
        number=number,
        pages=max(1, -(-len(shown.order) // PAGE_SIZE)),
        names=await session.archive.read(source_names),
        notice=await read_notice(session),
    )


def source_names(desk: Desk) -> dict[str, str]:
    """Return the names of all sources by slug."""
    return dict(desk.db.execute("select slug, name from sources").fetchall())


def make_cards(desk: Desk, articles: list[int], shown: Shown) -> list[Card]:
    """Return the cards of some articles, in their order."""
    rows, matches = desk.cards(articles), desk.matches(articles)
    stories = {story.article: story for story in shown.view.stories}
    return [
        _card(rows[article], matches.get(article, []), stories.get(article), shown.judged)
        for article in articles
        if article in rows
    ]


def _card(
    row: dict[str, Any], matches: list[dict[str, Any]], story: Story | None, judged: Judged
) -> Card:
    texts = {"title": row["title"], "lead": row["standfirst"] or "", "text": row["text"]}
    in_title = [match for match in matches if match["field"] == "title"]
    sentence = best_sentence(texts, matches) or [Segment(text=_beginning(row))]
    card = Card(
        row=row,
        title=segments(row["title"], 0, len(row["title"]), in_title),
        sentence=sentence,
    )
    if story is None:
        return card
    return attrs.evolve(
        card,
        themes=judged.themes.get(story.number, story.themes),
        countries=judged.countries.get(story.number, story.countries),
        verdicts=judged.verdicts.get(story.number, ()),
    )


def _beginning(row: dict[str, Any]) -> str:
    return str(row["standfirst"] or row["text"])[:LONGEST_BEGINNING]
