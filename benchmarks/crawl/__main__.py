"""Crawl: Vigie's whole path beside minet and beside Scrapy with trafilatura inline.

    python -m benchmarks.crawl [--quick] [--pages N] [--hosts N] [--rounds N]

The same pages, served by another process on loopback addresses, in one run; prints Markdown. In
several rounds the contestants take turns, and the best of each counts: other work on the machine
makes none of them faster.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.crawl.contestants import Result, minet, scrapy_inline, vigie
from benchmarks.crawl.serving import served
from benchmarks.environments import version_of

PAGES, HOSTS = 1_000, 20
THREADS = 8
"""Of minet; 4 and 20 are slower on two cores."""


def contest(pages: int, hosts: int, rounds: int, folder: Path) -> list[Result]:
    """Return how each contestant did in its best round, Vigie first."""
    material = folder / "material"
    material.mkdir()
    runs: list[tuple[str, Callable[[Path, Path], Result]]] = [
        ("vigie", vigie),
        ("minet", lambda material, folder: minet(material, folder, THREADS)),
        ("scrapy", scrapy_inline),
    ]
    results: dict[str, list[Result]] = {name: [] for name, _ in runs}
    with served(pages, hosts, material):
        for turn in range(rounds):
            for name, run in runs:
                place = folder / f"{name}-{turn}"
                place.mkdir()
                results[name].append(run(material, place))
    return [max(several, key=lambda one: one.rate) for several in results.values()]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the pages")
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--hosts", type=int, default=HOSTS)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    pages = options.pages // 10 if options.quick else options.pages
    with tempfile.TemporaryDirectory() as folder:
        results = contest(pages, options.hosts, options.rounds, Path(folder))
        profile = json.loads((Path(folder) / "vigie-0" / "profile.json").read_text())
    show(results, pages, options.hosts)
    lags = f"{profile['lag_p95']} ms (p95), {profile['lag_p50']} ms (median)"
    print(f"\nVigie's event loop was late by {lags}; {stages(profile)}")


def stages(profile: dict[str, Any]) -> str:
    """Return each stage's share of Vigie's work in one line."""
    shares = sorted(profile["shares"].items(), key=lambda item: item[1], reverse=True)
    return ", ".join(f"{stage} {share:.0%}" for stage, share in shares)


def show(results: list[Result], pages: int, hosts: int) -> None:
    """Print what each contestant did, and Vigie's pages per second and per second of CPU to its."""
    ours = results[0]
    print(f"{pages} pages of {hosts} sites; minet {version_of('minet')}", end=" ")
    print(f"with trafilatura {version_of('minet', 'trafilatura')}", end=", ")
    print(f"Scrapy {version_of('scrapy')} with {version_of('scrapy', 'trafilatura')}\n")
    print("| contestant | articles | seconds | pages/s | CPU s | peak MB | Vigie is | per CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    for result in results:
        cost = result.cost
        print(
            f"| {result.name} | {result.pages} | {cost.seconds:.1f} | {result.rate:.1f} |"
            f" {cost.cpu:.1f} | {cost.memory:.0f} | {ours.rate / result.rate:.2f} × |"
            f" {ours.per_cpu / result.per_cpu:.2f} × |"
        )


if __name__ == "__main__":
    main()
