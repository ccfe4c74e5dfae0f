"""The commands over an archive, as a user types them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.archive import Archive

if TYPE_CHECKING:
    from conftest import Vigie

PAGES = {
    "ble": "Mali : 25 000 tonnes de blé russe",
    "coton": "Sikasso : la campagne du coton commence",
}
TEXTS = {
    "ble": "Un don de 25 000 tonnes de blé russe est arrivé à Bamako, a annoncé le ministère malien.",
    "coton": "BAMAKO (AFP) – Les producteurs de Sikasso ont commencé la récolte, comme dans le delta du Niger.",
}
FILLER = "La cérémonie a réuni plusieurs centaines de personnes venues de toute la région. " * 6


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ingested")
    (folder / "pages").mkdir()
    for name, title in PAGES.items():
        (folder / "pages" / f"{name}.html").write_text(
            f'<!doctype html><html lang="fr"><head><title>{title}</title>'
            f'<link rel="canonical" href="https://matin.example/{name}.html"></head><body><article>'
            f"<h1>{title}</h1><p>{TEXTS[name]}</p><p>{FILLER}</p></article></body></html>",
            encoding="utf-8",
        )
    subprocess.run([sys.executable, "-m", "crawler", "ingest", "pages"], cwd=folder, check=True)
    return folder


@pytest.fixture
def vigie(vigie: Vigie, ingested: Path) -> Vigie:
    """The command, beside an archive of two articles."""
    shutil.copytree(ingested, vigie.folder, dirs_exist_ok=True)
    return vigie


def test_flagged_articles_are_exported(vigie: Vigie) -> None:
    done = vigie("export", "--flagged", "--out", "flagged.csv")

    assert done.returncode == 0, done.stderr
    with (vigie.folder / "flagged.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == "Mali : 25 000 tonnes de blé russe"
    assert "food" in row["themes"].split("; ")


def test_an_export_takes_a_query_and_tells_its_format_by_the_name(vigie: Vigie) -> None:
    assert vigie.json("export", "--query", "coton", "--out", "cotton.jsonl") == {
        "file": "cotton.jsonl", "articles": 1,
    }  # fmt: skip

    (line,) = (vigie.folder / "cotton.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["flagged"] == 0


def test_relevant_articles_alone_are_exported(vigie: Vigie) -> None:
    assert vigie.json("export", "--relevant", "--out", "a.csv") == {"file": "a.csv", "articles": 0}


@pytest.mark.parametrize(
    ("query", "count"), [("ble", 1), ("récolte OU ministère", 2), ("Tombouctou", 0)]
)
def test_a_search_counts(vigie: Vigie, query: str, count: int) -> None:
    assert vigie.json("search", query, "--count") == {"count": count, "exact": True}


def test_a_search_tells_what_it_leaves_out(vigie: Vigie) -> None:
    done = vigie("search", "Niger")

    assert done.stdout == ""
    assert done.stderr.startswith("left out: 1,")
    assert done.returncode == 0


def test_an_export_tells_what_it_leaves_out(vigie: Vigie) -> None:
    done = vigie("export", "--query", "Niger", "--out", "a.csv")

    assert done.stdout == "a.csv: 0 articles\n"
    assert done.stderr.startswith("left out: 1,")


def test_a_search_finds_words_as_written(vigie: Vigie) -> None:
    assert vigie.json("search", "Niger", "--as-written", "--count") == {"count": 1, "exact": True}
    exported = vigie.json("export", "--query", "Niger", "--as-written", "--out", "a.csv")
    assert exported == {"file": "a.csv", "articles": 1}


def test_a_search_takes_what_reviewers_said(vigie: Vigie) -> None:
    found = vigie.json("search", "Mali", "--verdict", "none", "--sort", "rank")

    assert isinstance(found, list)
    assert [row["flagged"] for row in found] == [1]


def test_a_record_names_the_agency_that_is_credited(vigie: Vigie) -> None:
    (found,) = vigie.json("search", "coton")

    assert found["agency"] == "AFP"
    assert vigie.json("show", str(found["id"]))["agency"] == "AFP"


def test_an_article_is_shown(vigie: Vigie) -> None:
    shown = vigie("show", "https://matin.example/coton.html").stdout

    assert shown.startswith("Sikasso : la campagne du coton commence\n")
    assert "0 earlier texts" in shown
    assert "credits AFP" in shown
    assert "La cérémonie a réuni" in shown


def test_an_article_that_is_not_there_is_wrong_input(vigie: Vigie) -> None:
    done = vigie("show", "99")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_an_archive_is_backed_up_merged_checked_and_pruned(vigie: Vigie) -> None:
    assert vigie("db", "backup", "copy.db").returncode == 0
    assert vigie("--db", "copy.db", "db", "check").stdout == "copy.db: sound\n"
    merged = vigie("--db", "new.db", "db", "merge", "vigie.db", "copy.db").stdout.splitlines()
    assert "2 articles" in merged[0]
    assert merged[1] == "copy.db: nothing new"
    assert vigie("--db", "new.db", "db", "check").returncode == 0
    assert vigie.json("db", "prune", "--older", "0s", "--yes") == {
        "raw_pages": 0, "bytes": 0, "removed": True,
    }  # fmt: skip


def test_evidence_is_packed_and_verified(vigie: Vigie) -> None:
    packed = vigie.json("evidence", "1", "2", "--out", "pack.zip")
    assert isinstance(packed, dict)

    verified = vigie("evidence", "verify", "pack.zip", "--seal", packed["seal"])
    assert (verified.returncode, verified.stdout) == (0, "pack.zip: intact\n")
    assert vigie("evidence", "verify", "pack.zip", "--seal", "0" * 64).returncode == 1
    assert vigie("evidence", "verify", "vigie.toml").returncode == 2


def test_a_merge_waits_for_no_crawl(vigie: Vigie) -> None:
    from storage.lock import crawl_lock

    shutil.copy(vigie.db, vigie.folder / "other.db")
    with crawl_lock(vigie.db):
        done = vigie("db", "merge", "other.db")

    assert done.returncode == 3
    assert "a crawl is already running" in done.stderr
    assert Archive.read(vigie.db).db.execute("select count(*) from articles").fetchone() == (2,)
