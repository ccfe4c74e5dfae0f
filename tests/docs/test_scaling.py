"""The commands of the page on scaling are ones that exist, and its tables are the computed ones."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest

from crawler.commands.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    vigie (.+)$", PAGE, re.MULTILINE)


def parse(group: click.Command, words: list[str], parent: click.Context | None) -> str:
    """Read a command line down to its last command without running it; return that one's path."""
    context = group.make_context(group.name, list(words), parent=parent)
    if not isinstance(group, click.Group):
        return context.command_path
    rest = [*context._protected_args, *context.args]  # noqa: SLF001 - what a group hands on
    name, command, words = group.resolve_command(context, rest)
    assert command is not None, name
    return parse(command, words, context)


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_page_is_understood(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line.replace("/shared", str(tmp_path / "shared")))
    for word in words:
        if "/" in word and not re.fullmatch(r"\d+/\d+", word):
            Path(word).mkdir(parents=True, exist_ok=True)
    for name in ("swept", "judged"):
        (tmp_path / name).mkdir()
    (tmp_path / "all.parquet").touch()

    assert parse(main, words, None)


def test_there_are_commands_for_shards_and_for_partitions() -> None:
    assert len(COMMANDS) > 10


def test_the_tables_are_the_computed_ones() -> None:
    spec = importlib.util.spec_from_file_location("scaling", ROOT / "benchmarks" / "scaling.py")
    assert spec is not None
    assert spec.loader is not None
    scaling = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scaling)

    printed = PAGE.partition("<!-- python -m benchmarks.scaling -->\n")[2].partition(
        "<!-- end -->"
    )[0]

    assert printed.strip() == "\n\n".join(scaling.tables())
