"""Logs: one line per event, as text for people or as JSON for programs."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from storage.failures import is_lasting

FORMATS = ("text", "json")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, message, and the trace where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as JSON."""
        facts = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            facts["trace"] = self.formatException(record.exc_info)
        return json.dumps(facts, ensure_ascii=False)


def start_logging(level: int, log_format: str) -> None:
    """Log to standard error from `level` on.

    That the archive cannot be written is left to the one line which ends the command, unless more
    was asked for: Scrapy says it of each page anew, with a trace and the page itself.
    """
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    if level >= logging.WARNING:
        handler.addFilter(_is_news)
    handler.setFormatter(JsonFormatter() if log_format == "json" else text)
    logging.basicConfig(level=level, handlers=[handler])


def _is_news(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return error is None or not (record.name.startswith("scrapy.") and is_lasting(error))
