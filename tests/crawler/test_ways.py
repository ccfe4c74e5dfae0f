from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.source import Source
from crawler.ways import likely_feeds, likely_sitemaps, read_way

OLDEST = datetime(2026, 11, 1, tzinfo=UTC)
HOME = "https://matin.example/"


def source(**keys: object) -> Source:
    return Source.model_validate(
        {"slug": "matin", "name": "Matin", "country": "ML", "url": HOME} | keys
    )


def feed(*items: tuple[str, str]) -> bytes:
    entries = "".join(
        f"<item><title>t</title><link>{HOME}{path}</link><pubDate>{date}</pubDate></item>"
        for path, date in items
    )
    return f'<rss version="2.0"><channel>{entries}</channel></rss>'.encode()


def test_old_links_of_a_feed_are_counted_and_left_out() -> None:
    body = feed(
        ("neuf", "Sat, 21 Nov 2026 10:00:00 GMT"),
        ("vieux", "Sat, 10 Oct 2026 10:00:00 GMT"),
        ("sans-date", ""),
    )

    reading = read_way("feed", body, None, f"{HOME}feed/", OLDEST)

    assert [link.url for link in reading.links] == [f"{HOME}neuf", f"{HOME}sans-date"]
    assert reading.found == 3


def test_old_pages_of_a_plain_sitemap_are_left_out_and_the_index_gives_the_latest_children() -> (
    None
):
    plain = (
        f"<urlset><url><loc>{HOME}a</loc><lastmod>2026-11-20</lastmod></url>"
        f"<url><loc>{HOME}b</loc><lastmod>2019-01-01</lastmod></url></urlset>"
    ).encode()
    children = "".join(
        f"<sitemap><loc>{HOME}s{n}.xml</loc><lastmod>2026-11-{n:02}</lastmod></sitemap>"
        for n in range(1, 7)
    )

    reading = read_way("sitemap", plain, None, f"{HOME}sitemap.xml", OLDEST)
    index = f"<sitemapindex>{children}</sitemapindex>".encode()

    assert [link.url for link in reading.links] == [f"{HOME}a"]
    assert reading.found == 2
    assert read_way("sitemap", index, None, f"{HOME}i.xml", OLDEST).sitemaps == (
        f"{HOME}s6.xml",
        f"{HOME}s5.xml",
        f"{HOME}s4.xml",
    )


def test_a_home_page_gives_links_and_the_feeds_it_declares() -> None:
    body = (
        "<html><head><link rel=alternate type='application/rss+xml' href='/actus.rss'></head><body>"
        "<a href='/2026/11/21/le-marche-de-segou-rouvre/'>Le marché de Ségou rouvre ses portes</a>"
        "<a href='/contact'>Contact</a></body></html>"
    ).encode()

    reading = read_way("section", body, "text/html; charset=utf-8", HOME, OLDEST)

    assert [link.url for link in reading.links] == [f"{HOME}2026/11/21/le-marche-de-segou-rouvre/"]
    assert reading.feeds == (f"{HOME}actus.rss",)


@pytest.mark.parametrize(
    ("cms", "first", "count"),
    [
        ("spip", f"{HOME}spip.php?page=backend", 1),
        (None, f"{HOME}feed/", 5),
        ("custom", f"{HOME}feed/", 5),
    ],
)
def test_the_usual_feed_addresses_follow_the_system(
    cms: str | None, first: str, count: int
) -> None:
    addresses = likely_feeds(source(cms=cms))

    assert (addresses[0], len(addresses)) == (first, count)


def test_robots_names_sitemaps_and_news_come_first() -> None:
    robots = "User-agent: *\nSitemap: https://matin.example/pages.xml\nsitemap: https://matin.example/news.xml\n"

    assert likely_sitemaps(source(), robots) == (f"{HOME}news.xml", f"{HOME}pages.xml")
    assert likely_sitemaps(source(), "")[0] == f"{HOME}news-sitemap.xml"
