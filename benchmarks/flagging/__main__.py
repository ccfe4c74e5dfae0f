"""Flagging: how well the shipped rules agree with the labelled sets, with floors for CI.

    python -m benchmarks.flagging [--write-floors]

Prints a Markdown table with 95 % intervals and exits 1 when a figure is below its floor in
`benchmarks/baseline.json`. `--write-floors` puts the floors just below today's figures.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.matching.ruleset import RuleSet, load_rules
from pipelines.scoring import ScoreReport, Tally, predict, read_articles, score
from storage.intervals import wilson

FOLDER = Path(__file__).parent
BASELINE = FOLDER.parent / "baseline.json"
SECTION = "flagging"
SETS = (
    "labelled",
    "more_positives",
    "other_russian_news",
    "heldout",
    "heldout_2",
    "heldout_3",
    "heldout_4",
    "heldout_5",
    "heldout_6",
    "heldout_7",
    "heldout_8",
    "heldout_9",
    "traps",
)
SLACK = 0.01
"""The floors stand so far below the figures: one row of 225 is 0.004."""

Figures = dict[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 when a figure is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write-floors", action="store_true")
    options = parser.parse_args(arguments)
    rules = load_rules()
    reports = {name: report(name, rules) for name in SETS}
    write_table(reports)
    figures = dict(collect(reports))
    if options.write_floors:
        write_floors(figures)
    return check(figures)


def report(name: str, rules: RuleSet) -> ScoreReport:
    """Score one of the labelled sets."""
    articles = read_articles(FOLDER / f"{name}.jsonl")
    return score(list(predict(articles, rules)))


def write_table(reports: dict[str, ScoreReport]) -> None:
    """Print what was found, set by set."""
    print("| set | what | precision | recall | F1 |")
    print("|---|---|---|---|---|")
    for name, one in reports.items():
        if one.flag.hits + one.flag.misses:
            for what, tally in tallies(one):
                print(f"| {name} | {what} | {shares(tally)} |")
        else:
            flagged, rows = one.flag.false_alarms, one.rows
            print(f"| {name} | flagged | {share(flagged, rows)} of {rows} | – | – |")


def tallies(one: ScoreReport) -> Iterator[tuple[str, Tally]]:
    """Yield the tallies of a report with their names."""
    yield from (("flag", one.flag), ("themes", one.themes), ("countries", one.countries))
    yield from one.by_theme.items()


def shares(tally: Tally) -> str:
    """Return precision, recall and F1 as cells of a table."""
    precision = share(tally.hits, tally.hits + tally.false_alarms)
    recall = share(tally.hits, tally.hits + tally.misses)
    return f"{precision} | {recall} | {tally.f1 or 0:.3f}"


def share(part: int, whole: int) -> str:
    """Return a share with its Wilson interval."""
    if not whole:
        return "–"
    low, high = wilson(part, whole)
    return f"{part / whole:.3f} ({low:.3f}–{high:.3f})"


def collect(reports: dict[str, ScoreReport]) -> Iterator[tuple[str, float]]:
    """Yield the figures that have floors; all are better when higher."""
    for name, one in reports.items():
        if one.flag.hits + one.flag.misses:
            yield f"{name} flag precision", one.flag.precision or 0.0
            yield f"{name} flag recall", one.flag.recall or 0.0
            yield f"{name} themes F1", one.themes.f1 or 0.0
            yield f"{name} countries F1", one.countries.f1 or 0.0
        else:
            yield f"{name} left alone", 1 - one.flag.false_alarms / one.rows


def check(figures: Figures) -> int:
    """Compare the figures with their floors; return 1 when one is below."""
    floors: Figures = read_baseline().get(SECTION, {})
    below = {name: floor for name, floor in floors.items() if figures.get(name, 0.0) < floor}
    for name, floor in below.items():
        print(f"below its floor: {name} {figures.get(name, 0.0):.3f} < {floor:.3f}")
    return 1 if below else 0


def write_floors(figures: Figures) -> None:
    """Put the floors just below the figures, rounded down to whole hundredths."""
    floors = {name: math.floor((value - SLACK) * 100) / 100 for name, value in figures.items()}
    baseline = read_baseline() | {SECTION: floors}
    BASELINE.write_text(json.dumps(baseline, indent=2) + "\n", encoding="utf-8")


def read_baseline() -> dict[str, Figures]:
    """Read the floors of all benchmarks; none where there is no file yet."""
    if not BASELINE.exists():
        return {}
    baseline: dict[str, Figures] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return baseline


if __name__ == "__main__":
    sys.exit(main())
