"""The past of imitation sites, walked by the real command over real sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import past_sites as past
import pytest
from archive_rows import rows
from past_stories import FEW, MANY, THESE_FEW, THESE_MANY, WINDOW, of_window

from storage.archive import Archive


class Walked:
    """All the sites after their January and February were walked once."""

    def __init__(self, vigie: object, sites: Any) -> None:
        self.vigie, self.sites = vigie, sites
        self.done = vigie("crawl", "--sources", "sources.toml", "--backfill", "2023-01..2023-02")
        self.asked = sites.requests.copy()
        self.told = {row["source"]: row for row in self.status()}

    def status(self) -> list[dict[str, object]]:
        return json.loads(self.vigie("status", "--json").stdout)["backfills"]

    def times(self, slug: str, words: str) -> int:
        """Return how many requests of one site had an address that matches."""
        host = f"{self.sites.hosts[slug]}/"
        own = {
            url.removeprefix(host[:-1]): n for url, n in self.asked.items() if url.startswith(host)
        }
        return sum(n for path, n in own.items() if re.search(words, path))

    def articles(self, slug: str, column: str = "url") -> list[object]:
        sql = f"select {column} from articles where source = '{slug}' order by url"  # noqa: S608 - the test's own
        return [row[0] for row in rows(self.vigie.db, sql)]


@pytest.fixture(scope="module")
def walked(imitations, tmp_path_factory) -> Iterator[Walked]:
    sites = past.PastSites(past.SITES)
    vigie = imitations[0](tmp_path_factory.mktemp("past"))
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    yield Walked(vigie, sites)
    sites.close()


@pytest.fixture
def make_past(vigie) -> Iterator[Callable[..., Any]]:
    made: list[Any] = []

    def make(**answers: Any) -> Any:
        made.append(past.PastSites(answers))
        (vigie.folder / "sources.toml").write_text(made[-1].catalogue(), encoding="utf-8")
        return made[-1]

    yield make
    for sites in made:
        sites.close()


def backfill(vigie, window: str, *arguments: str):
    return vigie("crawl", "--sources", "sources.toml", "--backfill", window, *arguments)


def facts(walked: Walked, slug: str, *names: str) -> tuple[object, ...]:
    return tuple(walked.told[slug][name] for name in names)


def test_an_open_api_gives_its_articles_many_at_a_time(walked) -> None:
    assert facts(walked, "many_posts", "way", "articles", "outside") == ("posts", THESE_MANY, 0)
    assert walked.times("many_posts", r"/posts\?") == 4
    assert walked.times("many_posts", "/chronique-") == 1, "one page is compared with its text"
    assert min(walked.articles("many_posts", "published_at")) == "2023-01-01T09:00:00Z"
    assert set(walked.articles("many_posts", "section")) == {"Société & vie"}


def test_a_text_from_the_api_is_the_one_on_the_page(walked) -> None:
    given = dict(zip(*(walked.articles("lying", c) for c in ("title", "text")), strict=True))
    printed = dict(
        zip(*(walked.articles("dated_pages", c) for c in ("title", "text")), strict=True)
    )

    assert len(given) == THESE_FEW
    assert given.items() <= printed.items()


def test_a_text_of_the_api_is_told_from_that_of_a_page(walked) -> None:
    kinds = rows(
        walked.vigie.db,
        "select distinct source, discovered_by from pages where outcome = 'stored' order by 1",
    )

    assert dict(kinds) == {
        "behind_robots": "sitemap",
        "dated_pages": "dated_page",
        "heavy": "posts_text",
        "lying": "posts_text",
        "many_posts": "posts_text",
        "other_texts": "posts",
        "sitemaps": "sitemap",
    }


def test_pages_that_repeat_end_whatever_number_the_site_announces(walked) -> None:
    assert facts(walked, "lying", "way", "articles", "problem") == ("posts", THESE_FEW, None)
    assert walked.times("lying", r"/posts\?") == 4


def test_a_site_that_cannot_give_a_hundred_is_asked_for_fewer(walked) -> None:
    assert facts(walked, "heavy", "way", "articles") == ("posts", THESE_FEW)
    assert walked.times("heavy", "per_page=20&page") >= 2


def test_an_api_that_gives_other_texts_than_the_pages_is_believed_for_addresses_alone(
    walked,
) -> None:
    assert facts(walked, "other_texts", "way", "articles") == ("posts", THESE_FEW)
    assert not any("extension" in text for text in walked.articles("other_texts", "text"))


def test_a_closed_api_gives_way_to_the_sitemaps_of_the_window(walked) -> None:
    assert facts(walked, "sitemaps", "way", "articles", "outside") == ("sitemap", THESE_FEW, 0)
    assert walked.times("sitemaps", "/wp-json/") == 1
    assert walked.times("sitemaps", "sitemap-pt|category") == 2


def test_what_robots_forbids_is_not_asked_and_undated_articles_are_judged_afterwards(
    walked,
) -> None:
    assert walked.times("behind_robots", "/wp-json/") == 0
    assert facts(walked, "behind_robots", "way", "articles", "outside") == (
        "sitemap",
        len(FEW),
        len(FEW) - THESE_FEW,
    )
    assert walked.times("behind_robots", "loop|post-1") == 2


def test_dated_pages_are_read_to_their_last(walked) -> None:
    assert facts(walked, "dated_pages", "way", "articles", "outside") == (
        "months",
        THESE_FEW + 1,
        1,
    )
    assert walked.times("dated_pages", "/2023/01/page/") == 4


def test_sitemaps_without_end_are_left(walked) -> None:
    assert facts(walked, "endless", "articles", "problem") == (0, None)
    assert 250 < walked.times("endless", "sitemap") < 350


def test_a_site_without_any_way_needs_a_person(walked) -> None:
    assert walked.done.returncode == 1
    assert facts(walked, "closed", "way", "problem") == (None, "no_way")
    assert facts(walked, "front_page", "way", "problem") == (None, "no_way")
    assert "no way in: closed front_page\n" in walked.done.stderr


def test_a_host_that_asks_for_a_pause_is_left_alone_and_has_nothing_wrong_with_it(walked) -> None:
    assert facts(walked, "pausing", "way", "ended_at", "problem") == ("posts", None, None)
    assert walked.times("pausing", "") == 2, "robots.txt and the API"
    assert "pausing" not in walked.done.stderr.splitlines()[-1]


def test_status_tells_how_far_each_backfill_is(walked) -> None:
    lines = walked.vigie("status").stdout.splitlines()

    line = next(line for line in lines if line.startswith("sitemaps "))
    assert line.split()[:5] == [
        "sitemaps",
        "2023-01-01..2023-02-28",
        "sitemap",
        "4/4",
        str(THESE_FEW),
    ]
    assert line.endswith("done")


def test_a_walk_is_no_poll_of_the_source(walked) -> None:
    assert rows(walked.vigie.db, "select count(*) from polls") == [(0,)]
    assert rows(walked.vigie.db, "select count(*) from schedules") == [(0,)]
    stored = rows(walked.vigie.db, "select count(*) from articles")
    assert rows(walked.vigie.db, "select stored from runs") == stored


def test_a_second_run_after_the_end_asks_nothing(walked) -> None:
    before = walked.sites.requests.total()

    again = backfill(walked.vigie, "2023-01..2023-02", "many_posts", "sitemaps")

    assert again.returncode == 0, again.stderr
    assert f"sitemaps 2023-01-01..2023-02-28 is already backfilled: {THESE_FEW}" in again.stdout
    assert walked.sites.requests.total() == before


def test_a_walk_that_is_killed_again_and_again_loses_nothing_and_asks_nothing_twice(
    vigie, make_past
) -> None:
    sites = make_past(posts=past.wordpress, maps=past.with_sitemaps)
    crawl = ("crawl", "--sources", "sources.toml", "--backfill", "2023-01")
    stored = "select count(*) from articles"
    kills = 2
    assert vigie.kill_when(lambda: vigie.number(stored) >= 1, *crawl)
    assert vigie.kill_when(lambda: vigie.number(stored) >= 25, *crawl)

    assert backfill(vigie, "2023-01").returncode == 0

    january = (WINDOW[0], datetime(2023, 2, 1, tzinfo=UTC))
    assert rows(
        vigie.db, "select source, count(*), count(distinct url) from articles group by 1"
    ) == [
        ("maps", *[len(of_window(FEW, *january))] * 2),
        ("posts", *[len(of_window(MANY, *january))] * 2),
    ]
    twice = {url: n for url, n in sites.requests.items() if n > 1 and "robots.txt" not in url}
    assert sum(n - 1 for url, n in twice.items() if "chronique" not in url) <= kills, twice
    assert sum(n - 1 for url, n in twice.items() if "chronique" in url) <= 20 * kills, twice
    assert rows(vigie.db, "select count(*) from backfill_steps where answer is not null") == [(0,)]
    assert vigie("db", "check").returncode == 0


def test_a_bounded_run_is_gone_on_with_by_the_next(vigie, make_past) -> None:
    sites = make_past(posts=past.few_posts, pages=past.with_dated_pages)
    counts = "select source, count(*) from articles group by 1"

    first = backfill(vigie, "2023-01..2023-02", "--max-pages", "8", "--json")

    assert rows(vigie.db, counts) == [("pages", 8), ("posts", 8)]
    told = {row["source"]: row for row in json.loads(first.stdout)["backfills"]}
    assert (told["posts"]["ended_at"], told["posts"]["steps_done"]) == (None, 1)
    assert backfill(vigie, "2023-01..2023-02").returncode == 0
    assert rows(vigie.db, counts) == [("pages", THESE_FEW + 1), ("posts", THESE_FEW)]
    repeated = {url for url, n in sites.requests.items() if n > 1 and "robots" not in url}
    assert repeated == set()


def test_days_are_asked_for_where_the_window_is_no_whole_months(vigie, make_past) -> None:
    sites = make_past(pages=past.with_dated_pages)
    day = of_window(FEW, *WINDOW)[3].local

    done = backfill(vigie, f"{day:%Y-%m-%d}", "--since", "1d")

    assert done.returncode == 0, done.stderr
    assert sites.requests[f"{sites.hosts['pages']}{day:/%Y/%m/%d/}"] == 1
    assert not any(re.search(r"/2023/\d\d/$", url) for url in sites.requests)
    assert rows(vigie.db, "select count(*) from articles") == [(1,)]


def test_a_walk_that_breaks_is_told_by_the_exit_code(vigie, make_past) -> None:
    make_past(pages=past.with_dated_pages)
    archive = Archive.open(vigie.db)
    archive.db.execute(
        "create trigger full before update on backfill_steps begin select raise(abort, 'no'); end"
    )
    archive.close()

    done = backfill(vigie, "2023-01")

    assert done.returncode == 1
    assert "no way in: pages" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pages", "--backfill", "2023-13"), "write it as"),
        (("pages", "--backfill", "2023-05..2023-01"), "ends before it begins"),
        (("pages", "--backfill", "2100"), "not over"),
        (("pagse", "--backfill", "2023"), "did you mean pages?"),
    ],
    ids=["no month", "reversed", "future", "unknown source"],
)
def test_what_cannot_be_walked_is_told_in_one_line_before_any_request(
    vigie, make_past, arguments, words
) -> None:
    sites = make_past(pages=past.with_dated_pages)

    done = vigie("crawl", "--sources", "sources.toml", *arguments)

    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not sites.requests
    assert not vigie.db.exists()
