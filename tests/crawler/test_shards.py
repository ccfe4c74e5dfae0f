"""Several machines crawl parts of a catalogue; merged, they know what one machine would."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from archive_rows import rows

from crawler.catalogue import load_catalogue
from crawler.shards import Shard
from crawler.source import Source
from storage.archive import Archive
from storage.check import check_archive

SITES, ARTICLES = 6, 3
WORDS = """
    le la les des une dans pour avec sans sur sous vers chez entre depuis pendant marché école
    route barrage santé récolte village région ville capitale ministre maire préfète syndicat
    comité association habitants femmes jeunes paysans pêcheurs enseignants travaux projet budget
    visite rencontre réunion annonce décision journée semaine saison pluie fleuve forêt champ
    nouvelle grande première dernière ancienne importante locale nationale annoncé présenté
"""
WIRE = "".join(
    f"<p>Le convoi numéro {n} quitte Douala pour Bangui avec {n * 7} tonnes de blé russe.</p>"
    for n in range(30)
)
PAGE = (
    '<!doctype html><html lang="fr"><head><title>Un convoi de blé russe</title></head><body>'
    f"<article><h1>Un convoi de blé russe</h1>{WIRE}</article></body></html>"
)


def page(*seed: object) -> bytes:
    """Return an article of words in any order, which shares no passage with another."""
    dice = random.Random(repr(seed))
    lines = [" ".join(dice.choice(WORDS.split()) for _ in range(25)) + "." for _ in range(12)]
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f'<!doctype html><html lang="fr"><head><title>{lines[0][:60]}</title></head><body>'
        f"<article><h1>{lines[0][:60]}</h1>{body}</article></body></html>"
    ).encode()


RULES = """
[[rule]]
id = "food-wheat"
theme = "food"
query = 'SENTENCE(russe+ AND blé)'
flags = ["Du blé russe est arrivé à Bamako."]
ignores = ["Le blé est arrivé à Bamako."]
"""
SAME = {
    "articles": "source, url, canonical_url, title, text, language, digest, text_digest, agency",
    "pages": "canonical_url, url, source, discovered_by, state, outcome, reason, attempts",
    "feeds": "source, url, kind, etag, body_hash, polls, links, problem",
    "sources": "*",
    "schedules": "source, every, failures",
}
"""What does not depend on when a page was fetched and which number it was given."""
JUDGED = """
    select url, flagged, score, themes, countries, rule, field, start, words from flags
      join articles on articles.id = flags.article
      left join matches on matches.article = flags.article
"""
STORIES = "select cluster, url from articles where cluster is not null"


def source(domain: str) -> Source:
    return Source(slug="x", name="X", country="ML", url=f"https://{domain}/")


def contents(db: Path) -> dict[str, object]:
    found: dict[str, object] = {
        table: Counter(rows(db, f"select {columns} from {table}"))  # noqa: S608
        for table, columns in SAME.items()
    }
    stories: dict[object, set[object]] = {}
    for cluster, url in rows(db, STORIES):
        stories.setdefault(cluster, set()).add(url)
    return found | {
        "judged": Counter(rows(db, JUDGED)),
        "stories": {frozenset(urls) for urls in stories.values()},
    }


def everything(db: Path) -> str:
    """Return all rows of all tables, numbers and times included."""
    connection = sqlite3.connect(db)
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()


def test_every_source_is_in_exactly_one_shard() -> None:
    sources = load_catalogue().select()

    shares = [Shard(number, 4).share(sources) for number in range(1, 5)]

    assert sorted(s.slug for share in shares for s in share) == [s.slug for s in sources]
    assert all(len(share) > len(sources) / 8 for share in shares)


def test_a_domain_is_in_one_shard_whatever_its_host_and_always_the_same() -> None:
    hosts = ("matin.example.ci", "www.matin.example.ci", "SPORT.Example.ci", "example.ci")

    holders = {
        number for number in range(1, 8) for host in hosts if Shard(number, 7).holds(source(host))
    }

    assert holders == {7}


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "1/0", "a/b", "-1/4", "1/4/2", "1/ 4"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a shard such as 2/4"):
        Shard.parse(text)


def test_the_command_refuses_a_wrong_shard_before_any_request(vigie) -> None:
    done = vigie("crawl", "--shard", "5/4")

    assert done.returncode == 2
    assert "is not a shard such as 2/4" in done.stderr
    assert not vigie.db.exists()


def test_a_shard_without_sources_is_done_at_once(vigie, make_sites) -> None:
    sites = make_sites(1, 1)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    empty = next(n for n in (1, 2) if not Shard(n, 2).holds(source("127.0.1.1")))

    done = vigie("crawl", "--sources", "sources.toml", "--shard", f"{empty}/2")

    assert (done.returncode, done.stdout) == (0, "")
    assert f"no source is in shard {empty}/2" in done.stderr
    assert rows(vigie.db, "select count(*) from articles") == [(0,)]
    assert not sites.requests


def test_four_shards_merged_equal_one_crawl_and_merging_twice_changes_nothing(
    vigie, make_sites
) -> None:
    sites = make_sites(SITES, ARTICLES)
    (vigie.folder / "sources.toml").write_text(sites.catalogue(), encoding="utf-8")
    (vigie.folder / "rules.toml").write_text(RULES, encoding="utf-8")
    with (vigie.folder / "vigie.toml").open("a", encoding="utf-8") as config:
        config.write('[paths]\nrules = "rules.toml"\n')
    html = "text/html; charset=utf-8"
    sites.pages = {
        f"{host}/article-{number}.html": (200, html, page(host, number))
        for host in sites.hosts
        for number in range(ARTICLES)
    }
    for host in sites.hosts[:3]:
        sites.pages[f"{host}/article-1.html"] = (200, html, PAGE.encode())
    sites.pages[f"{sites.hosts[4]}/article-2.html"] = (404, html, b"no")
    sites.pages[f"{sites.hosts[5]}/article-0.html"] = (500, html, b"no")
    crawl = ("crawl", "--sources", "sources.toml")

    assert vigie(*crawl).returncode == 0
    shards = [f"shard{number}.db" for number in range(1, 5)]
    started = [
        vigie.start("--db", db, *crawl, "--shard", f"{number}/4")
        for number, db in enumerate(shards, 1)
    ]
    assert [process.communicate() and process.returncode for process in started] == [0] * 4
    held = [len(rows(vigie.folder / db, "select url from articles")) for db in shards]
    assert sum(held) == SITES * ARTICLES - 2
    assert sum(map(bool, held)) > 1

    assert vigie("--db", "merged.db", "db", "merge", *shards).returncode == 0

    merged = vigie.folder / "merged.db"
    assert rows(merged, "select count(*) from flags where flagged") == [(3,)]
    assert contents(merged) == contents(vigie.db)
    assert contents(merged)["stories"] == {
        frozenset(f"{sites.home(host)}article-1.html" for host in sites.hosts[:3])
    }
    before = everything(merged)
    again = vigie("--db", "merged.db", "db", "merge", *shards)
    assert again.stdout.count("nothing new") == 4
    assert everything(merged) == before
    assert check_archive(Archive.read(merged).db) == []
