"""Second looks at articles, through the command and loopback sites."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from storage.archive import Archive

if TYPE_CHECKING:
    from conftest import Sites, Vigie

ADDED = "<p>Moscou livrera du blé russe au Mali, a annoncé le ministre des Affaires étrangères.</p>"


def overdue(vigie: Vigie) -> Archive:
    """Make every article's second look due."""
    archive = Archive.open(vigie.db)
    archive.db.execute(
        "update revisits set due_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 hours')"
    )
    return archive


def test_changed_vanished_and_equal_articles_are_told_apart(
    vigie: Vigie, make_sites: Callable[[int, int], Sites]
) -> None:
    sites = make_sites(1, 4)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    crawl = ("crawl", "--all", "--sources", "sources.toml")
    sites.dated["/article-3.html"] = "Sun, 22 Nov 2026 06:31:40 GMT"
    assert vigie(*crawl).returncode == 0
    archive = overdue(vigie)
    page = sites.answer(sites.hosts[0], "/article-0.html")[2].decode()
    changed = page.replace("</article>", f"{ADDED}</article>").encode()
    other = sites.answer(sites.hosts[0], "/article-1.html")[2].decode()
    counted = other.replace("</article>", "<p>Lu 123 fois</p></article>").encode()
    sites.pages["/article-0.html"] = (200, "text/html; charset=utf-8", changed)
    sites.pages["/article-1.html"] = (200, "text/html; charset=utf-8", counted)
    sites.pages["/article-2.html"] = (410, "text/plain", b"gone")

    assert vigie(*crawl).returncode == 0

    by_url = {
        url.rsplit("/", 1)[1]: (revisions, gone, checks)
        for url, revisions, gone, checks in archive.db.execute(
            """
            select url, (select count(*) from revisions where article = articles.id),
                   gone_at is not null, checks
              from articles join revisits on article = articles.id
            """
        )
    }
    assert by_url == {
        "article-0.html": (1, 0, 1),
        "article-1.html": (0, 0, 1),
        "article-2.html": (0, 1, 1),
        "article-3.html": (0, 0, 1),
    }
    assert sites.since == sites.dated
    flagged = archive.db.execute(
        "select articles.url, added_flagged from revisions join articles on articles.id = article"
    ).fetchone()
    assert flagged[1] == 1
    assert archive.db.execute("select count(*) from flags where flagged = 1").fetchone() == (1,)
    shown = vigie("show", flagged[0], "--revisions").stdout
    assert "{+Moscou livrera du blé russe" in shown
    assert "what it adds, by itself: flagged" in shown


def test_looking_again_can_be_switched_off(
    vigie: Vigie, make_sites: Callable[[int, int], Sites]
) -> None:
    sites = make_sites(1, 2)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    config = vigie.folder / "vigie.toml"
    config.write_text(config.read_text("utf-8") + "[crawl]\nrecheck = false\n", encoding="utf-8")
    crawl = ("crawl", "--all", "--sources", "sources.toml")
    vigie(*crawl)
    overdue(vigie)
    asked = sum(sites.requests.values())

    vigie(*crawl)

    pages = [path for path in sites.requests if "article-" in path]
    assert sum(sites.requests[path] for path in pages) == 2
    assert sum(sites.requests.values()) > asked  # the feed was
