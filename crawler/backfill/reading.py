"""Reading: what a worker does with an answer about the past."""

from __future__ import annotations

import attrs

from pipelines.past.dated_pages import read_dated_page
from pipelines.past.posts import read_past_posts
from pipelines.past.records import PastArticle, PastReading
from pipelines.past.sitemaps import read_past_sitemap, read_robots
from storage.steps import Step
from storage.window import Window


def read_answer(step: Step, window: Window, sections: bytes | None) -> PastReading:
    """Return what the answer of a step says of a window. Never raises.

    `sections` is WordPress' list of its sections, for posts.
    """
    answer = step.answer
    if answer is None:
        return PastReading(problem="empty")
    if step.way == "posts":
        return read_past_posts(answer.body, answer.content_type, answer.url, window, sections)
    if step.way in {"months", "days"}:
        reading = read_dated_page(answer.body, answer.content_type, answer.url, window)
        return attrs.evolve(reading, articles=tuple(map(_of_dated_page, reading.articles)))
    if step.address.endswith("/robots.txt"):
        return read_robots(answer.body)
    return read_past_sitemap(answer.body, answer.url, window)


def _of_dated_page(article: PastArticle) -> PastArticle:
    return attrs.evolve(article, link=attrs.evolve(article.link, discovered_by="dated_page"))
