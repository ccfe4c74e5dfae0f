"""Whole crawls by the real command over real sockets."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable

Make = Callable[[int, int], "Sites"]  # noqa: F821 - of conftest


def start_sites(vigie, make_sites, count: int, articles: int):
    sites = make_sites(count, articles)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    return sites


def crawl(vigie, *arguments: str):
    return vigie("crawl", "--sources", "sources.toml", *arguments)


def test_twenty_sites_of_fifty_articles_are_stored_once_and_not_fetched_again(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites, 20, 50)

    first = crawl(vigie, "--json")
    assert first.returncode == 0, first.stderr
    assert vigie.rows("select count(*), count(distinct canonical_url) from articles") == [
        (1000, 1000)
    ]
    fetched = sum(n for path, n in sites.requests.items() if "/article-" in path)
    assert fetched == 1000

    second = crawl(vigie)
    assert second.returncode == 0, second.stderr
    assert sum(n for path, n in sites.requests.items() if "/article-" in path) == 1000
    assert sites.not_modified == 20
    assert vigie.rows("select stored, requests from runs where id = 2") == [
        (0, 20)
    ]  # the feeds; robots.txt is used for a day


def test_a_crawl_that_is_killed_again_and_again_ends_with_every_article_once(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites, 20, 25)
    dice = random.Random(20261122)
    for _ in range(5):
        enough = len(sites.asked) + dice.randint(20, 120)
        assert vigie.kill_when(
            lambda enough=enough: len(sites.asked) >= enough, "crawl", "--sources", "sources.toml"
        )

    last = crawl(vigie)

    assert last.returncode == 0, last.stderr
    assert vigie.rows("select count(*), count(distinct canonical_url) from articles") == [
        (500, 500)
    ]
    assert vigie.rows("select count(*) from pages where outcome is not 'stored'") == [(0,)]
    assert vigie.rows("pragma integrity_check") == [("ok",)]
    assert vigie("db", "check").returncode == 0


def test_a_second_crawl_on_the_same_archive_exits_3_and_writes_nothing(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites, 1, 3)
    sites.pages["/article-0.html"] = (200, "text/html", b"")
    assert crawl(vigie).returncode == 0
    from storage.lock import crawl_lock

    before = vigie.rows("select count(*) from runs")
    with crawl_lock(vigie.db):
        second = crawl(vigie)

    assert second.returncode == 3
    assert "already running" in second.stderr
    assert vigie.rows("select count(*) from runs") == before


def test_every_page_ends_in_one_outcome_with_a_reason(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites, 1, 8)
    html = "text/html; charset=utf-8"
    english = "<p>" + "The minister said that the government would build a new road. " * 20 + "</p>"
    sites.pages |= {
        "/article-0.html": (404, html, b"no"),
        "/article-1.html": (403, html, b"no"),
        "/article-2.html": (500, html, b"no"),
        "/article-3.html": (200, "image/jpeg", b"\xff\xd8\xff\xe0" + b"\0\x01" * 900),
        "/article-4.html": (200, html, f"<html><h1>News</h1>{english}</html>".encode()),
        "/article-5.html": (200, html, b"<html><title>Page introuvable</title><p>Rien</p></html>"),
        "/article-6.html": (200, html, b""),
        "/robots.txt": (200, "text/plain", b"User-agent: *\nDisallow: /article-7.html\n"),
    }

    assert crawl(vigie).returncode == 0

    outcomes = dict(vigie.rows("select substr(url, -14), reason from pages"))  # type: ignore[arg-type]
    assert outcomes == {
        "article-0.html": "gone",
        "article-1.html": "forbidden",
        "article-2.html": "server_error",
        "article-3.html": "not_html",
        "article-4.html": "not_french",
        "article-5.html": "soft_404",
        "article-6.html": "empty",
        "article-7.html": "robots",
    }
    assert sites.requests[f"{sites.hosts[0]}/article-7.html"] == 0
    waiting = vigie.rows("select count(*) from pages where state = 'queued'")
    assert waiting == [(2,)]  # forbidden and server_error may pass


def test_a_source_whose_feed_is_a_web_page_is_read_by_another_way(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites, 1, 4)
    body = sites.answer(sites.hosts[0], "/feed/")[2]
    home = "<html><head><link rel='alternate' type='application/rss+xml' href='/actus.rss'></head><body>Accueil</body></html>"
    sites.pages |= {
        "/feed/": (200, "text/html", b"<!doctype html><html><body>Accueil</body></html>"),
        "/": (200, "text/html", home.encode()),
        "/actus.rss": (200, "application/rss+xml", body),
    }

    assert crawl(vigie).returncode == 0
    assert vigie.rows("select count(*) from articles") == [(4,)]
    ways = vigie.rows("select kind, problem, links from feeds order by url")
    assert ways == [("feed", None, 4), ("feed", "html", 0)]


def test_a_source_without_any_way_in_makes_the_run_need_a_person(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites, 2, 3)
    sites.pages["/feed/"] = (500, "text/plain", b"broken")

    done = crawl(vigie)

    assert done.returncode == 1
    assert "no way in: site_0 site_1" in done.stderr
    status = vigie("status")
    assert status.returncode == 1
    assert "broken" in status.stdout
    assert "feed_server_error" in status.stdout


def test_private_addresses_are_refused_unless_the_configuration_opens_them(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites, 1, 3)
    (vigie.folder / "vigie.toml").write_text("[fetch]\ndelay = 1\n", encoding="utf-8")

    done = crawl(vigie)

    assert done.returncode == 1
    assert not sites.requests
    assert "feed_blocked_address" in done.stdout


def test_scrapy_itself_lists_and_crawls_the_catalogue(vigie, make_sites, monkeypatch) -> None:
    import subprocess
    import sys

    start_sites(vigie, make_sites, 2, 3)
    environment = {
        "PATH": "/usr/bin",
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "VIGIE_SOURCES": "sources.toml",
    }
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run(
        [*scrapy, "list"],
        cwd=vigie.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout.split() == ["site_0", "site_1"]

    subprocess.run(
        [*scrapy, "crawl", "site_1"],
        cwd=vigie.folder,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert vigie.rows("select source, count(*) from articles") == [("site_1", 3)]
    assert vigie.rows("select exit_code, reason, stored from runs") == [(0, "finished", 3)]


def test_a_stopped_crawl_keeps_what_it_has_and_says_so(vigie, make_sites) -> None:
    start_sites(vigie, make_sites, 4, 30)
    process = vigie.start("crawl", "--sources", "sources.toml")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        time.sleep(0.1)
        if (
            vigie.db.exists()
            and vigie.rows("select count(*) from sqlite_master where name = 'articles'") == [(1,)]
            and vigie.rows("select count(*) > 5 from articles") == [(1,)]
        ):
            break
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)

    assert "run 1 stopped" in out, err
    stored = vigie.rows("select count(*) from articles")[0][0]
    assert vigie.rows("select stored, reason from runs") == [(stored, "stopped")]
    assert crawl(vigie).returncode == 0
    assert vigie.rows("select count(*) from articles") == [(120,)]
