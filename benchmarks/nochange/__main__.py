"""No change: a crawl of as many sites as the catalogue has, none of which has anything new.

    python -m benchmarks.nochange [--quick] [--sites N]

The sites are loopback addresses; the delay between two requests to a host is the shipped one. The
first crawl remembers the feeds, the second is measured. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
from pathlib import Path

from benchmarks.crawl.contestants import command_of
from benchmarks.crawl.measure import Cost, run
from benchmarks.crawl.serving import served

SITES = 242
DELAY = 1.5


def crawl_twice(sites: int, folder: Path) -> tuple[Cost, int, dict[str, int]]:
    """Return the cost of the second crawl, its requests, and its problems by class."""
    material, work = folder / "material", folder / "work"
    material.mkdir()
    work.mkdir()
    command = command_of(material, work, delay=DELAY)
    with served(0, sites, material):
        run([*command, "--since", "1m", "--all"], work)
        cost = run([*command, "--since", "1m", "--all"], work)
    connection = sqlite3.connect(work / "vigie.db")
    requests = connection.execute("select requests from runs where id = 2").fetchone()[0]
    errors = connection.execute("select errors from polls where run = 2").fetchall()
    connection.close()
    return cost, requests, {key: n for (text,) in errors for key, n in json.loads(text).items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the sites")
    parser.add_argument("--sites", type=int, default=SITES)
    options = parser.parse_args()
    sites = options.sites // 10 if options.quick else options.sites
    with tempfile.TemporaryDirectory() as folder:
        cost, requests, errors = crawl_twice(sites, Path(folder))
    print(f"{sites} sites, {DELAY} s between two requests to a host, nothing new\n")
    print("| requests | seconds | CPU s | peak MB | problems |")
    print("|---|---|---|---|---|")
    print(
        f"| {requests} | {cost.seconds:.1f} | {cost.cpu:.1f} | {cost.memory:.0f} |"
        f" {errors or 'none'} |"
    )


if __name__ == "__main__":
    main()
