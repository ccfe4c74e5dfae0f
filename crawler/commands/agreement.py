"""Agreement: the scores of a rule set, as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs
import click

from crawler.commands.output import echo_table

if TYPE_CHECKING:
    from pipelines.scoring import ScoreReport, Tally

COLUMNS = ["what", "precision", "recall", "f1", "right", "false_alarms", "misses"]


def report_as_dict(report: ScoreReport) -> dict[str, Any]:
    """Return the scores as plain data."""
    return {
        "rows": report.rows,
        "flag": report.flag.as_dict() | {"f1_interval": report.flag_f1_interval},
        "themes": report.themes.as_dict(),
        "countries": report.countries.as_dict(),
        "by_theme": {theme: tally.as_dict() for theme, tally in report.by_theme.items()},
        "errors": [attrs.asdict(one) for one in report.disagreements],
    }


def show_report(report: ScoreReport) -> None:
    """Print the scores as a table, then where the rules and the reader differ."""
    echo_table(list(_rows(report)), COLUMNS)
    if report.flag_f1_interval:
        low, high = report.flag_f1_interval
        click.echo(
            f"\n{report.rows} articles; F1 of the flag between {low:.3f} and {high:.3f} (95 %)"
        )
    for one in report.disagreements:
        click.echo(f"\n{one.kind:12} {one.id}  score {one.score}  {one.title}")
        click.echo(f"             expected {' '.join(one.expected) or '–'}")
        click.echo(f"             found    {' '.join(one.found) or '–'}")


def _rows(report: ScoreReport) -> Iterator[dict[str, object]]:
    yield _row("flag", report.flag)
    yield _row("themes", report.themes)
    yield _row("countries", report.countries)
    for theme, tally in report.by_theme.items():
        yield _row(f"  {theme}", tally)


def _row(what: str, tally: Tally) -> dict[str, object]:
    scores = tally.as_dict()
    return {
        "what": what,
        "precision": _with_interval(tally.precision, scores["precision_interval"]),
        "recall": _with_interval(tally.recall, scores["recall_interval"]),
        "f1": "–" if tally.f1 is None else f"{tally.f1:.3f}",
        "right": tally.hits,
        "false_alarms": tally.false_alarms,
        "misses": tally.misses,
    }


def _with_interval(share: float | None, interval: Any) -> str:
    if share is None or interval is None:
        return "–"
    return f"{share:.3f} ({interval[0]:.2f}–{interval[1]:.2f})"
