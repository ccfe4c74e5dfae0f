"""Partitions: swept, flagged anew, extracted anew and merged, by the real command."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from partitions import FILES, FLAGGED, PAGES, finished, rows
from processes import SECONDS, descendants, kill, wait_for

from crawler.catalogue import Catalogue
from crawler.commands import cluster
from crawler.ingest.stretch import Selection
from crawler.ingest.swept import SweptFiles
from pipelines.cluster.steps import Sweep
from pipelines.matching.ruleset import load_rules
from storage.archive import Archive
from storage.check import check_archive


def judged(db: Path) -> list[tuple[object, ...]]:
    """Return the articles of an archive with how they are judged."""
    with closing(sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(
            """
            select url, text, digest, language, agency, flagged, score, themes, rule_set,
                   arithmetic, words
              from articles join flags on flags.article = articles.id
              left join matches on matches.article = articles.id order by url, matches.start
            """
        ).fetchall()


def test_a_sweep_and_a_merge_give_what_ingest_gives_and_no_more_the_second_time(vigie) -> None:
    swept = vigie.json("cluster", "sweep", "warcs", "--out", "swept")
    first = vigie.json("--db", "merged.db", "cluster", "merge", "swept")
    articles = judged(vigie.folder / "merged.db")
    again = vigie.json("--db", "merged.db", "cluster", "merge", "swept")
    vigie("--db", "ingested.db", "ingest", "warcs")

    count = FILES * FLAGGED
    assert swept["unfinished"] == 0
    assert swept["counts"]["flagged"] == swept["counts"]["written"] == count
    assert swept["counts"]["passed_over"] == FILES * (PAGES - FLAGGED)
    assert (first["counts"], again["counts"]) == ({"stored": count}, {"known": count})
    assert judged(vigie.folder / "merged.db") == articles
    assert judged(vigie.folder / "ingested.db") == articles
    assert check_archive(Archive.read(vigie.folder / "merged.db").db) == []


def test_what_was_killed_is_done_when_the_command_is_repeated_and_nothing_twice(vigie) -> None:
    sweep = ("cluster", "sweep", "warcs", "--out", "killed", "--tasks", "3", "--workers", "1")
    out = vigie.folder / "killed"
    process = vigie.start(*sweep)
    wait_for(lambda: finished(out))
    kill([process.pid, *descendants(process.pid)])
    process.communicate()
    first = finished(out)
    assert len(first) == 1

    process = vigie.start(*sweep)
    begun: list[Path] = []
    wait_for(lambda: begun.extend(_held(process.pid, out)) or begun)
    kill([pid for pid in descendants(process.pid) if begun[0] in _files_of(pid)])
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert "1 tasks have not ended; repeat the command" in err
    second = finished(out)
    assert len(second) == 2

    assert vigie(*sweep).returncode == 0

    third = finished(out)
    assert first.items() <= second.items() <= third.items()
    assert len(third) == 3
    assert rows(out) == rows(vigie.folder / "swept")
    assert not list(out.glob(".*.part"))


def _held(ancestor: int, folder: Path) -> set[Path]:
    """Return the unfinished partitions that processes below one write."""
    files = {file for pid in descendants(ancestor) for file in _files_of(pid)}
    return {file for file in files if file.parent == folder and file.suffix == ".part"}


def _files_of(pid: int) -> set[Path]:
    try:
        return {handle.readlink() for handle in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:  # it has just ended
        return set()


@pytest.mark.usefixtures("ships")
def test_what_an_export_holds_is_judged_again_as_vigie_flag_would(vigie) -> None:
    vigie("--db", "all.db", "cluster", "merge", "swept")
    vigie("--db", "all.db", "export", "--format", "parquet", "--out", "all.parquet")
    shutil.copy(vigie.folder / "all.db", vigie.folder / "other.db")

    flagged = vigie.json("cluster", "flag", "all.parquet", "--out", "judged")
    merged = vigie.json("--db", "all.db", "cluster", "merge", "judged")
    vigie("--db", "other.db", "flag")

    assert flagged["counts"]["flagged"] == FILES
    assert merged["counts"] == {"judged": FILES * FLAGGED}
    assert judged(vigie.folder / "all.db") == judged(vigie.folder / "other.db")


@pytest.mark.usefixtures("ships")
def test_pages_that_were_kept_are_extracted_and_flagged_anew(vigie) -> None:
    extracted = vigie.json("cluster", "extract", "swept", "--out", "again", "--tasks", "1")

    assert extracted["counts"]["written"] == FILES * FLAGGED
    assert extracted["counts"]["flagged"] == FILES
    judged = ("flagged", "score", "themes", "rule_set", "matches", "arithmetic")
    assert rows(vigie.folder / "again", judged) == rows(vigie.folder / "swept", judged)
    assert len(list((vigie.folder / "again").glob("*.parquet"))) == 1


def test_a_folder_of_other_work_is_refused(vigie) -> None:
    other = vigie("cluster", "sweep", "warcs", "--out", "swept", "--all")
    none = vigie("cluster", "merge", "warcs")

    assert (other.returncode, none.returncode) == (2, 2)
    assert "swept: holds other work (keep differ" in other.stderr
    assert "warcs: holds no work of `vigie cluster`" in none.stderr


def test_a_broken_file_is_told_and_the_rest_is_kept(vigie, capsys) -> None:
    whole = (vigie.folder / "warcs" / "CC-NEWS-20261001080000-00000.warc.gz").read_bytes()
    cut = vigie.folder / "cut.warc.gz"
    cut.write_bytes(whole[:-200])
    rules = load_rules(vigie.folder / "wheat.toml")
    sweeping = SweptFiles(Catalogue([]), Selection(everything=True, domains=None))

    step = Sweep([cut], sweeping, rules)
    pages = list(step.run(None))

    assert len(pages) == PAGES - 1
    assert step.stats["broken"].total == 1
    with pytest.raises(SystemExit, match="1"):
        cluster.say(Counter(broken=1), (), as_json=False, unfinished=0)
    assert "1 places are broken and were left out" in capsys.readouterr().err
