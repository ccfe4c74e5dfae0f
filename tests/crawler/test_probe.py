"""Sites that are probed, added to the catalogue and checked."""

from __future__ import annotations

import pytest

HTML = "text/html; charset=utf-8"


def test_a_site_is_probed_added_and_checked_without_a_trace(vigie, make_sites) -> None:
    sites = make_sites(1, 5)
    home = sites.home(sites.hosts[0])
    sites.pages |= {
        "/": (200, HTML, b"<html><head><script src='/wp-content/x.js'></script></head><body>Accueil</body></html>"),
        "/robots.txt": (200, "text/plain", b"User-agent: *\nCrawl-delay: 0.1\n"),
    }  # fmt: skip

    report = vigie.json("sources", "probe", home, "--country", "ML")
    assert (report["cms"], report["robots_allow"], report["crawl_delay"]) == (
        "wordpress",
        True,
        0.1,
    )
    assert [way["kind"] for way in report["ways"] if way["links"]] == ["feed"]
    assert [page["outcome"] for page in report["pages"]] == ["stored"] * 3
    assert not vigie.db.exists()

    added = vigie("sources", "add", home, "--country", "ML", "--name", "Le Matin")
    assert added.returncode == 0, added.stderr
    (listed,) = vigie.json("sources", "list", "--sources", "sources.toml")
    assert (listed["name"], listed["spider"]) == ("Le Matin", "feed")
    again = vigie("sources", "add", home, "--country", "ML")
    assert (again.returncode, "slug is taken already" in again.stderr) == (2, True)

    assert vigie("sources", "check", "--sources", "sources.toml").returncode == 0
    sites.pages["/feed/"] = (404, HTML, b"")
    (row,) = vigie.json("sources", "check", "--sources", "sources.toml")
    assert (row["entry"], "feed_gone" in row["problems"]) == ("dead", True)


ROBOTS = {
    "forbids": ((200, "text/plain", b"User-agent: *\nDisallow: /\n"), "forbids the home page"),
    "is not there": ((404, HTML, b""), "no robots.txt (gone), so everything is allowed"),
    "fails": ((500, HTML, b"down"), "robots.txt cannot be read (robots_unavailable), so nothing"),
}


@pytest.mark.parametrize(("answer", "said"), ROBOTS.values(), ids=ROBOTS.keys())
def test_a_probe_says_what_robots_txt_lets_it_say(vigie, make_sites, answer, said) -> None:
    sites = make_sites(1, 1)
    sites.pages["/robots.txt"] = answer

    probe = vigie("sources", "probe", sites.home(sites.hosts[0]), "--country", "ML")

    assert said in probe.stdout
    assert probe.returncode == (0 if answer[0] == 404 else 1)
