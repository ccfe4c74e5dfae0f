"""The faults that are told of real sites of the catalogue: each heals or is an alarm."""

from __future__ import annotations

import sqlite3

import pytest

HTML, RSS, TEXT = "text/html; charset=utf-8", "application/rss+xml", "text/plain; charset=utf-8"
CHALLENGE = b"<!doctype html><html><head><title>Just a moment...</title></head><body></body></html>"
TODAY = "dimanche 22 novembre 2026"

HTML_FEED, CLOUDFLARE, NO_SUCH_FEED, RIVALS, TODAYS_DATE, GONE = range(6)


def page_with_todays_date(sites, host: str, path: str) -> bytes:
    """Return an article of 14 November whose header prints the present day."""
    page = sites._page(host, path)  # noqa: SLF001 - the conftest's own
    header = f"<header><div class='date'>{TODAY}</div></header><nav>"
    line = "</h1><p class='meta'>Publié le 14 novembre 2026 à 10h20</p>"
    return page.replace("<nav>", header).replace("</h1>", line).encode()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory, request):
    vigie_class, sites_class = request.getfixturevalue("imitations")
    vigie, sites = vigie_class(tmp_path_factory.mktemp("field")), sites_class(6, 3)
    host = sites.hosts
    live = [sites.answer(h, "/feed/")[2] for h in host]
    bare = live[TODAYS_DATE].decode().split("<pubDate>")
    undated = "".join([bare[0], *(part.partition("</pubDate>")[2] for part in bare[1:])]).encode()
    home = "<html><head><link rel='alternate' type='application/rss+xml' href='/actus.xml'></head><body></body></html>"
    sites.pages |= {
        f"{host[HTML_FEED]}/feed/": (200, HTML, b"<!doctype html><html><body>Accueil</body></html>"),
        f"{host[HTML_FEED]}/": (200, HTML, home.encode()),
        f"{host[HTML_FEED]}/actus.xml": (200, RSS, live[HTML_FEED]),
        f"{host[CLOUDFLARE]}/feed/": (403, HTML, CHALLENGE),
        f"{host[CLOUDFLARE]}/": (403, HTML, CHALLENGE),
        f"{host[NO_SUCH_FEED]}/feed/": (200, TEXT, b"There is no feed by that name."),
        f"{host[NO_SUCH_FEED]}/rss.xml": (200, RSS, live[NO_SUCH_FEED]),
        f"{host[RIVALS]}/feed/": (404, HTML, b""),
        f"{host[RIVALS]}/rss2.php": (200, RSS, b""),
        f"{host[RIVALS]}/rss.php": (200, RSS, live[RIVALS]),
        f"{host[TODAYS_DATE]}/feed/": (200, RSS, undated),
        f"{host[GONE]}/feed/": (404, HTML, b"<h1>Page introuvable</h1>"),
        f"{host[GONE]}/news-sitemap.xml": (200, "application/xml", sitemap(sites, host[GONE])),
    }  # fmt: skip
    for n in range(3):
        path = f"/article-{n}.html"
        body = page_with_todays_date(sites, host[TODAYS_DATE], path)
        sites.pages[f"{host[TODAYS_DATE]}{path}"] = (200, HTML, body)
    catalogue = sites.catalogue()
    feeds = [f'"{sites.home(host[RIVALS])}{name}"' for name in ("feed/", "rss2.php", "rss.php")]
    catalogue = catalogue.replace(f"feeds = [{feeds[0]}]", f"feeds = [{', '.join(feeds)}]")
    (vigie.folder / "sources.toml").write_text(catalogue, encoding="utf-8")
    done = vigie("crawl", "--sources", "sources.toml")
    assert done.returncode == 1, done.stderr
    yield vigie, sqlite3.connect(vigie.db)
    sites.close()


def sitemap(sites, host: str) -> bytes:
    urls = "".join(f"<url><loc>{sites.home(host)}article-{n}.html</loc></url>" for n in range(3))
    return f"<urlset>{urls}</urlset>".encode()


@pytest.mark.parametrize(
    ("source", "kind", "path"),
    [
        (HTML_FEED, "feed", "/actus.xml"),
        (NO_SUCH_FEED, "feed", "/rss.xml"),
        (RIVALS, "feed", "/rss.php"),
        (GONE, "sitemap", "/news-sitemap.xml"),
    ],
    ids=["maliweb: the feed is a page", "dw: no feed by that name", "cridem: three rival feeds",
         "jeuneafrique: the feed is 404"],
)  # fmt: skip
def test_another_way_is_found(crawled, source: int, kind: str, path: str) -> None:
    _, db = crawled
    slug = f"site_{source}"
    stored = db.execute("select count(*) from articles where source = ?", [slug]).fetchone()
    ways = db.execute("select kind, url from feeds where source = ? and links > 0", [slug])
    found = [(kind, url.partition("127.0.1.")[2]) for kind, url in ways]
    assert stored == (3,)
    assert [(kind, url[url.index("/") :]) for kind, url in found] == [(kind, path)]


def test_a_site_behind_a_challenge_is_blocked_and_not_broken(crawled) -> None:
    vigie, _ = crawled
    status = vigie.json("status")
    states = {source["source"]: source["state"] for source in status["sources"]}
    assert states[f"site_{CLOUDFLARE}"] == "blocked"
    assert [slug for slug, state in states.items() if state == "broken"] == []


def test_the_date_in_a_page_header_is_not_the_articles(crawled) -> None:
    _, db = crawled
    dates = db.execute(
        "select distinct substr(published_at, 1, 10) from articles where source = ?",
        [f"site_{TODAYS_DATE}"],
    ).fetchall()
    assert dates == [("2026-11-14",)]
