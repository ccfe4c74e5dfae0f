"""Fuzz: whatever bytes come, the readers return and raise nothing but what they say.

`VIGIE_FUZZ_EXAMPLES=20000 pytest tests/crawler/test_fuzz.py` runs for minutes.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.catalogue import CatalogueError, load_catalogue
from crawler.ways import read_way
from pipelines.extract import extract_article
from pipelines.page.decode import decode
from storage.records import Article, Page, Refusal
from storage.urls import canonical_url, is_fetchable

EXAMPLES = int(os.environ.get("VIGIE_FUZZ_EXAMPLES", "40"))
OLDEST = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://matin.example/a"
REASON = re.compile(r"c\.toml: .{12}")
"""How a line of a refusal begins: the file, and words about it."""
fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

PIECES = st.sampled_from(
    [
        b"<rss version='2.0'><channel>", b"<item>", b"</item>", b"<link>https://matin.example/x</link>",
        b"<pubDate>lun., 02 nov. 2026</pubDate>", b"<pubDate>2026-13-45</pubDate>", b"<guid>", b"<title>",
        b"<![CDATA[", b"]]>", b"&amp;", b"&#0;", b"&#xD800;", b"&a;", b"<!DOCTYPE r [<!ENTITY a '&a;'>]>",
        b"<?xml version='1.0' encoding='utf-7'?>", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>",
        b"<urlset>", b"<url><loc>https://matin.example/y</loc>", b"<lastmod>9999-99-99</lastmod>",
        b"<sitemapindex><sitemap><loc>", b"\x1f\x8b\x08", b"<html>", b"<div>", b"<a href='//['>un lien de cinq mots ici</a>",
        b"<a href='http://[::1'>", b"<table><tr><td colspan='999999999'>", b"<script type='application/ld+json'>",
        b'{"@type":"NewsArticle","datePublished":"-0001-01-01","headline":["x",{}]}', b"</script>",
        b"<meta property='article:published_time' content='+99999-01-01T00:00:00+99:99'>", b"<h1>", b"<p>",
        "Le président a reçu l’ambassadeur à Bamako. ".encode() * 6, b"\xff\xfe", b"\x00", b"\xed\xa0\x80", b"\xc3",
        b'[{"link":"https://matin.example/z","title":{"rendered":"t"},"date_gmt":"x"}]', b"[", b"{",
    ]
)  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=400), st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=30).map(b"".join)
)  # fmt: skip
LABELS = st.one_of(st.none(), st.sampled_from(["text/html; charset=utf-16", "x; charset=\x00", "text/xml; charset=cp1252"]), st.text(max_size=30))  # fmt: skip


@fuzz
@given(body=BODIES, label=LABELS)
def test_decoding_never_raises(body: bytes, label: str | None) -> None:
    assert isinstance(decode(body, label), str)


@pytest.mark.parametrize("kind", ["feed", "sitemap", "posts", "section"])
@fuzz
@given(body=BODIES, label=LABELS)
def test_ways_never_raise_and_their_links_can_be_fetched(
    kind: str, body: bytes, label: str | None
) -> None:
    reading = read_way(kind, body, label, "https://matin.example/feed/", OLDEST)
    assert all(is_fetchable(link.url) and canonical_url(link.url) for link in reading.links)


@fuzz
@given(body=BODIES, label=st.one_of(st.none(), st.text(max_size=30)))
def test_extraction_ends_in_an_article_or_a_refusal(body: bytes, label: str | None) -> None:
    headers = (("content-type", label),) if label else ()
    page = Page(
        source="matin", url=URL, queued_url=URL, body=body, headers=headers,
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    )  # fmt: skip
    end = extract_article(page)
    assert isinstance(end, (Article, Refusal))
    if isinstance(end, Article):
        end.text.encode()
        assert len(end.title) <= 500


@fuzz
@given(text=st.one_of(st.text(max_size=200), st.lists(st.sampled_from(["[[source]]\n", 'slug = "a"\n', "slug = 3\n", 'url = "http://["\n', 'url = "http://a.example"\n', 'name = "A"\n', 'country = "ML"\n', "feeds = [1]\n", "delay = nan\n", "delay = -1\n", "[source]\n", "verify_tls = 0\n", 'spider = "../x"\n']), max_size=12).map("".join)))  # fmt: skip
def test_a_catalogue_is_read_or_refused_with_reasons(text: str, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    told = told_of(file)
    assert told
    assert told == ["a"] or [line for line in told if not REASON.match(line)] == []


def told_of(catalogue: Path) -> list[str]:
    """Return the slugs of a catalogue, or the reasons for which it is refused."""
    try:
        return list(load_catalogue(catalogue))
    except CatalogueError as e:
        return str(e).split("\n")
