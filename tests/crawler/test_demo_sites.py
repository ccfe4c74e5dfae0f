"""The imitation news sites: they serve what they promise, in the shape of real ones."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import feedparser
import pytest
import trafilatura
from lxml import etree, html

from crawler.catalogue import load_catalogue
from crawler.demo.rendering import french_date
from crawler.demo.server import DemoSites, serve
from crawler.demo.site import TEASER, load_sites

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
ANNOUNCED = {"faso_aurore": 10, "courrier_djoliba": 10, "rives_oubangui": 9}
NAMESPACES = (
    "schema.org",
    "ogp.me",
    "w3.org",
    "purl.org",
    "sitemaps.org",
    "google.com",
    "api.w.org",
)
"""Hosts of identifiers, which nobody fetches."""
ARTICLES = [
    pytest.param(site.slug, article.path, id=f"{site.slug}-{article.path.strip('/')}")
    for site in load_sites()
    for article in site.articles
    if article.missing_status is None
]


@pytest.fixture(scope="module")
def sites() -> Iterator[DemoSites]:
    with serve(now=NOW) as running:
        yield running


def get(
    url: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.hostname.startswith("127.0.0.")
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def announcement(sites: DemoSites, slug: str) -> str:
    site = next(site for site in sites.sites if site.slug == slug)
    return sites.home(slug) + site.announcement.path.removeprefix("/")


def plain(text: str) -> str:
    return " ".join(text.split())


def test_each_site_has_its_own_loopback_address_on_one_port(sites: DemoSites) -> None:
    homes = [urlsplit(sites.home(slug)) for slug in ANNOUNCED]

    assert [home.hostname for home in homes] == ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    assert len({home.port for home in homes}) == 1


def test_the_sites_describe_themselves_as_a_catalogue(sites: DemoSites, tmp_path: Path) -> None:
    file = tmp_path / "demo.toml"
    file.write_text(sites.sources_toml, encoding="utf-8")

    catalogue = load_catalogue(file)

    assert {slug: (s.country, s.spider, s.cms) for slug, s in catalogue.items()} == {
        "courrier_djoliba": ("ML", "feed", "spip"),
        "faso_aurore": ("BF", "feed", "wordpress"),
        "rives_oubangui": ("CF", "sitemap", "drupal"),
    }
    assert catalogue["faso_aurore"].feeds == (announcement(sites, "faso_aurore"),)
    assert catalogue["rives_oubangui"].feeds == ()


@pytest.mark.parametrize("slug", ["faso_aurore", "courrier_djoliba"])
def test_a_feed_lists_the_articles_of_the_last_days(sites: DemoSites, slug: str) -> None:
    _, _, body = get(announcement(sites, slug))

    feed = feedparser.parse(body)

    assert not feed.bozo
    assert len({entry.link for entry in feed.entries}) == ANNOUNCED[slug]
    moments = [entry.get("published_parsed") or entry.updated_parsed for entry in feed.entries]
    ages = [NOW - datetime(*moment[:6], tzinfo=UTC) for moment in moments]
    assert ages == sorted(ages)
    assert 0 < ages[0].total_seconds() < ages[-1].total_seconds() < 5 * 24 * 3600


def test_the_drupal_site_has_a_news_sitemap_and_no_feed(sites: DemoSites) -> None:
    home = sites.home("rives_oubangui")

    _, _, robots = get(f"{home}robots.txt")
    _, _, sitemap = get(f"{home}sitemap-news.xml")
    _, _, page = get(home)

    assert f"Sitemap: {home}sitemap-news.xml" in robots.decode()
    assert len(etree.fromstring(sitemap).findall("{*}url")) == ANNOUNCED["rives_oubangui"]
    assert b"application/rss+xml" not in page


@pytest.mark.parametrize("slug", ANNOUNCED)
def test_an_unchanged_announcement_is_not_sent_again(sites: DemoSites, slug: str) -> None:
    url = announcement(sites, slug)
    _, headers, _ = get(url)

    by_etag = get(url, {"If-None-Match": headers["ETag"]})
    by_date = get(url, {"If-Modified-Since": headers["Last-Modified"]})
    changed = get(url, {"If-None-Match": '"other"', "If-Modified-Since": headers["Last-Modified"]})

    assert [answer[0] for answer in (by_etag, by_date, changed)] == [304, 304, 200]
    assert by_etag[2] == b""


def test_a_head_request_gets_the_headers_alone(sites: DemoSites) -> None:
    status, headers, body = get(announcement(sites, "faso_aurore"), method="HEAD")

    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 1000


@pytest.mark.parametrize(("slug", "path"), ARTICLES)
def test_the_text_of_an_article_is_extracted_whole(sites: DemoSites, slug: str, path: str) -> None:
    site = next(site for site in sites.sites if site.slug == slug)
    article = next(article for article in site.articles if article.path == path)
    _, _, body = get(sites.home(slug) + path.removeprefix("/"))

    text = trafilatura.extract(body.decode(), fast=True, include_comments=False)

    assert text is not None
    found = plain(text)
    wanted = [plain(words) for words in article.paragraphs if not words.startswith(TEASER)]
    assert [words for words in wanted if words not in found] == []
    assert "Les plus" not in found
    assert "Partager" not in found


@pytest.mark.parametrize(("slug", "path"), ARTICLES)
def test_a_page_is_as_heavy_as_a_real_one_and_links_to_no_real_site(
    sites: DemoSites, slug: str, path: str
) -> None:
    home = sites.home(slug)
    _, _, body = get(home + path.removeprefix("/"))
    page = body.decode()

    hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s\"'<>\\]+", page)}

    assert len(body) >= 25_000
    assert not {
        host
        for host in hosts - {urlsplit(home).hostname}
        if host and not host.endswith((".example", *NAMESPACES))
    }


def test_pages_carry_the_date_in_the_manner_of_their_system(sites: DemoSites) -> None:
    wordpress = get(f"{sites.home('faso_aurore')}aide-alimentaire-25-000-tonnes-ble-russe/")[2]
    spip = get(f"{sites.home('courrier_djoliba')}spip.php?article1841")[2]
    drupal = get(f"{sites.home('rives_oubangui')}actualites/securite/faca-formation-berengo")[2]

    assert '"datePublished":"2026-11-21T05:30:00+00:00"' in wordpress.decode()
    assert "publié le dimanche 22 novembre 2026 à 00h30" in spip.decode()
    assert html.fromstring(drupal).xpath(
        "string(//meta[@property='article:published_time']/@content)"
    ) == ("2026-11-22T03:30:00+00:00")


def test_the_header_of_two_sites_shows_today(sites: DemoSites) -> None:
    for slug in ("faso_aurore", "courrier_djoliba"):
        assert "dimanche 22 novembre 2026" in get(sites.home(slug))[2].decode()


def test_the_texts_have_all_the_typography_of_french(sites: DemoSites) -> None:
    texts = "".join(a.title + a.text for site in sites.sites for a in site.articles)

    signs = ("’", "'", "«\u00a0", "\u00a0»", "\u00a0:", "\u00a0?", "œ", "À ", "Etat")

    assert [sign for sign in signs if sign not in texts] == []
    assert not re.search(r" [:;!?»]|« ", texts)


def test_a_feed_announces_an_address_that_robots_txt_forbids(sites: DemoSites) -> None:
    home = sites.home("faso_aurore")
    rules = RobotFileParser()
    rules.parse(get(f"{home}robots.txt")[2].decode().splitlines())
    links = [entry.link for entry in feedparser.parse(get(f"{home}feed/")[2]).entries]

    assert [link for link in links if not rules.can_fetch("vigie", link)] == [
        f"{home}espace-abonnes/or-societe-russe-niou/"
    ]


def test_announced_articles_may_be_gone_with_404_or_with_200(sites: DemoSites) -> None:
    hard = get(f"{sites.home('faso_aurore')}conseil-des-ministres-nominations/")
    soft = get(f"{sites.home('courrier_djoliba')}spip.php?article1833")

    assert [hard[0], soft[0]] == [404, 200]
    assert "<title>Page introuvable</title>" in soft[2].decode()


def test_an_unknown_address_is_not_found(sites: DemoSites) -> None:
    assert get(f"{sites.home('faso_aurore')}wp-content/uploads/x.jpg")[0] == 404


def test_one_dispatch_is_printed_by_two_sites() -> None:
    texts = {site.slug: {a.path: a.text for a in site.articles} for site in load_sites()}
    first = texts["faso_aurore"]["/maison-russe-ouagadougou-ouverture/"]
    second = texts["courrier_djoliba"]["/spip.php?article1827"]

    shared = {plain(p).replace("’", "'") for p in first.split("\n\n")} & {
        plain(p).replace("’", "'") for p in second.split("\n\n")
    }

    assert len(shared) == 3


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", 0))
        taken.listen()

        with pytest.raises(OSError, match="in use"):
            serve(port=taken.getsockname()[1])


def test_the_sites_stop_when_closed() -> None:
    running = serve()
    home = running.home("faso_aurore")
    running.close()

    with pytest.raises(ConnectionRefusedError):
        get(home)


def test_the_first_of_a_month_is_written_as_the_french_do() -> None:
    assert french_date(datetime(2026, 5, 1, tzinfo=UTC)) == "vendredi 1er mai 2026"
