"""Without the extra `[cluster]`: who needs it is told so, and nobody else needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from crawler.commands import cluster
from crawler.commands.main import main


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None if name == "datatrove" else name)
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["cluster", "sweep", str(tmp_path), "--out", "swept"])

    assert done.exit_code == 2
    assert done.output == (
        "vigie: needs the extra [cluster]: pip install 'vigie-presse[cluster]'\n"
    )


def test_no_other_command_needs_the_extra(tmp_path: Path) -> None:
    script = (
        "import importlib, sys\n"
        "sys.modules |= dict.fromkeys(('datatrove', 'ray', 'loguru', 'pyarrow'))\n"
        "from crawler.commands.main import COMMANDS\n"
        "for name in COMMANDS: importlib.import_module(f'crawler.commands.{name}')\n"
        "import crawler.ingest.ingestion, crawler.run, pipelines.stages, review.desk.app\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
