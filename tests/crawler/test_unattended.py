"""What keeps a crawl going by itself: schedules, other ways, pauses, signals, logs."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

HTML = "text/html; charset=utf-8"


def start_sites(vigie, make_sites, count: int = 1, articles: int = 3):
    sites = make_sites(count, articles)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    return sites


def crawl(vigie, *arguments: str):
    return vigie("crawl", "--sources", "sources.toml", *arguments)


def test_a_source_is_asked_again_when_its_turn_comes_or_when_it_is_named(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites)
    feed = f"{sites.hosts[0]}/feed/"
    with (vigie.folder / "vigie.toml").open("a", encoding="utf-8") as file:
        file.write('[paths]\nsources = "sources.toml"\n')
    assert vigie("crawl").returncode == 0

    idle = vigie("crawl")
    assert (idle.returncode, "no source is due" in idle.stderr) == (0, True)
    assert sites.requests[feed] == 1
    for named in (["site_0"], ["--country", "ML"], ["--sources", "sources.toml"], ["--all"]):
        before = sites.requests[feed]
        assert vigie("crawl", *named).returncode == 0
        assert sites.requests[feed] == before + 1
    with closing(sqlite3.connect(vigie.db, isolation_level=None)) as db:
        db.execute("update schedules set next_poll_at = '2020-01-01T00:00:00Z'")
    assert vigie("crawl").returncode == 0
    assert sites.requests[feed] == 6


def feed_of(sites, published: str) -> bytes:
    item = (
        f"<item><title>Un titre</title><link>{sites.home(sites.hosts[0])}vieux.html</link>"
        f"<pubDate>{published}</pubDate></item>"
    )
    return f'<rss version="2.0"><channel><title>Site</title>{item}</channel></rss>'.encode()


def test_a_frozen_feed_is_left_for_another_way_which_is_remembered(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites)
    live = sites.answer(sites.hosts[0], "/feed/")[2]
    sites.pages |= {
        "/feed/": (200, "application/rss+xml", feed_of(sites, "Fri, 14 Mar 2025 08:00:00 GMT")),
        "/spip.php?page=backend": (200, "application/rss+xml", live),
    }

    assert crawl(vigie).returncode == 0
    assert vigie.rows("select count(*) from articles") == [(3,)]
    assert vigie.rows("select problem from feeds where url like '%/feed/'") == [("frozen",)]
    sites.requests.clear()
    assert crawl(vigie, "site_0").returncode == 0
    assert sum(sites.requests.values()) == 1  # the feed that was found; robots.txt is known
    with closing(sqlite3.connect(vigie.db, isolation_level=None)) as db:
        db.execute("update feeds set polls = 9 where url like '%backend'")
    assert crawl(vigie, "site_0").returncode == 0
    assert sites.requests[f"{sites.hosts[0]}/feed/"] == 1  # it may have come back


def test_of_several_feeds_the_one_that_worked_last_is_asked_first(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites)
    file, home = vigie.folder / "sources.toml", sites.home(sites.hosts[0])
    both = file.read_text(encoding="utf-8").replace("feeds = [", f'feeds = ["{home}vieux/", ')
    file.write_text(both, encoding="utf-8")
    crawl(vigie)
    sites.requests.clear()

    crawl(vigie, "site_0")

    assert set(sites.requests) == {f"{sites.hosts[0]}/feed/"}


def test_each_tenth_poll_asks_for_the_whole_feed(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites)
    crawl(vigie)
    with closing(sqlite3.connect(vigie.db, isolation_level=None)) as db:
        db.execute("update feeds set polls = 9")

    seen = []
    for _ in range(2):
        crawl(vigie, "site_0")
        seen.append(sites.not_modified)

    assert seen == [0, 1]


def test_wordpress_posts_are_read_where_the_feed_is_closed(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites)
    home = sites.home(sites.hosts[0])
    posts = [
        {"link": f"{home}article-{n}.html", "title": {"rendered": f"Titre&nbsp;{n}"}, "date_gmt": "2026-11-21T10:00:00"}
        for n in range(3)
    ]  # fmt: skip
    path = "/wp-json/wp/v2/posts?per_page=50&_fields=link,date_gmt,title"
    sites.pages |= {
        "/feed/": (403, HTML, b"non"),
        path: (200, "application/json", json.dumps(posts).encode()),
    }

    assert crawl(vigie, "--since", "999d").returncode == 0
    assert vigie.rows("select count(*) from articles") == [(3,)]
    assert vigie.rows("select kind, problem, links from feeds where links > 0") == [
        ("posts", None, 3)
    ]


def test_a_search_for_another_way_that_was_in_vain_is_not_repeated_at_once(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites)
    sites.pages["/feed/"] = (404, HTML, b"no feed by that name")
    assert crawl(vigie).returncode == 1
    assert sum(sites.requests.values()) > 8
    sites.requests.clear()

    assert crawl(vigie, "site_0").returncode == 1

    assert sum(sites.requests.values()) == 1  # the feed; robots.txt is known


def test_a_host_that_asks_for_a_pause_is_not_asked_in_the_next_run_either(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites, 2)
    from storage.archive import Archive
    from storage.times import now, parse_duration

    assert crawl(vigie).returncode == 0
    archive = Archive.open(vigie.db)
    archive.hosts.wait(sites.hosts[0], now() + parse_duration("1h"), "status 429", now())
    archive.close()
    sites.requests.clear()

    assert crawl(vigie, "site_0", "site_1").returncode == 0
    assert {path.partition("/")[0] for path in sites.requests} == {sites.hosts[1]}
    assert "asked to be left alone" in vigie("status").stdout


def test_a_robots_txt_that_fails_is_asked_for_again_and_never_taken_for_leave(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites)
    sites.pages["/robots.txt"] = (500, HTML, b"down")

    for run in (1, 2):
        crawl(vigie, "site_0")
        assert set(sites.requests) == {f"{sites.hosts[0]}/robots.txt"}
        assert sites.requests.total() >= run


def test_a_page_that_leads_to_another_site_is_refused_and_a_moved_one_is_stored(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites, 2, 2)
    moved = f"{sites.home(sites.hosts[1])}article-1.html"
    sites.redirects = {f"{sites.hosts[0]}/article-0.html": moved, f"{sites.hosts[0]}/article-1.html": "/nouveau.html"}  # fmt: skip
    sites.pages["/nouveau.html"] = (200, HTML, sites._page(sites.hosts[0], "/nouveau").encode())  # noqa: SLF001 - the conftest's own

    assert crawl(vigie).returncode == 0

    ends = vigie.rows("select outcome, reason from pages where source = 'site_0' order by url")
    assert ends == [("refused", "other_site"), ("stored", None)]


def test_of_a_sitemap_of_thousands_the_first_500_are_queued(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites)
    home, today = sites.home(sites.hosts[0]), datetime.now(UTC).date()
    entries = "".join(
        f"<url><loc>{home}nouvelle-{n}.html</loc><lastmod>{today}</lastmod></url>"
        for n in range(2_000)
    )
    sites.pages |= {
        "/feed/": (404, HTML, b""),
        "/sitemap.xml": (200, "application/xml", f"<urlset>{entries}</urlset>".encode()),
    }

    crawl(vigie, "--max-pages", "1")

    assert vigie.rows("select count(*) from pages") == [(500,)]


def test_sitemaps_that_list_sitemaps_without_end_end(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites)
    home = sites.home(sites.hosts[0])
    sites.pages["/feed/"] = (404, HTML, b"")

    def trap(path: str) -> bytes | None:
        if path == "/sitemap.xml" or path.startswith("/deeper"):
            children = [
                f"<sitemap><loc>{home}deeper{path.strip('/.xml')}{n}.xml</loc></sitemap>"
                for n in range(9)
            ]
            return f"<sitemapindex>{''.join(children)}</sitemapindex>".encode()
        return None

    sites.trap = trap
    assert crawl(vigie).returncode == 1
    assert sum(sites.requests.values()) <= 35


def test_a_calendar_without_end_is_left_at_the_bound_of_pages(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites)
    entry = (
        (vigie.folder / "sources.toml")
        .read_text(encoding="utf-8")
        .replace("feeds = ", "sections = ")
    )
    (vigie.folder / "sources.toml").write_text(f'{entry}spider = "listing"\n', encoding="utf-8")

    def trap(path: str) -> bytes | None:
        if not (path.startswith("/le-rendez-vous") or path == "/feed/"):
            return None
        links = "".join(
            f"<a href='/le-rendez-vous-du-jour-{n}-a-segou-{len(path)}.html'>Tous les rendez-vous du jour {n} à Ségou</a>"
            for n in range(900)
        )
        return f"<html><head><title>Agenda</title></head><body>{links}</body></html>".encode()

    sites.trap = trap
    assert crawl(vigie, "--max-pages", "20").returncode == 0
    assert sum("/le-rendez-vous" in path for path in sites.requests) == 20
    assert vigie.rows("select count(*) from pages where url like '%/le-rendez-vous%'") == [(500,)]


@pytest.mark.serial
def test_sigterm_ends_a_crawl_that_hangs_and_keeps_what_it_has(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites, 1, 4)
    config = vigie.folder / "vigie.toml"
    config.write_text(config.read_text(encoding="utf-8") + "timeout = 4\n", encoding="utf-8")
    sites.hang.add("/article-1.html")  # the newest, 3 and 2, are asked first
    process = vigie.start("crawl", "--sources", "sources.toml")
    deadline = time.monotonic() + 60
    while not sites.requests[f"{sites.hosts[0]}/article-1.html"] and time.monotonic() < deadline:
        time.sleep(0.05)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)

    assert time.monotonic() - asked < 4 + 5, err
    assert "run 1 stopped" in out
    assert vigie.rows("select count(*) from articles") == [(2,)]
    assert vigie.rows("select count(*) from pages where state = 'queued'") == [(2,)]
    assert vigie.rows("select reason from runs") == [("stopped",)]


def test_logs_can_be_json(vigie, make_sites) -> None:
    start_sites(vigie, make_sites)
    done = vigie("-v", "--log-format", "json", "crawl", "--sources", "sources.toml")
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert any("site_0 feed 3 new" in event["message"] for event in events)
    assert {"at", "level", "logger", "message"} == set(events[0])


def test_metrics_are_open_metrics_text(vigie, make_sites) -> None:
    start_sites(vigie, make_sites)
    crawl(vigie)
    text = vigie("status", "--metrics").stdout
    assert 'vigie_sources{state="new"} 1\n' in text
    assert 'vigie_source_alarm{source="site_0",country="ML"} 0\n' in text
    assert 'vigie_run_total{what="stored"} 3\n' in text
    assert text.endswith("# EOF\n")


def test_a_crawl_with_too_little_room_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    from storage import space
    from storage.errors import StorageError

    usage = shutil._ntuple_diskusage(10**9, 10**9 - 5_000_000, 5_000_000)  # noqa: SLF001 - its only constructor
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StorageError, match="5 MB are free"):
        space.require_space(Path("vigie.db"))


def test_a_crawl_without_a_contact_says_so(vigie, make_sites) -> None:
    start_sites(vigie, make_sites)
    (vigie.folder / "vigie.toml").write_text("", encoding="utf-8")
    assert "sites cannot reach you" in crawl(vigie).stderr
