"""Extract: real pages, and what their readers say is on them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.extract import extract_article
from pipelines.page.titles import key_of
from storage.records import Article, Page

REAL = Path(__file__).parents[2].parent / "shared/data/pages"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
pytestmark = pytest.mark.skipif(
    not REAL.exists(), reason="the shared data are not beside this checkout"
)


def page(body: bytes, url: str) -> Page:
    """Return a page as fetched."""
    return Page(source="info", url=url, queued_url=url, body=body, fetched_at=NOW)


def ours() -> list[tuple[str, Path, dict[str, list[str]]]]:
    """Return address, file and marked strings of the real pages."""
    folder = REAL / "trafilatura_fr"
    gold = json.loads((folder / "evaldata_fr.json").read_text())
    return [(url, folder / "html" / entry["file"], entry) for url, entry in gold.items()]


def test_real_pages_keep_73_of_76_wanted_strings_and_3_of_78_unwanted() -> None:
    wanted, unwanted = [], []
    for url, file, marked in ours():
        article = extract_article(page(file.read_bytes(), url))
        text = " ".join(article.text.split()) if isinstance(article, Article) else ""
        wanted += [" ".join(string.split()) in text for string in marked["with"]]
        unwanted += [" ".join(string.split()) in text for string in marked["without"]]
    assert (len(wanted), len(unwanted)) == (76, 78)
    assert sum(wanted) >= 73
    assert sum(unwanted) <= 3


def test_real_pages_give_the_title_that_a_reader_sees() -> None:
    wrong = []
    for url, file, gold in ours():
        article = extract_article(page(file.read_bytes(), url))
        assert isinstance(article, Article)
        if gold.get("title") and key_of(article.title) != key_of(str(gold["title"])):
            wrong.append(file.name)
    # One says "Pétition :" before it, the other is a live ticker.
    assert wrong == ["mesopinions.com.mutilation.html", "sports.fr.lorient.html"]


@pytest.mark.parametrize("outlet", ["LeFigaro", "LeMonde", "LesEchos"])
def test_real_pages_of_other_outlets_give_title_and_time(outlet: str) -> None:
    folder = REAL / "fundus_fr"
    gold = json.loads((folder / f"{outlet}.json").read_text())["V1"]
    file = next(folder.glob(f"{outlet}_*.html.gz"))
    url = json.loads((folder / "meta.info").read_text())[file.name]["url"]
    article = extract_article(page(gzip.decompress(file.read_bytes()), url))
    assert isinstance(article, Article)
    assert key_of(article.title) == key_of(gold["title"])
    assert article.published is not None
    assert article.published.at == datetime.fromisoformat(gold["publishing_date"])
