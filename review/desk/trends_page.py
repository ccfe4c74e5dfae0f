"""Trends page: stories per week, sources by volume and silence; and the same stories as a feed."""

from __future__ import annotations

from datetime import timedelta

from datasette.utils.asgi import Request, Response

from review.desk.session import open_session
from review.digest.atom import atom_feed
from review.digest.charts import Charts, digest_charts
from review.digest.records import Story
from review.digest.stories import new_stories
from review.digest.trends import trends
from review.digest.words import Words
from storage.coverage import Coverage
from storage.desk import Desk
from storage.digest import DigestQuestions
from storage.times import now

FEED_PERIOD = timedelta(days=14)


async def show_trends(request: Request) -> Response:
    """Show the charts that the digest has too."""
    session = open_session(request)
    charts = await session.archive.read(lambda desk: _charts(desk, session.words))
    return session.page("charts.html", charts=charts)


async def send_feed(request: Request) -> Response:
    """Send the flagged stories of the last two weeks as an Atom feed."""
    session = open_session(request)
    until = now()
    stories = await session.archive.read(_recent_stories)
    address = f"http://{request.host}{request.path}"
    feed = atom_feed(stories, session.words, until, address)
    return Response(feed, content_type="application/atom+xml; charset=utf-8")


def _charts(desk: Desk, words: Words) -> Charts:
    return digest_charts(trends(DigestQuestions(desk.db), Coverage(desk.db), now()), words)


def _recent_stories(desk: Desk) -> list[Story]:
    stories, _ = new_stories(DigestQuestions(desk.db), now() - FEED_PERIOD, now())
    return list(stories)
