"""Taking: by what an article that was read elsewhere is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from storage.archive import Archive
from storage.records import Reading
from storage.taking import Identity, Taking

URL = "https://matin.example/a1"


@pytest.mark.parametrize(
    ("source", "canonical_url", "is_known"),
    [
        ("soir", URL, True),
        ("matin", "https://matin.example/autre", True),
        ("soir", "https://soir.example/a1", False),
    ],
    ids=["same address", "same text of the same source", "same text of another source"],
)
def test_an_article_is_known_by_its_address_or_by_its_text_in_its_source(
    archive: Archive, now: datetime, make_reading: Callable[..., Reading],
    source: str, canonical_url: str, *, is_known: bool,
) -> None:  # fmt: skip
    reading = make_reading(URL)
    archive.articles.store(reading, now)
    identity = Identity(source=source, canonical_url=canonical_url, text_digest=reading.text_digest)

    known = Taking(archive).known(identity, URL)

    assert (known is not None) is is_known
