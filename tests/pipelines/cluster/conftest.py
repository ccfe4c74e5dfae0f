"""A reading with every field filled, and one with as few as there can be."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from storage.records import (
    Article,
    CountryMention,
    Flag,
    Language,
    Match,
    Page,
    Published,
    Reading,
)

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
URL = "https://matin.example/a1"


@pytest.fixture
def page() -> Page:
    return Page(
        source="matin",
        url=URL,
        queued_url=f"{URL}?utm_source=x",
        body=b"<p>Le bl\xc3\xa9 russe</p>",
        fetched_at=NOW,
        status=203,
        headers=(("content-type", "text/html"), ("x", "\u00e9")),
        country="ML",
        language="fr",
        outlet="Le Matin",
    )


@pytest.fixture
def bare() -> Reading:
    return Reading(
        queued_url=URL,
        fetched_at=NOW,
        status=200,
        headers=(),
        article=Article(
            source="matin", url=URL, canonical_url=URL, title="Du blé", text="Le blé russe."
        ),
        language=Language(code="fr", confidence=0.0, certain=False),
        flag=Flag(rule_set="rules-1", flagged=False, score=0),
        text_digest="d",
    )


@pytest.fixture
def full(bare: Reading) -> Reading:
    article = attrs.evolve(
        bare.article,
        standfirst="Un cœur de métier",
        authors=("A. Diarra", "B. Keïta"),
        published=Published(at=NOW, printed="22 nov. 2026", precision="minute", origin="json-ld"),
        modified_at=NOW,
        section="Économie",
        tags=("blé",),
        image="https://matin.example/i.jpg",
        declared_language="fr-ML",
        partial=True,
    )
    flag = Flag(
        rule_set="rules-1",
        flagged=True,
        score=64,
        themes=("food",),
        countries=("ML",),
        mentioned=("SN",),
        undecided=("CD|CG",),
        status="agreement",
        status_words="ont signé",
        matches=(
            Match(
                rule="wheat",
                theme="food",
                field="text",
                start=3,
                end=12,
                words="blé russe",
                sentence_start=0,
                sentence_end=13,
                term="russe+",
            ),
            Match(
                rule="mask:idiom",
                theme=None,
                field="title",
                start=0,
                end=2,
                words="Du",
                sentence_start=0,
                sentence_end=6,
                masked="idiom",
            ),
        ),
        mentions=(
            CountryMention(
                codes=("CD", "CG"), field="text", start=0, end=2, words="Le", partner=False
            ),
        ),
        arithmetic=(("strength 2", 32), ("density", 8.8)),
    )
    return attrs.evolve(
        bare,
        queued_url=f"{URL}?utm_source=x",
        status=203,
        headers=(("content-type", "text/html"), ("x", "é")),
        article=article,
        language=Language(code="fr", confidence=0.9931, certain=True),
        flag=flag,
        fingerprint=(-(2**63), 5, 2**63 - 1),
        raw=b"x\x00\xff",
        raw_sha256="f" * 64,
    )
