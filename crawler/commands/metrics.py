"""Metrics: the state of the archive as OpenMetrics text, for a node exporter's textfile collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from storage.times import from_text

_RUN_TOTALS = ("sources", "requests", "stored", "flagged", "duplicate", "refused")


def open_metrics(facts: Mapping[str, Any]) -> str:
    """Return OpenMetrics text of what `vigie status --json` prints."""
    return "\n".join([*_lines(facts), "# EOF", ""])


def _lines(facts: Mapping[str, Any]) -> Iterator[str]:
    sources, runs = facts["sources"], facts["runs"]
    states = Counter(source["state"] for source in sources)
    yield from _gauge(
        "vigie_sources",
        "Sources by state.",
        [({"state": state}, count) for state, count in sorted(states.items())],
    )
    alarms = [(_labels(source), int(source["needs_a_person"])) for source in sources]
    yield from _gauge("vigie_source_alarm", "Whether a source needs a person.", alarms)
    yield from _gauge(
        "vigie_source_last_new_timestamp_seconds",
        "When a source last announced something new.",
        [(_labels(s), _seconds(s["last_new_at"])) for s in sources if s["last_new_at"]],
    )
    yield from _gauge("vigie_queue_pages", "Pages that wait.", [({}, facts["queued"])])
    if runs:
        yield from _run(runs[0])


def _run(run: Mapping[str, Any]) -> Iterator[str]:
    started = _seconds(from_text(run["started_at"]))
    yield from _gauge(
        "vigie_run_started_timestamp_seconds", "When the last run began.", [({}, started)]
    )
    totals = [({"what": name}, run[name]) for name in _RUN_TOTALS]
    yield from _gauge("vigie_run_total", "What the last run gave.", totals)
    if run["exit_code"] is not None:
        yield from _gauge(
            "vigie_run_exit_code", "How the last run ended.", [({}, run["exit_code"])]
        )


def _labels(source: Mapping[str, Any]) -> dict[str, str]:
    return {"source": source["source"], "country": source["country"] or "PAN"}


def _gauge(
    name: str, meaning: str, values: Iterable[tuple[Mapping[str, str], int]]
) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    yield f"# HELP {name} {meaning}"
    for labels, value in values:
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{name}{{{inside}}} {value}" if inside else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
