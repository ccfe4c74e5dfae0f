"""Feeds: the links in feeds as they should be, and as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.feeds import FeedReading, read_feed
from storage.records import Link

FEEDS = Path(__file__).parents[2].parent / "shared/data/feeds"
HOME = "https://info.example/feed"


def rss(*items: str, before: str = "") -> bytes:
    """Return an RSS 2.0 feed with these items."""
    head = "<title>Info</title><link>https://info.example/</link>"
    text = f'{before}<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
    return text.encode()


def item(link: str, title: str = "Mali : le blé") -> str:
    """Return an item with a link and a title."""
    return f"<item><title>{title}</title><link>{link}</link></item>"


def urls(reading: FeedReading) -> list[str]:
    """Return the addresses that a feed announces."""
    return [link.url for link in reading.links]


def test_an_item_becomes_a_link_with_what_the_feed_says_of_it() -> None:
    body = rss(
        "<item><title>Mali : la Russie livre du &lt;b&gt;blé&lt;/b&gt;</title>"
        "<link>https://info.example/spip.php?article12</link>"
        "<pubDate>ven., 20 nov. 2026 14:32:00 +0000</pubDate>"
        "<description><![CDATA[<p>Un convoi est&nbsp;arrivé.</p><script>x()</script>]]></description></item>",
        before='<?xml version="1.0" encoding="UTF-8"?>\n',
    )
    assert read_feed(body, "application/rss+xml", HOME) == FeedReading(
        links=(
            Link(
                url="https://info.example/spip.php?article12",
                discovered_by="feed",
                title="Mali : la Russie livre du blé",
                published_hint="ven., 20 nov. 2026 14:32:00 +0000",
                standfirst_hint="Un convoi est\xa0arrivé.",
            ),
        ),
        kind="rss20",
        title="Info",
    )


def test_spip_articles_stay_distinct() -> None:
    body = rss(*(item(f"https://info.example/spip.php?article{n}") for n in range(10)))
    assert len(read_feed(body, None, HOME).links) == 10


def test_one_document_under_two_addresses_is_one_link() -> None:
    body = rss(
        item("https://info.example/a?utm_source=rss"),
        item("http://www.info.example/a/#commentaires"),
    )
    assert urls(read_feed(body, None, HOME)) == ["https://info.example/a?utm_source=rss"]


def test_the_same_guid_on_all_items_does_not_merge_them() -> None:
    same = "<item><link>https://info.example/{}</link><guid isPermaLink='false'>1</guid></item>"
    assert len(read_feed(rss(same.format("a"), same.format("b")), None, HOME).links) == 2


def test_a_guid_that_is_an_address_stands_in_for_the_link() -> None:
    body = rss("<item><title>Blé</title><guid>https://info.example/a</guid></item>")
    assert urls(read_feed(body, None, HOME)) == ["https://info.example/a"]


def test_an_item_without_an_address_is_counted_and_skipped() -> None:
    body = rss(
        "<item><title>Blé</title><guid>c41042ae-5460</guid></item>",
        "<item><title>Or</title></item>",
        item("javascript:alert(1)"),
        item("https://info.example/a"),
    )
    reading = read_feed(body, None, HOME)
    assert (urls(reading), reading.skipped) == (["https://info.example/a"], 3)


def test_relative_addresses_are_made_absolute() -> None:
    assert urls(read_feed(rss(item("/mali-ble")), None, HOME)) == ["https://info.example/mali-ble"]


def test_an_atom_feed_gives_the_alternate_links() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Info</title><updated>2026-11-20T10:00:00Z</updated>'
        b'<entry><title>B</title><link rel="self" href="https://info.example/b.atom"/>'
        b'<link rel="alternate" href="https://info.example/b"/><updated>2026-11-20T09:00:00Z</updated></entry></feed>'
    )
    reading = read_feed(body, None, HOME)
    assert urls(reading) == ["https://info.example/b"]
    assert (reading.kind, reading.updated) == ("atom10", "2026-11-20T10:00:00Z")
    assert reading.links[0].published_hint == "2026-11-20T09:00:00Z"


def test_a_windows_feed_that_calls_itself_utf8_is_read() -> None:
    text = f'<?xml version="1.0" encoding="UTF-8"?>{rss(item("https://info.example/a", "L’été à 10 €")).decode()}'
    reading = read_feed(text.encode("cp1252"), "text/xml; charset=utf-8", HOME)
    assert reading.links[0].title == "L’été à 10 €"


def test_a_warning_before_the_prolog_does_not_hide_the_feed() -> None:
    before = '<br />\n<b>Warning</b>: mysql_connect() in <b>db.php</b>\n<?xml version="1.0"?>'
    assert len(read_feed(rss(item("https://info.example/a"), before=before), None, HOME).links) == 1


def test_at_most_500_items_are_taken() -> None:
    body = rss(*(item(f"https://info.example/{n}") for n in range(600)))
    assert len(read_feed(body, None, HOME).links) == 500


BROKEN = {
    "nothing": (b"", "empty"),
    "white space": (b" \n ", "empty"),
    "no items": (rss(), "empty"),
    "web page": (b"<!doctype html><html><body><a href='/rss'>rss</a></body></html>", "html"),
    "error page": (b"<html><head><title>503</title></head></html>", "html"),
    "text": (b"no feed by that name", "malformed"),
    "path of a file": (b"/etc/passwd", "malformed"),
    "address of a file": (b"file:///etc/passwd", "malformed"),
    "JSON": (b'{"items": []}', "malformed"),
    "noise": (bytes(range(256)) * 50, "malformed"),
}


@pytest.mark.parametrize(("body", "problem"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_feed_says_why(body: bytes, problem: str) -> None:
    reading = read_feed(body, None, HOME)
    assert (reading.links, reading.problem) == ((), problem)


def test_a_body_that_is_a_path_is_not_opened(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_bytes(rss(item("https://info.example/secret")))
    assert read_feed(str(feed).encode(), None, HOME).links == ()


def test_a_cut_feed_keeps_what_came_before_the_cut() -> None:
    whole = rss(*(item(f"https://info.example/{n}") for n in range(3)))
    reading = read_feed(whole[: whole.rindex(b"<item>") + 20], None, HOME)
    assert urls(reading)[:2] == ["https://info.example/0", "https://info.example/1"]
    assert reading.problem == "malformed"


def test_an_entity_bomb_and_an_outside_entity_stay_closed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("motdepasse")
    declared = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{declared}<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    reading = read_feed(rss(item("https://info.example/a", "&l8;&x;"), before=doctype), None, HOME)
    title = reading.links[0].title if reading.links else ""
    assert "motdepasse" not in (title or "")
    assert len(title or "") <= 500


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><item>" + b"<a>" * 20_000,
        b"<rss><channel><item " + b" ".join(b"a%d='1'" % n for n in range(3000)) + b"/></channel></rss>",
        b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 50_000 + b'">]><rss><channel><item><title>' + b"&a;" * 5000,
        b'<rss><channel><item><guid isPermaLink="false">1</guid></item>' * 3,
    ],
    ids=["20,000 deep", "3,000 attributes", "quadratic blow-up", "neither link nor address"],
)  # fmt: skip
def test_a_feed_that_would_cost_much_gives_nothing(body: bytes) -> None:
    reading = read_feed(body, None, HOME)
    assert reading.links == ()


def test_a_guid_that_changes_with_each_poll_is_still_one_page() -> None:
    polls = [
        rss(f"<item><link>https://info.example/a</link><guid isPermaLink='false'>{n}</guid></item>")
        for n in range(2)
    ]
    assert urls(read_feed(polls[0], None, HOME)) == urls(read_feed(polls[1], None, HOME))


EXPECTED = {
    "adbar_trafilatura/feed1.atom": 2,
    "adbar_trafilatura/feed2.rss": 1,
    "commoncrawl_news-crawl/feed-with-sitemap-namespace.xml": 2,
    "miniflux_v2/encoding_ISO-8859-1.xml": 40,
    "miniflux_v2/encoding_WINDOWS-1251.xml": 50,
    "miniflux_v2/invalid-prolog.xml": 0,  # one entry, without a link
    "miniflux_v2/iso-8859-1.xml": 0,
    "miniflux_v2/koi8r.xml": 2,
    "miniflux_v2/large_atom.xml": 25,
    "miniflux_v2/large_rss.xml": 25,
    "miniflux_v2/no_encoding_ISO-8859-1.xml": 9,  # ten items, one of them empty
    "miniflux_v2/rdf_UTF8.xml": 60,
    "miniflux_v2/small_atom.xml": 20,
    "miniflux_v2/urdu_UTF8.xml": 26,
    "miniflux_v2/utf8-incorrect-prolog.xml": 0,  # one entry, without a link
    "miniflux_v2/utf8.xml": 0,  # one entry, without a link
    "miniflux_v2/windows-1252-incorrect-prolog.xml": 0,
    "miniflux_v2/windows-1252.xml": 0,
    "prof18_RSS-Parser/feed-google-blog.xml": 2,
    "prof18_RSS-Parser/feed-media-content-type.xml": 6,
    "prof18_RSS-Parser/feed-test-audio.xml": 0,  # a podcast: the item has a GUID and a sound file
    "prof18_RSS-Parser/feed-test-charset.xml": 0,  # likewise
    "prof18_RSS-Parser/feed-test-xsl.xml": 2,
}
"""Articles a reader of the file finds in it; the other files of prof18 are cut to one."""

SITEMAPS = 5
"""Files of the folder that are sitemaps, read in `test_sitemaps.py`."""


@pytest.mark.skipif(not FEEDS.exists(), reason="the shared data are not beside this checkout")
def test_each_real_feed_gives_what_a_reader_finds_in_it() -> None:
    files = [
        path
        for path in FEEDS.rglob("*.*")
        if "sitemap" not in path.stem.split(".")[0] or "feed" in path.stem
    ]
    assert len(files) == 71 - SITEMAPS
    found = {
        str(path.relative_to(FEEDS)): len(read_feed(path.read_bytes(), None, HOME).links)
        for path in files
    }
    expected = {name: EXPECTED.get(name, 1) for name in found}
    assert found == expected
