"""Ways: the addresses at which a site may tell what it published in a window of the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urljoin, urlsplit

from crawler.backfill.windows import days_of, is_whole_months, months_of
from crawler.source import Source
from storage.window import Window

SITEMAP_PATHS = ("/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml", "/sitemap-index.xml")
"""Where the usual systems have their index, for sites whose robots.txt names none."""
MAX_ROOTS = 50
"""Sitemaps of a robots.txt that are asked; one site named 3,000."""
PATIENCE = {"posts": 1, "months": 3, "days": 5}
"""A way none of whose steps could be read is left after so many."""
POSTS_PER_PAGE = (100, 20, 5)
"""100 is the most that WordPress allows; a site that cannot give as many is asked for fewer."""
MAX_POSTS, MAX_DATED_PAGES = 10_000, 200
"""Of one month, however many follow."""

_FIELDS = (
    "link,date_gmt,modified_gmt,title.rendered,content.rendered,content.protected,excerpt.rendered"
    ",categories,yoast_head_json.author,yoast_head_json.og_image"
)
_POSTS = "/wp-json/wp/v2/posts"
_SECTIONS = "/wp-json/wp/v2/categories?per_page=100&orderby=count&order=desc&_fields=id,name"
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


def ways_of(source: Source, window: Window) -> tuple[str, ...]:
    """Return the ways to try in turn: the one that asks least of the site first.

    posts: WordPress' REST API, 100 articles with their text a request; sitemap; months and days:
    pages such as `/2023/05/` and `/2023/05/12/`.
    """
    posts = ("posts",) if source.cms in {None, "wordpress"} else ()
    dated = ("months", "days") if is_whole_months(window) else ("days", "months")
    return (*posts, "sitemap", *dated)


def first_steps(way: str, source: Source, window: Window) -> tuple[str, ...]:
    """Return the addresses that a way begins with, in the order in which they are asked."""
    match way:
        case "posts":
            return tuple(_posts_of(source, window, month) for month in months_of(window))
        case "sitemap":
            return (robots_address(source), *source.sitemaps)
        case "months":
            paths = [f"/{month.since:%Y/%m}/" for month in months_of(window)]
        case _:
            paths = [f"/{day:%Y/%m/%d}/" for day in days_of(window)]
    # The latest first: where there are dated pages at all, the latest is the one that exists.
    return tuple(urljoin(source.url, path) for path in reversed(paths))


def robots_address(source: Source) -> str:
    """Return where a site may name its sitemaps."""
    return urljoin(source.url, "/robots.txt")


def likely_roots(source: Source) -> tuple[str, ...]:
    """Return where a site's sitemaps usually begin."""
    return tuple(urljoin(source.url, path) for path in SITEMAP_PATHS)


def sections_address(source: Source) -> str:
    """Return where WordPress lists its sections."""
    return urljoin(source.url, _SECTIONS)


def _posts_of(source: Source, window: Window, month: Window) -> str:
    """Return the first page of a month's posts.

    WordPress compares the dates of its own clock, and leaves out both ends: the ends of a month
    get a second more, those of the window a day, and what is too much is left out by its GMT date.
    """
    margin_before = _DAY if month.since == window.since else _SECOND
    margin_after = _DAY if month.until == window.until else timedelta()
    since, until = month.since - margin_before, month.until + margin_after
    return urljoin(source.url, _posts_path(since, until, POSTS_PER_PAGE[0], 1))


def _posts_path(since: datetime | str, until: datetime | str, per_page: int, page: int) -> str:
    since, until = (
        f"{moment:%Y-%m-%dT%H:%M:%S}" if isinstance(moment, datetime) else moment
        for moment in (since, until)
    )
    return (
        f"{_POSTS}?after={since}&before={until}&orderby=date&order=asc"
        f"&per_page={per_page}&page={page}&_fields={_FIELDS}"
    )


def page_of_posts(address: str) -> int:
    """Return which page of a month's posts an address asks for."""
    return int(_query(address)["page"])


def next_posts(address: str, listed: int, announced: int | None) -> tuple[str, ...]:
    """Return the next page of a month's posts, nothing after the last.

    `announced` is how many pages the site says there are. It is believed where there are more,
    since posts may be hidden from a page; a full page has a next one whatever it says.
    """
    query = _query(address)
    page, per_page = int(query["page"]), int(query["per_page"])
    goes_on = listed >= per_page or (listed > 0 and (announced or 0) > page)
    if not goes_on or page * per_page >= MAX_POSTS:
        return ()
    return (urljoin(address, _posts_path(query["after"], query["before"], per_page, page + 1)),)


def fewer_posts(address: str) -> str | None:
    """Return an address that asks for the same posts, fewer at a time, None for the fewest."""
    query = _query(address)
    page, per_page = int(query["page"]), int(query["per_page"])
    fewer = next((number for number in POSTS_PER_PAGE if number < per_page), None)
    if fewer is None:
        return None
    first = (page - 1) * per_page // fewer + 1
    return urljoin(address, _posts_path(query["after"], query["before"], fewer, first))


def _query(address: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}


def is_too_far(way: str, address: str) -> bool:
    """Whether a page of a dated list is beyond what one month is worth."""
    number = urlsplit(address).path.rstrip("/").rpartition("/page/")[2]
    return way in {"months", "days"} and number.isdecimal() and int(number) > MAX_DATED_PAGES
