"""CC-NEWS: the files of Common Crawl's news crawl tell by their names when they were begun.

`crawl-data/CC-NEWS/2023/11/CC-NEWS-20231105123456-00012.warc.gz`
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"CC-NEWS-(\d{14})-\d+\.warc(?:\.gz)?", re.IGNORECASE)


def begun_at(file: Path) -> datetime | None:
    """Return when a file of CC-NEWS was begun; None for a file of another name."""
    found = _NAME.fullmatch(file.name)
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
