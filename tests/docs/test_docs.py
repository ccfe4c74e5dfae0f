"""The documents name every command, option, setting, column and reason there is."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

from crawler.commands.main import COMMANDS, main
from crawler.config import Config
from crawler.source import Source
from storage.archive import Archive
from storage.reasons import REASONS

ROOT = Path(__file__).parents[2]
DOCS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
ALL = "\n".join(DOCS.values())


def commands() -> Iterator[str]:
    for name in COMMANDS:
        command = importlib.import_module(f"crawler.commands.{name}").command
        if isinstance(command, click.Group):
            yield from (f"{name} {sub}" for sub in command.commands)
        else:
            yield name


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"\bvigie (?:--\w+ \S+ )*{command}\b", ALL), f"vigie {command}"


@pytest.mark.parametrize("key", list(Source.model_fields))
def test_every_key_of_the_catalogue_is_documented(key: str) -> None:
    assert f"`{key}`" in DOCS["adding-a-source.md"]


def settings() -> Iterator[str]:
    for name, field in Config.model_fields.items():
        kinds = get_args(field.annotation) or (field.annotation,)
        for table in kinds:
            yield from (f"{name}.{key}" for key in getattr(table, "model_fields", ()))


@pytest.mark.parametrize("key", list(settings()))
def test_every_key_of_the_configuration_is_documented(key: str) -> None:
    assert f"`{key}`" in ALL


@pytest.mark.parametrize("reason", list(REASONS))
def test_every_reason_of_refusal_is_documented(reason: str) -> None:
    reasons = DOCS["data-model.md"].partition("## Reasons of refusal")[2]
    assert reasons.count(f"| `{reason}` |") == 1


def test_every_table_and_view_is_documented() -> None:
    db = Archive.open(":memory:").db
    shadow = re.compile(r"^(?:sqlite_|_sqlite_|articles_fts_)")
    names = [name for name in (*db.table_names(), *db.view_names()) if not shadow.match(name)]

    assert len(names) > 15
    assert [name for name in names if f"`{name}`" not in ALL] == []


@pytest.mark.parametrize("page", list(DOCS))
def test_links_between_documents_lead_somewhere_and_pages_stay_short(page: str) -> None:
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", DOCS[page])

    local = [target for target in targets if not target.startswith("http")]
    assert [target for target in local if not (ROOT / "docs" / target).exists()] == []
    assert DOCS[page].count("\n") < 250


def test_the_readme_gives_two_commands_that_the_makefile_has() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in ("demo", "test"):
        assert f"    make {target} " in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("group", ["", "cluster", "db", "evidence", "rules", "schedule", "sources"])
def test_help_says_in_one_line_what_each_command_does(group: str) -> None:
    done = CliRunner().invoke(main, [*group.split(), "--help"], terminal_width=80)

    shown = done.output.partition("Commands:")[2].splitlines()
    assert len(shown) > 2
    assert [line for line in shown if line.endswith("...")] == []


def test_the_version_that_is_told_is_that_of_the_package() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert (
        CliRunner().invoke(main, ["--version"]).output == f"vigie, version {package['version']}\n"
    )
