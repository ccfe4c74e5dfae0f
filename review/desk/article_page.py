"""Article page: one article in full, every match highlighted, and why it is flagged."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import attrs
from datasette.utils.asgi import Request, Response

from review.desk.filters import PROBE
from review.desk.highlight import Segment, paragraphs, segments, themes_of
from review.desk.lookup import look_up
from review.desk.notice import read_notice
from review.desk.session import Session, open_session, whole_number
from storage.desk_article import DeskArticle, desk_article
from storage.desk_queue import neighbours


@attrs.frozen(kw_only=True)
class Reading:
    """An article with its place in the queue."""

    article: DeskArticle
    before: int | None
    after: int | None
    place: int | None
    """From one; None when the article is not in the queue that the address asks for."""
    waiting: int


async def show_article(request: Request) -> Response:
    """Show one article."""
    session = open_session(request)
    number = whole_number(request.url_vars["article"])
    reading = None if number is None else await _read(session, number)
    if reading is None:
        return session.missing()
    row, matches = reading.article.row, reading.article.matches
    fields = _by_field(matches)
    return session.page(
        "article.html",
        a=reading.article,
        row=row,
        reading=reading,
        title=segments(row["title"], 0, len(row["title"]), fields["title"]),
        lead=_lead(row, fields["lead"]),
        paragraphs=paragraphs(row["text"], fields["text"]),
        legend=themes_of(matches),
        masked=_masked(matches),
        fired=_fired(matches),
        asked_by="probe" if session.address.state == PROBE and not row["flagged"] else "queue",
        notice=await read_notice(session),
    )


async def show_stored(request: Request) -> Response:
    """Show the text of an article, and of its revisions, as the archive holds them."""
    session = open_session(request)
    number = whole_number(request.url_vars["article"])
    article = (
        None
        if number is None
        else await session.archive.read(lambda desk: desk_article(desk.db, number))
    )
    return session.missing() if article is None else session.page("stored.html", a=article)


async def _read(session: Session, number: int) -> Reading | None:
    article = await session.archive.read(lambda desk: desk_article(desk.db, number))
    if article is None:
        return None
    order = (await look_up(session, session.address)).order
    before, after = neighbours(order, number)
    return Reading(
        article=article,
        before=before,
        after=after,
        place=order.index(number) + 1 if number in order else None,
        waiting=len(order),
    )


def _lead(row: dict[str, Any], matches: list[dict[str, Any]]) -> list[Segment]:
    lead = row["standfirst"] or ""
    return segments(lead, 0, len(lead), matches) if lead else []


def _by_field(matches: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    fields: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for match in matches:
        fields[match["field"]].append(match)
    return fields


def _masked(matches: list[dict[str, Any]]) -> list[str]:
    return sorted({match["masked"] for match in matches if match["masked"]})


def _fired(matches: list[dict[str, Any]]) -> list[tuple[str, str | None, list[str]]]:
    """Return rule, theme and words of each rule that fired, the busiest first."""
    words: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for match in matches:
        if not match["masked"]:
            words[match["rule"], match["theme"]].append(match["words"])
    ranked = sorted(words.items(), key=lambda pair: (-len(pair[1]), pair[0][0]))
    return [(rule, theme, list(dict.fromkeys(found))) for (rule, theme), found in ranked]
