"""Which of the articles that an API gives are still to be read."""

from __future__ import annotations

from typing import cast

from crawler.backfill.asking import Asker
from crawler.backfill.texts import Texts, covers
from crawler.source import Source
from pipelines.past.records import PastArticle
from pipelines.workers import Workers
from storage.archive import Archive
from storage.records import Link, Refusal
from storage.steps import Step
from storage.times import now

SOURCE = Source.model_validate(
    {"slug": "jour", "name": "Le Jour", "country": "ML", "url": "https://jour.example/"}
)
STEP = Step(id=1, backfill=1, way="posts", address="https://jour.example/wp-json/x", answer=None)


def article(number: int, post: bytes | None = b"{}") -> PastArticle:
    url = f"https://jour.example/article-{number}/"
    return PastArticle(link=Link(url=url, discovered_by="posts"), post=post)


def test_an_article_that_the_live_crawl_settled_is_left_alone() -> None:
    archive = Archive.open(":memory:")
    archive.know_sources([SOURCE.facts])
    known = [article(number) for number in (1, 2)]
    archive.queue.add("jour", [one.link for one in known], now())
    settled = Refusal(source="jour", queued_url=known[0].link.url, reason="gone")
    archive.queue.refuse(settled, now())
    texts = Texts(SOURCE, archive, cast("Workers", None), cast("Asker", None))

    pages = texts.unsettled(STEP, [*known, article(3), article(4, post=None)])

    assert [page.url[-2:] for page in pages] == ["2/", "3/"]
    assert dict(pages[0].headers) == {
        "content-type": "application/json",
        "content-location": STEP.address,
    }


def test_a_text_covers_another_with_most_of_its_words() -> None:
    printed = "Le maire a inauguré le marché de Ségou devant les habitants réunis."

    assert covers(printed, printed)
    assert covers(printed + " Un mot de plus.", printed)
    assert covers(printed, printed + " Répondre")
    assert not covers("Le maire a inauguré le marché […]", printed)
