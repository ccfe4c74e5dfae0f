"""Names: one that nobody knows, one that is slow, one that comes back, one without `www.`."""

from __future__ import annotations

from email.utils import format_datetime

import pytest

from crawler.ways import sibling_addresses
from storage.times import now

SLOW = [f"lent-{n}.example" for n in range(14)]
"""More than the threads in which Twisted looks names up unless told otherwise."""
SECONDS = 2
NAMES = {
    "www.matin.example": (None, 0),
    "matin.example": ("127.0.1.1", 0),
    "soir.example": (None, 0),
    "vif.example": ("127.0.1.3", 0),
    "midi.example": ("127.0.1.5", 0),
    "www.midi.example": ("127.0.1.6", 0),
    "muet.example": (None, 100),
    **dict.fromkeys(SLOW, ("127.0.1.4", SECONDS)),
}
HOMES = [*SLOW, "muet.example", "www.matin.example", "soir.example", "vif.example", "midi.example"]


def feed(home: str) -> bytes:
    published = format_datetime(now())
    items = "".join(
        f"<item><title>Titre {n}</title><link>{home}article-{n}.html</link>"
        f"<pubDate>{published}</pubDate></item>"
        for n in range(2)
    )
    return f"<rss version='2.0'><channel><title>s</title>{items}</channel></rss>".encode()


@pytest.fixture
def sites(vigie, make_sites):
    made = make_sites(6, 2)
    homes = {name: f"http://{name}:{made.port}/" for name in NAMES}
    entries = [
        f'[[source]]\nslug = "{name.replace(".", "_").replace("-", "_")}"\nname = "S"\n'
        f'country = "ML"\nurl = "{homes[name]}"\nfeeds = ["{homes[name]}feed/"]\n'
        for name in HOMES
    ]
    (vigie.folder / "sources.toml").write_text("\n".join(entries), encoding="utf-8")
    config = (vigie.folder / "vigie.toml").read_text(encoding="utf-8")
    (vigie.folder / "vigie.toml").write_text(f"{config}timeout = 24\n", encoding="utf-8")
    hosts = {
        "127.0.1.1": "matin.example",
        "127.0.1.2": "soir.example",
        "127.0.1.3": "vif.example",
        "127.0.1.6": "www.midi.example",
    }
    for host, name in hosts.items():
        made.pages[f"{host}/feed/"] = (200, "application/rss+xml", feed(homes[name]))
    made.pages["127.0.1.5/feed/"] = (502, "text/html", b"Bad gateway")
    return made


@pytest.mark.serial
def test_names_that_fail_or_take_their_time_cost_nobody_else_and_heal(vigie, sites) -> None:
    assert vigie.with_names(NAMES) == 1

    stored = "select source, count(*) from articles group by source order by source"
    assert vigie.rows(stored) == [
        ("midi_example", 2),
        ("vif_example", 2),
        ("www_matin_example", 2),
    ]
    assert vigie.rows("select problem from feeds where source in ('soir_example', 'muet_example')"
                      " and links = 0 group by problem") == [("dns",)]  # fmt: skip
    host_of_slow = f"{sites.hosts[3]}/"
    first_slow = next(n for n, path in enumerate(sites.asked) if path.startswith(host_of_slow))
    for quick in ("127.0.1.1/robots.txt", "127.0.1.3/robots.txt"):
        assert quick in sites.asked[:first_slow]
    assert len([path for path in sites.asked if path == f"{host_of_slow}feed/"]) == len(SLOW)

    sites.asked.clear()
    healed = {name: (address or "127.0.1.2", 0) for name, (address, _) in NAMES.items()}
    vigie.with_names(healed | {"www.matin.example": (None, 0)})

    assert dict(vigie.rows(stored))["soir_example"] == 2
    # The way that was found is remembered: nothing is looked for again.
    asked = [path for path in sites.asked if path.startswith("127.0.1.1")]
    assert [path for path in asked if "robots" not in path] == ["127.0.1.1/feed/"]


@pytest.mark.parametrize(
    ("url", "problem", "siblings"),
    [
        ("http://a.example/f", "gone", ["http://www.a.example/f", "https://a.example/f", "https://www.a.example/f"]),
        ("https://www.a.example/f", "dns", ["https://a.example/f"]),
        ("https://www.a.example/f", "tls_invalid", ["https://a.example/f"]),
        ("https://a.example/f", "server_error", ["https://www.a.example/f", "http://a.example/f", "http://www.a.example/f"]),
        ("http://127.0.1.1:80/f", "gone", []),
        ("http://a.example/f", "rate_limited", []),
        ("http://a.example/f", "robots_unavailable", []),
        ("http://a.example/f", "challenge", []),
        ("http://a.example/f", None, []),
    ],
)  # fmt: skip
def test_the_other_name_and_the_other_scheme_are_tried_where_that_may_help(
    url: str, problem: str | None, siblings: list[str]
) -> None:
    assert list(sibling_addresses(url, problem)) == siblings
