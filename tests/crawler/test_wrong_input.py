"""What is typed wrongly is told in a line, and nothing that is not ours is touched."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from crawler.commands.main import main
from storage.archive import Archive
from storage.records import SourceFacts

ENTRY = """
[[source]]
slug = "matin"
name = "Matin"
country = "ML"
url = "https://matin.example"
"""
MATIN = SourceFacts(
    slug="matin", name="Matin", country="ML", language="fr", url="https://matin.example",
    outlet=None, ownership=None, alignment=None, active=True,
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with an archive that knows one source and holds no article."""
    monkeypatch.chdir(tmp_path)
    archive = Archive.open(tmp_path / "vigie.db")
    archive.know_sources([MATIN])
    archive.close()
    return tmp_path


def vigie(*arguments: str) -> Result:
    """Run the command in this process; what it does not catch is raised here."""
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("search Mali --limit 99999999999999999999", "is not in the range"),
        ("search Mali --source nosuch", "no source is called 'nosuch'"),
        ("search Mali --country Mali", "'Mali' is no ISO code"),
        ("search Mali --since 2026-02-01 --until 2026-01-01", "is not after --since"),
        ("export --source nosuch --out a.csv", "no source is called 'nosuch'"),
        ("export --out a.pdf", "ends in none of csv, jsonl, xlsx, parquet"),
        ("digest --out a.pdf", "ends in none of html, md, atom, json, docx"),
        ("digest --out /dev/null", "is no ordinary file"),
        ("export --out nowhere/a.csv", "nowhere/a.csv: there is no such folder"),
        ("db backup nowhere/a.db", "nowhere/a.db: there is no such folder"),
        ("crawl --profile nowhere/a.md", "there is no such folder"),
        ("explain --country Mali -", "'Mali' is no ISO code"),
        ("sources probe https://matin.example --country Mali", "'Mali' is no ISO code"),
        ("db prune --older 999999999d", "longer than a thousand years"),
        ("db prune --older 99999999999999999999w", "longer than a thousand years"),
        ("show abc", "no article abc"),
        ("show ²", "no article ²"),
        ("show 9", "no article 9"),
        ("show 99999999999999999999999", "no article 99999999999999999999999"),
        ("show http://[bad", "no article http://[bad"),
        ("explain http://", "no article http://"),
        ("explain 99999999999999999999999", "no article 99999999999999999999999"),
        ("evidence 9 --out pack.zip", "no article 9"),
        ("evidence 99999999999999999999999 --out pack.zip", "is not in the range"),
    ],
    ids=lambda value: value,
)
def test_what_cannot_be_used_is_wrong_input(line: str, told: str) -> None:
    done = vigie(*line.split())

    assert (done.exit_code, told in done.stderr) == (2, True), done.stderr


WRITERS = ("flag", "db prune --yes", "review --port 0")


@pytest.mark.parametrize("line", WRITERS)
def test_an_archive_that_is_not_there_is_not_made(folder: Path, line: str) -> None:
    done = vigie("--db", "typo.db", *line.split())

    assert (done.exit_code, "typo.db: no such archive" in done.stderr) == (3, True)
    assert not (folder / "typo.db").exists()


@pytest.mark.parametrize("line", [*WRITERS, "db merge vigie.db", "status"])
@pytest.mark.parametrize("tables", [["page"], ["articles", "_sqlite_migrations"]])
def test_the_database_of_another_program_is_left_as_it_is(
    folder: Path, line: str, tables: list[str]
) -> None:
    with closing(sqlite3.connect(folder / "other.db")) as db:
        for table in tables:
            db.execute(f"create table {table} (migration_set)")
    before = (folder / "other.db").read_bytes()

    done = vigie("--db", "other.db", *line.split())

    assert (done.exit_code, "not a Vigie archive" in done.stderr) == (3, True), done.output
    assert (folder / "other.db").read_bytes() == before


def test_merging_what_is_no_archive_is_told(folder: Path) -> None:
    (folder / "text.db").write_text("bonjour " * 100, encoding="utf-8")

    done = vigie("db", "merge", "text.db")

    assert (done.exit_code, "text.db: cannot be used as an archive" in done.stderr) == (3, True)


def test_a_file_that_a_killed_start_left_empty_becomes_an_archive(folder: Path) -> None:
    (folder / "new.db").touch()

    assert vigie("--db", "new.db", "db", "merge", "vigie.db").exit_code == 0
    assert vigie("--db", "new.db", "db", "check").exit_code == 0


@pytest.mark.parametrize("line", ["digest --format json --out link.json", "db backup link.json"])
def test_what_a_link_leads_to_is_written_and_the_link_stays(folder: Path, line: str) -> None:
    (folder / "disk").mkdir()
    (folder / "link.json").symlink_to(folder / "disk" / "real")

    assert vigie(*line.split()).exit_code == 0

    assert (folder / "link.json").is_symlink()
    assert [file.name for file in (folder / "disk").iterdir()] == ["real"]


@pytest.mark.usefixtures("folder")
def test_a_search_that_finds_nothing_says_so_unless_it_has_to_be_quiet() -> None:
    assert vigie("search", "uranium").stderr == "no article satisfies the query\n"
    assert vigie("-q", "search", "uranium").output == ""
    assert vigie("search", "uranium", "--json").stdout == "[]\n"


@pytest.mark.parametrize(
    "line",
    [
        "flag",
        "db check",
        "db backup copy.db",
        "db merge other.db",
        "ingest page.html",
        "crawl --sources none.toml --shard 1/2",
    ],
)
def test_commands_that_went_well_are_silent_when_they_have_to_be(folder: Path, line: str) -> None:
    Archive.open(folder / "other.db").close()
    (folder / "page.html").write_text("<p>rien", encoding="utf-8")
    (folder / "none.toml").write_text(ENTRY, encoding="utf-8")

    loud, quiet = run(folder, *line.split()), run(folder, "-q", *line.split())

    assert (loud.returncode, loud.stdout + loud.stderr != b"") == (0, True), loud.stderr
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, b"", b"")


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        input="Sénégal\n\nLe Sénégal – « œuvre » : l’instructeur".encode("latin-1", "replace"),
        capture_output=True,
        check=False,
    )


def test_bytes_that_are_no_text_and_terminals_that_lack_letters_end_nothing(folder: Path) -> None:
    done = run(folder, "explain", "-", LC_ALL="C.UTF-8", PYTHONIOENCODING="iso-8859-1")

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"title      S?n?gal\n" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["status", "digest"])
def test_a_full_disk_behind_a_redirection_is_one_line(folder: Path, command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "crawler", command],
            cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip

    assert (done.returncode, done.stderr) == (3, b"vigie: the disk is full; free some space\n")


def test_explain_says_that_no_rule_fired(folder: Path) -> None:
    (folder / "news.txt").write_text("Marché\n\nLes montagnes russes du cacao.", "utf-8")
    (folder / "hot.txt").write_text("Mali\n\nDes instructeurs russes à Bamako.", "utf-8")

    assert "  no rule fired\n" in vigie("explain", "news.txt").stdout
    assert "no rule fired" not in vigie("explain", "hot.txt").stdout


def test_colours_can_be_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "news.txt").write_text("Moscou\n\nDes instructeurs russes à Bamako.", "utf-8")
    look = ["explain", "news.txt"]

    coloured = CliRunner().invoke(main, look, color=True).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    plain = CliRunner().invoke(main, look, color=True).stdout

    assert ("\x1b[" in coloured, "\x1b[" in plain) == (True, False)


def test_a_desk_that_is_interrupted_has_ended_well(folder: Path) -> None:
    desk = subprocess.Popen(
        [sys.executable, "-m", "crawler", "review", "--port", "0"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert desk.stdout is not None
    address = desk.stdout.readline().split()[5]
    with urlopen(address, timeout=30) as answer:  # noqa: S310 - the desk: it serves now
        assert answer.status == 200

    desk.send_signal(signal.SIGINT)
    _, told = desk.communicate(timeout=30)

    assert (desk.returncode, told) == (0, "")


def test_times_and_lists_are_plain_in_json(folder: Path) -> None:
    archive = Archive.open(folder / "vigie.db")
    archive.db.execute(
        """insert into runs (command, started_at, rule_set) values
           ('crawl', '2026-11-22T06:30:00Z', null)"""
    )
    archive.db.execute(
        """insert into polls (run, source, started_at, seconds, requests, new_pages, stored,
                              duplicate, refused, flagged)
           values (1, 'matin', '2026-11-22T06:30:00Z', 1.0, 1, 0, 0, 0, 0, 0)"""
    )

    (source,) = json.loads(vigie("status", "--json").stdout)["sources"]

    assert source["last_polled_at"] == "2026-11-22T06:30:00Z"
