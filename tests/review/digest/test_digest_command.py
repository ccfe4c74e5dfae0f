"""`vigie digest`, called as a user calls it."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from click.testing import CliRunner, Result

from crawler.commands.main import main

if TYPE_CHECKING:
    from conftest import Press


@pytest.fixture
def folder(press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the archive of a small press, in which the command is called."""
    press.publish()
    with closing(sqlite3.connect(tmp_path / "vigie.db")) as copy:
        press.archive.db.conn.backup(copy)
    monkeypatch.chdir(tmp_path)
    for name in ("VIGIE_DB", "VIGIE_CONFIG", "VIGIE_MAIL_PASSWORD"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return tmp_path


def vigie(press: Press, *arguments: str) -> Result:
    with time_machine.travel(press.clock, tick=False):
        return CliRunner().invoke(main, ["digest", *arguments])


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("vigie.db-"))


def test_the_digest_goes_to_standard_output_as_a_page(press: Press, folder: Path) -> None:
    result = vigie(press)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith('<!DOCTYPE html>\n<html lang="fr">')


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("d.html", b"<!DOCTYPE html>"),
        ("d.md", b"# Coop"),
        ("d.atom", b"<?xml"),
        ("d.json", b"{"),
        ("d", b"<!DOCTYPE html>"),
    ],
)
def test_the_name_of_the_file_decides_the_format(
    press: Press, folder: Path, name: str, start: bytes
) -> None:
    assert vigie(press, "--out", name).exit_code == 0

    assert (folder / name).read_bytes().startswith(start)
    assert left(folder) == sorted([name, "vigie.db"])


def test_an_explicit_format_wins_over_the_name(press: Press, folder: Path) -> None:
    vigie(press, "--out", "d.txt", "--format", "json", "--lang", "en")

    assert json.loads((folder / "d.txt").read_text(encoding="utf-8"))["language"] == "en"


@pytest.mark.parametrize(("since", "stories"), [("3h", 1), ("1h", 0), ("2026-11-22", 1), ("7d", 1)])
def test_since_takes_an_age_or_a_date(press: Press, folder: Path, since: str, stories: int) -> None:
    result = vigie(press, "--format", "json", "--since", since)

    assert json.loads(result.stdout)["counts"]["stories"] == stories


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--since", "yesterday"), "neither a date"),
        (("--since", "9999999999d"), "neither a date"),
        (("--since", "2027-01-01"), "still to come"),
        (("--format", "pdf"), "not one of"),
        (("--lang", "ru"), "not one of"),
        (("--mail",), "[mail] in vigie.toml"),
        (("--notify",), "[notify] in vigie.toml"),
        (("--out", "nowhere/d.html"), "cannot be written"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_wrong_input_ends_with_2_and_one_reason(
    press: Press, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = vigie(press, *arguments)

    assert result.exit_code == 2
    assert words in result.stderr.splitlines()[-1]
    assert left(folder) == ["vigie.db"]


def test_an_archive_that_is_not_there_ends_with_3(press: Press, folder: Path) -> None:
    (folder / "vigie.db").unlink()

    assert vigie(press).exit_code == 3


def test_a_document_without_python_docx_says_what_to_install(
    press: Press, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)

    result = vigie(press, "--out", "d.docx")

    assert (result.exit_code, left(folder)) == (2, ["vigie.db"])
    assert result.stderr.strip().endswith("pip install 'vigie-presse[report]'")


def test_a_file_that_was_there_stays_whole_when_the_digest_fails(
    press: Press, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "d.docx").write_text("yesterday")
    monkeypatch.setitem(sys.modules, "docx", None)

    vigie(press, "--out", "d.docx")

    assert (folder / "d.docx").read_text() == "yesterday"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('[mail]\nhost = "smtp.example"', "host needs sender and to"),
        ('[mail]\nsender = "Vigie <v@x.example>"', "mail.sender"),
        ('[mail]\nto = ["a@x.example\\nBcc: b@x.example"]', "mail.to.0"),
        ("[mail]\nport = 0", "mail.port"),
        ('[mail]\npassword = "secret"', "mail.password"),
    ],
)
def test_a_wrong_mail_table_is_refused_before_any_work(
    press: Press, folder: Path, table: str, words: str
) -> None:
    (folder / "vigie.toml").write_text(table, encoding="utf-8")

    result = vigie(press, "--mail")

    assert result.exit_code == 2
    assert words in result.stderr


def test_a_mail_that_cannot_be_delivered_needs_a_person(press: Press, folder: Path) -> None:
    (folder / "vigie.toml").write_text(
        '[mail]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\n'
        'sender = "vigie@redaction.example"\nto = ["lectrice@redaction.example"]\n',
        encoding="utf-8",
    )

    result = vigie(press, "--mail", "--out", "d.md")

    assert result.exit_code == 1
    assert result.stderr.startswith("vigie: mail: 127.0.0.1:1 did not take it")
    assert (folder / "d.md").exists()
