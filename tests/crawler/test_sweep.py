"""Web archives swept into an archive: what is passed over, gone on with, and told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from archive_rows import rows
from warc_files import RULES, Inline, broken, record, stories, story, write

from crawler.catalogue import Catalogue
from crawler.ingest.ingestion import Ingested, Ingestion, Wishes
from crawler.ingest.saved import saved_files
from crawler.ingest.stretch import Selection
from crawler.source import Source
from pipelines.matching.ruleset import compile_sources
from pipelines.read import use_rules
from storage.archive import Archive
from storage.domains import registered_domain


class Desk:
    """Ingests files into an archive, as the command does, without starting workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = folder / "vigie.db"
        self.rules = RULES

    def ingest(
        self, *names: str, everything: bool = False, known: str | None = None, again: bool = False
    ) -> Ingested:
        rules = compile_sources((("a.toml", self.rules),))
        use_rules(rules)
        home = "https://www.journal.example.com"
        feeds = {"feeds": [f"{home}/feed"]}
        sources = Catalogue([Source(slug="journal", name="J", country="ML", url=home, **feeds)])
        domains = frozenset({known}) if known else None
        archive = Archive.open(self.db)
        ingestion = Ingestion(archive, sources, rules, Inline())  # type: ignore[arg-type]
        wishes = Wishes(
            selection=Selection(everything=everything, domains=domains),
            addresses={},
            again=again,
            keep_raw="none",
        )
        read: list[int] = []
        files = saved_files([self.folder / name for name in names])
        done = ingestion.run(files, wishes, read.append)
        archive.close()
        assert sum(read) <= files.size + len(read)
        return done


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_was_passed_over_is_seen_again_under_other_rules(desk: Desk) -> None:
    write(desk.folder / "pages.warc.gz", stories(9))

    assert desk.ingest("pages.warc.gz").counts == {"stored": 3, "flagged": 3, "passed_over": 6}
    assert rows(desk.db, "select count(*) from pages") == [(3,)]
    assert rows(desk.db, "select stored, passed_over from runs") == [(3, 6)]
    assert desk.ingest("pages.warc.gz").counts == {"files_done": 1}
    assert desk.ingest("pages.warc.gz", again=True).counts == {"known": 3, "passed_over": 6}

    desk.rules = RULES.replace('"Russie"', '"Maroc"')
    assert desk.ingest("pages.warc.gz").counts == {"stored": 6, "flagged": 6, "passed_over": 3}


def test_a_file_of_which_all_was_read_needs_no_other_sweep(desk: Desk) -> None:
    write(desk.folder / "pages.warc.gz", stories(9))

    assert desk.ingest("pages.warc.gz", everything=True).counts == {"stored": 9, "flagged": 3}

    desk.rules = RULES.replace('"Russie"', '"Maroc"')
    assert desk.ingest("pages.warc.gz").counts == {"files_done": 1}


def test_all_and_the_prefilter_flag_the_same(tmp_path: Path) -> None:
    flagged = []
    for name in ("some", "all"):
        (tmp_path / name).mkdir()
        desk = Desk(tmp_path / name)
        write(desk.folder / "pages.warc.gz", stories(30))
        desk.ingest("pages.warc.gz", everything=name == "all")
        flagged.append(rows(desk.db, "select url, score, themes from flagged_articles order by 1"))

    assert flagged[0] == flagged[1]
    assert len(flagged[0]) == 10


def test_known_outlets_are_matched_by_their_domain(desk: Desk) -> None:
    outlets = [*stories(3, "presse.journal.example.com"), *stories(3, "b.example")]
    write(desk.folder / "pages.warc.gz", outlets)

    known = desk.ingest("pages.warc.gz", known=registered_domain("https://journal.example.com"))
    assert known.counts == {"stored": 1, "flagged": 1, "passed_over": 2, "other_outlets": 3}
    assert rows(desk.db, "select slug, active from sources") == [("journal", 1)]

    everywhere = desk.ingest("pages.warc.gz")
    assert everywhere.counts == {"known": 1, "stored": 1, "flagged": 1, "passed_over": 4}
    assert rows(desk.db, "select slug, active from sources order by slug") == [
        ("b_example", 0),
        ("journal", 1),
    ]


def test_a_broken_file_ends_nothing_and_a_changed_one_is_read_anew(desk: Desk) -> None:
    (desk.folder / "warcs").mkdir()
    (desk.folder / "warcs" / "a.warc.gz").write_bytes(broken("cut", stories(7)))
    (desk.folder / "warcs" / "b.wacz").write_bytes(b"no zip")
    write(desk.folder / "warcs" / "c.warc", stories(3, "c.example"))

    done = desk.ingest("warcs")

    assert done.exit_code == 1
    assert "a.warc.gz: the file ends within a record" in done.problems[0]
    assert "b.wacz: cannot be read" in done.problems[1]
    assert done.counts["stored"] == 3
    assert rows(desk.db, "select exit_code from runs") == [(1,)]
    write(desk.folder / "warcs" / "a.warc.gz", stories(7))
    (desk.folder / "warcs" / "b.wacz").unlink()
    again = desk.ingest("warcs")
    assert again.counts == {
        "stored": 1,
        "flagged": 1,
        "known": 2,
        "passed_over": 4,
        "files_done": 1,
    }
    assert again.exit_code == 0


def test_a_sweep_that_is_killed_goes_on_where_it_was(vigie) -> None:
    (vigie.folder / "rules.toml").write_text(RULES, encoding="utf-8")
    config = vigie.folder / "vigie.toml"
    config.write_text(config.read_text() + '[paths]\nrules = "rules.toml"\n', encoding="utf-8")
    records = [
        record(
            f"https://a.example/{n}",
            b"<script>%b</script>" % os.urandom(60_000).hex().encode() + story(n, "La Russie"),
        )
        for n in range(50)
    ]
    write(vigie.folder / "pages.warc.gz", records)  # of a stretch and a half
    position = "select coalesce(max(position), 0) from sweeps"
    assert vigie.kill_when(lambda: vigie.number(position), "ingest", "pages.warc.gz")
    (stored,) = rows(vigie.db, "select count(*) from articles")[0]
    assert 0 < stored < 50

    counts = vigie.json("ingest", "pages.warc.gz")

    assert counts["stored"] == counts["flagged"] == 50 - stored
    assert counts.get("known", 0) < stored  # what lies before the position is not read again
    assert rows(vigie.db, "select count(*), count(distinct url) from articles") == [(50, 50)]
    assert rows(vigie.db, "select done from sweeps") == [(1,)]


def test_the_command_says_what_it_passed_over_and_what_was_broken(vigie) -> None:
    (vigie.folder / "a.warc.gz").write_bytes(broken("cut", stories(4)))

    done = vigie("ingest", "--known", "a.warc.gz")

    assert done.returncode == 1
    assert "4 other outlets" in done.stdout
    assert "1   truncated" in done.stdout
    assert "a.warc.gz: the file ends within a record" in done.stderr
