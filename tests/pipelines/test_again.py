"""Again: a page whose article is stored, compared with what it said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.again import Revised, read_again
from pipelines.matching.ruleset import RuleSet
from pipelines.read import read_page, use_rules
from storage.records import Page, Reading, Refusal
from storage.revisits import Revisit

URL = "https://info.example/ble"
FLAGGED = "Le Mali a signé un accord avec la Russie, a dit le ministre."
PLAIN = [f"Le convoi numéro {n} a quitté le port de Conakry avant la nuit." for n in range(9)]


def page(*lines: str) -> Page:
    """Return a page of these lines as fetched."""
    text = "".join(f"<p>{line}</p>" for line in lines)
    body = (
        "<!doctype html><html lang='fr'><head><title>Le blé du port</title></head><body>"
        f"<article><h1>Le blé du port</h1>{text}</article></body></html>"
    )
    return Page(
        source="info", url=URL, queued_url=URL, body=body.encode(),
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC), country="GN",
    )  # fmt: skip


@pytest.fixture
def before(rules: RuleSet) -> Revisit:
    """Return a flagged article as it is stored."""
    use_rules(rules)
    reading = read_page(page(FLAGGED, *PLAIN), "none")
    assert isinstance(reading, Reading)
    article = reading.article
    return Revisit(
        article=1, url=URL, title=article.title, standfirst=article.standfirst, text=article.text,
        etag=None, last_modified=None,
    )  # fmt: skip


def test_what_says_the_same_is_no_revision(before: Revisit) -> None:
    assert read_again(page(FLAGGED, *PLAIN, "Lu 123 fois"), before) is None


@pytest.mark.parametrize(
    ("added", "is_flagged"),
    [("La Russie et le Mali ont un autre accord.", True), ("Le maire a remercié tous.", False)],
)
def test_what_is_added_is_judged_by_itself(before: Revisit, added: str, is_flagged: bool) -> None:
    found = read_again(page(FLAGGED, *PLAIN, added), before)

    assert isinstance(found, Revised)
    assert found.reading.flag.flagged
    assert found.added is not None
    assert found.added.flagged is is_flagged


def test_where_something_is_taken_away_nothing_is_judged_by_itself(before: Revisit) -> None:
    found = read_again(page(*PLAIN), before)

    assert isinstance(found, Revised)
    assert (found.reading.flag.flagged, found.added) == (False, None)


def test_a_page_without_its_article_is_refused(before: Revisit) -> None:
    assert isinstance(read_again(page(), before), Refusal)
