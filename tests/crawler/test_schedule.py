"""The schedules that are printed to be installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ANALYZE = shutil.which("systemd-analyze") or ""


@pytest.mark.skipif(not ANALYZE, reason="systemd is not here")
def test_systemd_accepts_its_units(vigie, tmp_path: Path) -> None:
    text = vigie("schedule", "systemd").stdout
    _, service, timer = text.split("# /etc/systemd/system/vigie.")
    for name, unit in (("service", service), ("timer", timer)):
        (tmp_path / f"vigie.{name}").write_text(unit.partition("\n")[2], encoding="utf-8")
    done = subprocess.run(
        [ANALYZE, "verify", str(tmp_path / "vigie.timer")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_units_and_lines_hold_absolute_paths_and_bounds(vigie) -> None:
    systemd, cron = vigie("schedule", "systemd").stdout, vigie("schedule", "cron").stdout
    assert f"--db {vigie.db} " in systemd
    assert "TimeoutStopSec=60" in systemd
    assert "timeout -k 60 3060" in cron
    assert f'"{vigie.folder}/vigie.log" {{' in cron
