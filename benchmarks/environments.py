"""Environments: the peers of the benchmarks, each installed in a virtual environment of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "build" / "bench-venvs"
PEERS = {
    "minet": ("minet", "lxml-html-clean"),  # which its jusText imports
    "scrapy": ("scrapy", "trafilatura", "lxml-html-clean"),
    "newspaper4k": ("newspaper4k", "lxml-html-clean"),
    "readability-lxml": ("readability-lxml", "lxml-html-clean"),
    "resiliparse": ("resiliparse",),
}
"""What each environment holds, at the versions that the registry gives on the day it is made."""


def python_of(peer: str) -> Path:
    """Return the interpreter of a peer's environment, which is made where there is none."""
    python = FOLDER / peer / "bin" / "python"
    installed = FOLDER / peer / ".installed"
    if not installed.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER / peer], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEERS[peer]],
            check=True,
        )
        installed.touch()
    return python


def version_of(peer: str, package: str | None = None) -> str:
    """Return the version of a package in a peer's environment, of the peer itself by default."""
    asked = f"from importlib.metadata import version; print(version({package or peer!r}))"
    answer = subprocess.run(
        [python_of(peer), "-c", asked], check=True, capture_output=True, text=True
    )
    return answer.stdout.strip()
