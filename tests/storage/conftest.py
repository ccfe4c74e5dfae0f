"""An archive in memory, and records to put in it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import attrs
import pytest

from storage.archive import Archive
from storage.records import (
    Article,
    CountryMention,
    Flag,
    Language,
    Link,
    Match,
    Published,
    Reading,
    SourceFacts,
)

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
PAGE = b"<html><p>Des instructeurs russes</p></html>"
TEXT = "Des instructeurs russes sont arrivés à Bamako. L’armée les attendait."


def facts(slug: str, alignment: str | None = None) -> SourceFacts:
    return SourceFacts(
        slug=slug,
        name=slug.title(),
        country="ML",
        language="fr",
        url=f"https://{slug}.example",
        outlet="press",
        ownership=None,
        alignment=alignment,
        active=True,
    )


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def archive() -> Archive:
    archive = Archive.open(":memory:")
    archive.know_sources([facts("matin"), facts("soir"), facts("relais", "russian_network")])
    archive.runs.begin("test", "rules-1", "[[rule]]", NOW)
    return archive


@pytest.fixture
def make_reading(archive: Archive) -> Callable[..., Reading]:
    """Return a function that queues a page and makes its reading."""

    def make(
        url: str = "https://matin.example/a1", source: str = "matin", **changes: object
    ) -> Reading:
        archive.queue.add(source, [Link(url=url, discovered_by="feed")], NOW)
        article = Article(
            source=source,
            url=url,
            canonical_url=url,
            title="Mali : l’armée accueille des instructeurs",
            standfirst="Un cœur de métier",
            text=TEXT,
            authors=("A. Diarra",),
            published=Published(
                at=NOW, printed="2026-11-22T06:30:00+00:00", precision="second", origin="json-ld"
            ),
        )
        reading = Reading(
            queued_url=url,
            fetched_at=NOW,
            status=200,
            headers=(("content-type", "text/html"),),
            article=article,
            language=Language(code="fr", confidence=0.99, certain=True),
            flag=_flag(),
            text_digest=f"digest of {url}",
            fingerprint=tuple(range(10)),
            raw=zlib.compress(PAGE),
            raw_sha256=hashlib.sha256(PAGE).hexdigest(),
        )
        return attrs.evolve(reading, **changes)

    return make


def _flag() -> Flag:
    return Flag(
        rule_set="rules-1",
        flagged=True,
        score=64,
        themes=("military",),
        countries=("ML",),
        matches=(
            Match(
                rule="military-training",
                theme="military",
                field="text",
                start=4,
                end=23,
                words="instructeurs russes",
                sentence_start=0,
                sentence_end=46,
                term="instructeur+ russe+",
            ),
        ),
        mentions=(
            CountryMention(
                codes=("ML",), field="text", start=39, end=45, words="Bamako", partner=True
            ),
        ),
        arithmetic=(("strength 3", 45.0),),
    )
