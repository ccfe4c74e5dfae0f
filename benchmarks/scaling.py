"""Scaling: what more sites and more articles cost, computed from what was measured on one machine.

Prints the tables of docs/scaling.md. Nothing here is measured: the figures come from
benchmarks/RESULTS.md, and those that are assumed say so.

    python -m benchmarks.scaling
"""

from __future__ import annotations

import attrs

HOUR, DAY, YEAR = 3_600, 86_400, 365
MEGA, GIGA, TERA = 1e6, 1e9, 1e12


@attrs.frozen
class Figure:
    """A number, what it means, and where it is from."""

    value: float
    meaning: str
    origin: str


FIGURES = {
    "c": Figure(
        56,
        "pages a core fetches, reads and stores in a second",
        "benchmarks.crawl",
    ),
    "s": Figure(639, "pages a core sweeps in a second with the prefilter", "benchmarks.cluster"),
    "x": Figure(97, "pages a core sweeps in a second with `--all`", "benchmarks.cluster"),
    "f": Figure(2_791, "rows a core flags again in a second", "benchmarks.cluster"),
    "m": Figure(830, "rows a core merges in a second; one does", "benchmarks.cluster"),
    "b": Figure(7_150, "bytes of an article in the archive, no page kept", "benchmarks/archive.py"),
    "w": Figure(41_498, "bytes of a page in a WARC.gz", "benchmarks.cluster"),
    "r": Figure(45_406, "bytes of a flagged row, its page kept", "benchmarks.cluster"),
    "a": Figure(20, "articles of a site in a day", "assumed"),
    "p": Figure(40, "polls of a site in a day: one in half its usual gap", "assumed"),
    "q": Figure(0.03, "share of pages that are flagged", "assumed"),
    "e": Figure(0.03, "euros for a core in an hour", "assumed"),
}
"""`c` is what `python -m benchmarks.crawl` says, divided by its cores."""


def value(name: str) -> float:
    """Return one of the figures."""
    return FIGURES[name].value


def crawling(sites: int) -> dict[str, tuple[str, str]]:
    """Return what so many sites need, each with its formula."""
    pages = sites * value("a")
    requests = sites * (value("a") + value("p") + 1)
    return {
        "articles a day": ("sites × a", f"{pages:,.0f}"),
        "requests a second": ("sites × (a + p + 1) / 86,400", f"{requests / DAY:.1f}"),
        "core hours a day": ("sites × a / c / 3,600", f"{pages / value('c') / HOUR:.1f}"),
        "archive, GB a year": (
            "sites × a × 365 × b",
            f"{pages * YEAR * value('b') / GIGA:,.0f}",
        ),
        "articles after a year": ("sites × a × 365", f"{pages * YEAR / MEGA:.1f} million"),
    }


def sweeping(pages: int) -> dict[str, tuple[str, str]]:
    """Return what so many archived pages need, each with its formula."""
    flagged = pages * value("q")
    swept, read = pages / value("s") / HOUR, pages / value("x") / HOUR
    return {
        "WARC files, TB": ("pages × w", f"{pages * value('w') / TERA:.1f}"),
        "sweep, core hours": ("pages / s / 3,600", f"{swept:,.0f}"),
        "the same in euros": ("pages / s / 3,600 × e", f"{swept * value('e'):,.0f}"),
        "days on one machine of 2 cores": ("pages / s / 86,400 / 2", f"{swept / 48:.1f}"),
        "hours on 25 machines of 16 cores": ("pages / s / 3,600 / 400", f"{swept / 400:.1f}"),
        "sweep --all, core hours": ("pages / x / 3,600", f"{read:,.0f}"),
        "flag all again, core hours": (
            "pages / f / 3,600",
            f"{pages / value('f') / HOUR:,.0f}",
        ),
        "flagged rows": ("pages × q", f"{flagged / MEGA:.1f} million"),
        "their partitions, GB": ("pages × q × r", f"{flagged * value('r') / GIGA:,.0f}"),
        "merge, hours": ("pages × q / m / 3,600", f"{flagged / value('m') / HOUR:.1f}"),
    }


def table(title: str, rows: dict[str, tuple[str, str]]) -> str:
    """Return a Markdown table of computed figures."""
    lines = [f"| {title} | formula | computed |", "|---|---|---|"]
    return "\n".join(
        [*lines, *(f"| {name} | {how} | {what} |" for name, (how, what) in rows.items())]
    )


def figures() -> str:
    """Return a Markdown table of what the formulas are made of."""
    lines = ["| | figure | value | from |", "|---|---|---|---|"]
    return "\n".join(
        [
            *lines,
            *(
                f"| {name} | {figure.meaning} | {figure.value:,g} | {figure.origin} |"
                for name, figure in FIGURES.items()
            ),
        ]
    )


def tables() -> tuple[str, str, str]:
    """Return the tables of the document."""
    return (
        figures(),
        table("5,000 sites", crawling(5_000)),
        table("100 million articles", sweeping(100_000_000)),
    )


if __name__ == "__main__":
    print("\n\n".join(tables()))
