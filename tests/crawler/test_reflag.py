"""The archive judged again: what changes, and what a kill leaves."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "pipelines" / "rules"
NEWS = "Mali : la Russie livre des hélicoptères à l’armée. " + "Le soir tombe sur Bamako. " * 12


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """Rules under which nothing is flagged."""
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    score = folder / "score.toml"
    text = score.read_text(encoding="utf-8")
    changed = "\n".join(
        "threshold = 100" if line.startswith("threshold") else line for line in text.splitlines()
    )
    assert changed != text.rstrip("\n")
    score.write_text(changed, encoding="utf-8")
    return folder


def ingest(vigie, count: int) -> None:
    pages = vigie.folder / "pages"
    pages.mkdir()
    for n in range(count):
        body = f"<p>{NEWS} {n} {' '.join(str(n * 31 + i) for i in range(20))}</p>"
        html = f"<html lang=fr><link rel='canonical' href='https://a.example/article-{n}-de-fond'><article><h1>Titre {n}</h1>{body}</article></html>"
        (pages / f"{n}.html").write_text(html, encoding="utf-8")
    counts = vigie.json("ingest", "pages")
    assert (counts["stored"], counts["flagged"]) == (count, count)


def flagged(db: Path) -> tuple[int, int]:
    connection = sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)
    row = connection.execute("select sum(flagged), count(distinct rule_set) from flags").fetchone()
    connection.close()
    return row


def test_a_dry_run_names_what_would_be_lost_and_writes_nothing(vigie, stricter: Path) -> None:
    ingest(vigie, 3)

    told = vigie.json("flag", "--rules", str(stricter), "--dry-run")

    assert (told["judged"], told["written"]) == (3, False)
    assert [change["gained"] for change in told["changes"]] == [False] * 3
    assert "Russie" in told["changes"][0]["words"]
    assert flagged(vigie.db) == (3, 1)


def test_flags_are_replaced_and_can_be_had_back(vigie, stricter: Path) -> None:
    ingest(vigie, 3)

    assert len(vigie.json("flag", "--rules", str(stricter))["changes"]) == 3
    assert flagged(vigie.db) == (0, 1)
    assert vigie.json("flag", "--rules", str(stricter))["judged"] == 0

    back = vigie.json("flag")
    assert [change["gained"] for change in back["changes"]] == [True] * 3
    assert flagged(vigie.db) == (3, 1)
    assert vigie("db", "check").returncode == 0


def test_a_killed_run_is_finished_by_the_next(vigie, stricter: Path) -> None:
    ingest(vigie, 400)
    assert vigie.kill_when(lambda: flagged(vigie.db)[1] > 1, "flag", "--rules", str(stricter))
    left = flagged(vigie.db)[0]

    told = json.loads(vigie("flag", "--rules", str(stricter), "--json").stdout)

    assert told["judged"] == left
    assert flagged(vigie.db) == (0, 1)
    assert vigie("db", "check").returncode == 0
