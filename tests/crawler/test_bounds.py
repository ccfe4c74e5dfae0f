"""Bounds: a budget that is spent, a sitemap without measure, and all sites down at once."""

from __future__ import annotations

import gzip
import time
from itertools import count

import pytest

RSS = "application/rss+xml"
TIMEOUT, BUDGET, PATIENCE = 4, 3, 8
"""Seconds; the last is how long a busy machine may take for what is not waiting."""


def crawl(vigie, *arguments: str):
    return vigie("crawl", "--sources", "sources.toml", *arguments)


def start_sites(vigie, make_sites, count: int, articles: int):
    sites = make_sites(count, articles)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    return sites


@pytest.mark.serial
def test_a_budget_that_is_spent_ends_the_run_and_loses_nothing(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites, 3, 5)
    config = vigie.folder / "vigie.toml"
    config.write_text(f"{config.read_text(encoding='utf-8')}timeout = {TIMEOUT}\n", "utf-8")
    sites.hang.add("/article-2.html")  # after 4 and 3, and 1 and 0 are never reached
    process = vigie.start("crawl", "--sources", "sources.toml", "--budget", f"{BUDGET}s")
    deadline = time.monotonic() + 60
    while not sites.asked and time.monotonic() < deadline:
        time.sleep(0.02)
    began = time.monotonic()
    out, err = process.communicate(timeout=60)

    assert time.monotonic() - began < BUDGET + TIMEOUT + PATIENCE, err
    assert (process.returncode, "run 1 budget" in out) == (0, True), out
    assert vigie.rows("select reason, exit_code from runs") == [("budget", 0)]
    stored = {path for path in sites.asked if "/article-" in path and "-2." not in path}
    urls = {url.partition("//")[2] for (url,) in vigie.rows("select url from articles")}
    assert {f"{url.partition(':')[0]}/{url.partition('/')[2]}" for url in urls} == stored
    waiting = vigie.rows("select count(*) from pages where state = 'queued'")
    assert waiting == [(15 - len(stored),)]

    sites.hang.clear()
    with_time = crawl(vigie)
    assert (with_time.returncode, "run 2 finished" in with_time.stdout) == (0, True)
    # Those that hung wait for their next try.
    assert vigie.rows("select count(*) from articles") == [(12,)]
    assert vigie.rows("select distinct reason from pages where state = 'queued'") == [("timeout",)]


@pytest.mark.serial
def test_a_sitemap_of_half_a_million_addresses_is_taken_in_part_and_said_to_be_too_big(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites, 2, 4)
    home = sites.home(sites.hosts[0])
    entries = "".join(f"<url><loc>{home}article-{n}.html</loc></url>" for n in range(500_000))
    body = gzip.compress(f"<urlset>{entries}</urlset>".encode(), 5)
    assert len(body) < 5_000_000
    sites.pages |= {
        f"{sites.hosts[0]}/feed/": (404, "text/html", b""),
        f"{sites.hosts[0]}/robots.txt": (200, "text/plain", f"Sitemap: {home}sitemap.xml.gz\n".encode()),
        f"{sites.hosts[0]}/sitemap.xml.gz": (200, "application/gzip", body),
    }  # fmt: skip

    done = crawl(vigie, "--max-pages", "6", "--json")

    assert done.returncode == 0, done.stderr
    assert vigie.rows("select kind, links, problem from feeds where links > 0 order by links") == [
        ("feed", 4, None),
        ("sitemap", 50_000, "too_big"),
    ]
    counts = "select source, count(*), sum(outcome is 'stored') from pages group by source"
    assert vigie.rows(counts) == [("site_0", 500, 6), ("site_1", 4, 4)]
    errors = "select json_extract(errors, '$.sitemap_too_big') from polls where source = 'site_0'"
    assert vigie.rows(errors) == [(1,)]


def test_when_all_sites_are_down_the_run_ends_and_nothing_is_lost(vigie, make_sites) -> None:
    sites = start_sites(vigie, make_sites, 20, 2)
    assert crawl(vigie).returncode == 0
    sites.close()

    down = crawl(vigie)

    assert down.returncode == 1
    assert vigie.rows("select count(*) from articles") == [(40,)]
    assert vigie.rows("select reason, sources, stored from runs where id = 2") == [
        ("finished", 20, 0)
    ]
    assert vigie.rows("select distinct problem from feeds") == [("connect",)]
    # They are asked again soon: one failure is no news.
    late = "select count(*) from schedules where failures <> 1 or every > 3600"
    assert vigie.rows(late) == [(0,)]


def session_site(sites, paths: int) -> list[str]:
    """Let a site put another session into the addresses of each page; return those asked for."""
    asked: list[str] = []
    sessions = count()

    def trap(path: str) -> bytes | None:
        asked.append(path)
        if path.startswith("/s/"):
            number = path.rpartition("-")[2].partition(".")[0]
            return sites._page(sites.hosts[0], number).encode()  # noqa: SLF001 - the conftest's own
        if path != "/une/":
            return None
        session = f"/s/{next(sessions):032x}"
        links = "".join(
            f"<a href='{session}/le-conseil-municipal-de-segou-{n}.html'>Le conseil municipal de Ségou {n}</a>"
            for n in range(paths)
        )
        return f"<html><head><title>Accueil</title></head><body>{links}</body></html>".encode()

    sites.trap = trap
    return asked


def test_a_session_in_each_address_costs_a_bounded_number_of_pages_and_no_second_article(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites, 1, 0)
    entry = (vigie.folder / "sources.toml").read_text(encoding="utf-8")
    entry = entry.replace("feeds = ", "sections = ").replace("feed/", "une/")
    (vigie.folder / "sources.toml").write_text(f'{entry}spider = "listing"\n', encoding="utf-8")
    asked = session_site(sites, 4)

    for run in (1, 2):
        asked.clear()
        assert crawl(vigie, "--max-pages", "20").returncode == 0
        assert len([path for path in asked if path.startswith("/s/")]) == 4, run

    assert vigie.rows("select count(*) from articles") == [(4,)]
    ends = "select outcome, count(*) from pages group by outcome order by outcome"
    assert vigie.rows(ends) == [("duplicate", 4), ("stored", 4)]


def test_every_feed_is_read_where_the_catalogue_says_that_each_has_its_own(
    vigie, make_sites
) -> None:
    sites = start_sites(vigie, make_sites, 1, 0)
    home = sites.home(sites.hosts[0])

    def feed(*numbers: int) -> tuple[int, str, bytes]:
        items = "".join(
            f"<item><title>Titre</title><link>{home}article-{n}.html</link></item>" for n in numbers
        )
        return 200, RSS, f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()

    sites.pages |= {"/mali.rdf": feed(0, 1), "/niger.rdf": (404, RSS, b""), "/togo.rdf": feed(1, 2)}
    names = ", ".join(f'"{home}{name}.rdf"' for name in ("mali", "niger", "togo"))
    (vigie.folder / "sources.toml").write_text(
        f'[[source]]\nslug = "site_0"\nname = "S"\nscope = "panafrican"\nurl = "{home}"\n'
        f'feeds = [{names}]\nread_feeds = "all"\n', encoding="utf-8",
    )  # fmt: skip

    assert crawl(vigie).returncode == 0
    assert vigie.rows("select count(*) from articles") == [(3,)]
    assert vigie.rows("select problem, links from feeds order by url") == [
        (None, 2),
        ("gone", 0),
        (None, 2),
    ]
