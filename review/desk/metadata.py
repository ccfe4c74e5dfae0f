"""Metadata: the archive described to Datasette, with saved queries."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_DESCRIPTION = Path(__file__).parent / "metadata.toml"


def describe(database: str) -> dict[str, Any]:
    """Return Datasette's metadata for the archive under the name it has there."""
    described = tomllib.loads(_DESCRIPTION.read_text(encoding="utf-8"))
    return {
        "title": described["title"],
        "description": described["description"],
        "databases": {
            database: {
                "description": described["description"],
                "tables": described["tables"],
                "queries": described["queries"],
            }
        },
    }
