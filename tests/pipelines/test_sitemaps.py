"""Sitemaps: news sitemaps, plain ones, indexes, text, gzip, and what is none of these."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipelines.sitemaps import MAX_BYTES, MAX_LINKS, ChildSitemap, SitemapReading, read_sitemap
from storage.records import Link

FEEDS = Path(__file__).parents[2].parent / "shared/data/feeds"
HOME = "https://info.example/sitemap.xml"

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc> https://info.example/spip.php?article12 </loc>
  <lastmod>2026-11-21T08:00:00+00:00</lastmod>
  <image:image><image:loc>https://info.example/a.jpg</image:loc></image:image>
  <news:news><news:publication><news:name>Info</news:name><news:language>fr</news:language></news:publication>
   <news:publication_date>2026-11-20T14:32:00+01:00</news:publication_date>
   <news:title>Mali : la Russie livre du blé</news:title></news:news></url>
 <url><loc>https://info.example/spip.php?article13</loc></url>
</urlset>"""


def test_a_news_sitemap_gives_title_and_publication_date() -> None:
    assert read_sitemap(NEWS.encode(), HOME) == SitemapReading(
        links=(
            Link(
                url="https://info.example/spip.php?article12",
                discovered_by="sitemap",
                title="Mali : la Russie livre du blé",
                published_hint="2026-11-20T14:32:00+01:00",
            ),
            Link(url="https://info.example/spip.php?article13", discovered_by="sitemap"),
        ),
        modified_hints={"https://info.example/spip.php?article12": "2026-11-21T08:00:00+00:00"},
    )


def test_the_day_of_a_change_is_no_publication_date() -> None:
    body = b"<urlset><url><loc>https://info.example/a</loc><lastmod>2026-11-21</lastmod></url></urlset>"
    reading = read_sitemap(body, HOME)
    assert reading.links[0].published_hint is None
    assert reading.modified_hints == {"https://info.example/a": "2026-11-21"}


def test_a_gzipped_sitemap_is_the_same() -> None:
    assert read_sitemap(gzip.compress(NEWS.encode()), HOME) == read_sitemap(NEWS.encode(), HOME)


def test_an_index_lists_its_children_without_itself() -> None:
    body = (
        f"<sitemapindex><sitemap><loc>{HOME}</loc></sitemap><sitemap><loc>/sitemap-2.xml</loc>"
        "<lastmod>2026-11-21</lastmod></sitemap></sitemapindex>"
    )
    child = ChildSitemap(url="https://info.example/sitemap-2.xml", modified_hint="2026-11-21")
    assert read_sitemap(body.encode(), HOME) == SitemapReading(sitemaps=(child,))


def test_a_text_sitemap_has_an_address_on_each_line() -> None:
    body = "\ufeffhttps://info.example/a\r\n\r\n# rien\r\nhttps://info.example/b\r\n".encode()
    assert [link.url for link in read_sitemap(body, HOME).links] == [
        "https://info.example/a",
        "https://info.example/b",
    ]


def test_a_cut_sitemap_keeps_what_came_before_the_cut() -> None:
    reading = read_sitemap(NEWS[: NEWS.rindex("<url>") + 20].encode(), HOME)
    assert [link.url for link in reading.links] == ["https://info.example/spip.php?article12"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "html"),
        (b"\x1f\x8bnot gzip", "malformed"),
        (b"<urlset></urlset>", "malformed"),
        (b"/etc/passwd", "malformed"),
    ],
    ids=["nothing", "web page", "broken gzip", "no entry", "path"],
)
def test_what_is_no_sitemap_says_why(body: bytes, problem: str) -> None:
    assert read_sitemap(body, HOME) == SitemapReading(problem=problem)


def test_a_gzip_bomb_is_cut() -> None:
    bomb = gzip.compress(b"https://info.example/a\n" + b" " * (MAX_BYTES + 1000), compresslevel=1)
    reading = read_sitemap(bomb, HOME)
    assert (len(reading.links), reading.problem) == (1, "too_big")


def test_no_more_links_are_taken_than_the_standard_allows() -> None:
    body = "\n".join(f"https://info.example/{n}" for n in range(MAX_LINKS + 10)).encode()
    reading = read_sitemap(body, HOME)
    assert (len(reading.links), reading.problem) == (MAX_LINKS, "too_big")


def test_an_outside_entity_stays_closed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("motdepasse")
    body = (
        f'<!DOCTYPE u [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<urlset><url><loc>https://info.example/&x;</loc></url></urlset>"
    )
    assert "motdepasse" not in repr(read_sitemap(body.encode(), HOME))


@pytest.mark.skipif(not FEEDS.exists(), reason="the shared data are not beside this checkout")
@pytest.mark.parametrize(
    ("name", "links", "sitemaps"),
    [
        ("adbar_trafilatura/sitemap.xml", 84, 0),
        ("adbar_trafilatura/sitemap.xml.gz", 84, 0),
        ("adbar_trafilatura/sitemap2.xml", 0, 2),
        ("adbar_trafilatura/sitemap-hreflang.xml", 3, 1),
        ("commoncrawl_news-crawl/sitemap-news.xml", 1, 0),
    ],
)
def test_each_real_sitemap_gives_what_a_reader_finds_in_it(
    name: str, links: int, sitemaps: int
) -> None:
    reading = read_sitemap((FEEDS / name).read_bytes(), HOME)
    assert (len(reading.links), len(reading.sitemaps), reading.problem) == (links, sitemaps, None)
