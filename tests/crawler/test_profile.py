"""Where the time of a crawl went, robots.txt kept for a day, and pages that do not pile up."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.commands.main import main
from crawler.commands.profiling import summary, table, write_profile
from crawler.lag import measure_lag
from storage.archive import Archive
from storage.profiles import WORK, RunProfile

PROFILE = RunProfile(
    pages=4,
    seconds=2.0,
    stages={"fetch": 0.4, "queue": 1.0, "decode": 0.1, "extract": 0.7, "store": 0.2},
    lag_p50=0.5,
    lag_p95=12.5,
)


def test_a_crawl_writes_where_the_time_went_and_status_tells_it_again(vigie, make_sites) -> None:
    sites = make_sites(1, 3)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    done = vigie("crawl", "--sources", "sources.toml", "--profile", "profile.json")
    assert done.returncode == 0, done.stderr

    written = json.loads((vigie.folder / "profile.json").read_text(encoding="utf-8"))
    assert written["pages"] == 3
    assert set(written["stages"]) == {"fetch", "queue", *WORK}
    assert sum(written["shares"].values()) == pytest.approx(1, abs=0.01)
    assert 0 <= written["lag_p50"] <= written["lag_p95"]
    told = vigie.json("status")
    assert told["last_profile"] == written
    assert told["runs"][0]["profile"] == written
    printed = vigie("status").stdout
    assert f"3 pages read, {written['pages_per_second']:.1f} a second: " in printed
    assert f"extract {written['shares']['extract']:.0%}" in printed

    # A run that reads nothing does not hide the one before it.
    assert vigie("crawl", "--sources", "sources.toml").returncode == 0
    told = vigie.json("status")
    assert [run["profile"]["pages"] for run in told["runs"]] == [0, 3]
    assert told["last_profile"] == written


def test_robots_txt_is_asked_for_once_a_day(vigie, make_sites) -> None:
    rules = b"User-agent: *\nDisallow: /article-1.html\n"
    sites = make_sites(1, 3)
    sites.pages["/robots.txt"] = (200, "text/plain", rules)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    crawl = ("crawl", "--sources", "sources.toml")

    assert vigie(*crawl).returncode == 0
    sites.articles, sites.pages["/robots.txt"] = 5, (200, "text/plain", rules + b"Disallow: /\n")
    assert vigie(*crawl).returncode == 0  # by the rules of the first run
    asked = Counter(path.partition("/")[2] for path in sites.requests.elements())
    yesterday = datetime.now(UTC) - timedelta(hours=24, minutes=1)
    with Archive.open(vigie.db).db.conn as db:
        db.execute("update robots set fetched_at = ?", [f"{yesterday:%Y-%m-%dT%H:%M:%SZ}"])
    assert vigie(*crawl).returncode == 1  # all is forbidden now

    assert asked["robots.txt"] == 1
    assert asked["article-1.html"] == 0
    assert asked["article-4.html"] == 1
    assert sum(n for path, n in sites.requests.items() if path.endswith("robots.txt")) > 1


def test_a_robots_txt_that_cannot_be_read_is_not_kept(vigie, make_sites) -> None:
    sites = make_sites(1, 2)
    sites.pages["/robots.txt"] = (500, "text/plain", b"")
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")

    vigie("crawl", "--sources", "sources.toml")

    assert vigie.rows("select * from robots") == []
    assert vigie.rows("select count(*) from articles") == [(0,)]


def test_pages_do_not_pile_up_while_the_workers_are_busy(vigie, make_sites) -> None:
    sites = make_sites(1, 16)
    sites_page = sites._page  # noqa: SLF001 - the imitation's own page, made heavier
    waiting: list[int] = []

    def page(path: str) -> bytes | None:
        if not path.startswith("/article-"):
            return None
        ended = vigie.rows("select count(*) from pages where state = 'settled'")[0][0]
        waiting.append(sum(n for p, n in sites.requests.items() if "/article-" in p) - ended)
        heavy = sites_page(sites.hosts[0], path).replace(
            "<footer>", f"<footer>{'<p>Mentions légales.</p>' * 12_000}"
        )
        return heavy.encode()

    sites.trap = page
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    assert vigie("crawl", "--sources", "sources.toml").returncode == 0

    assert len(waiting) == 16
    # The page that is being sent, those of half a megabyte that wait, and one on its way.
    assert max(waiting) <= 4


def test_the_table_names_each_stage_with_its_share() -> None:
    lines = table(PROFILE).splitlines()

    assert lines[0] == "4 pages in 2.0 s: 2.0 a second"
    assert "| fetch | 0.40 | 100.0 | waiting |" in lines
    assert "| extract | 0.70 | 175.0 | 70.0% |" in lines
    assert "| language | 0.00 | 0.0 | 0.0% |" in lines
    assert lines[-1] == "event loop late by 0.5 ms (median), 12.5 ms (p95)"
    assert summary(PROFILE) == "4 pages read, 2.0 a second: extract 70%, store 20%, decode 10%"


def test_a_profile_is_written_as_its_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_profile(PROFILE, str(tmp_path / "profile.md"))
    write_profile(PROFILE, str(tmp_path / "profile.json"))
    write_profile(PROFILE, "-")

    assert (tmp_path / "profile.md").read_text(encoding="utf-8") == table(PROFILE) + "\n"
    assert json.loads((tmp_path / "profile.json").read_text("utf-8")) == PROFILE.facts()
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", table(PROFILE) + "\n")


def test_a_slug_in_the_place_of_the_profiles_file_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--db", str(tmp_path / "v.db"), "crawl", "--profile", "matin"])

    assert done.exit_code == 2
    assert "put the slugs before --profile" in done.output
    assert not (tmp_path / "v.db").exists()


def test_the_lag_is_how_late_the_loop_came_back() -> None:
    late: list[float] = []

    async def busy() -> None:
        task = asyncio.create_task(measure_lag(late.append))
        await asyncio.sleep(0)
        time.sleep(0.1)  # the block that is to be noticed
        await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(busy())

    assert 0.07 <= max(late) < 1
