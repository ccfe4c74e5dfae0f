"""Archive: how quick search, the queue, a new article and upkeep are in an archive of any size.

Builds the archive once, extends it on the next call, and prints Markdown tables.

    python benchmarks/archive.py [ARTICLES] [FILE]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from synthetic import build, reading, start, store_read, write

from pipelines.matching.finder import Finder
from pipelines.matching.query import parse_query
from pipelines.matching.ruleset import RuleSet, load_rules
from storage.archive import Archive
from storage.connection import CACHE_KIB
from storage.search import Filters, Search

ARTICLES = 100_000
PAGE = 20
TURNS, IN_A_TURN, WARMING = 10, 100, 3
"""In the first turns pages come from the disk."""
RAW_PAGE = 29_000
"""Bytes of a page as fetched, compressed: 78 real ones of 136 KB under zlib. Under zstd with a
dictionary of other sites' pages they have 24,000, which is not worth another dependency."""
WORDS = ("gouvernement", "ministre", "sécurité", "hôpital", "élection", "frontière", "coton")
RARE = ("logarithme", "cosmonaute", "lobatchevski", "thiébou", "intersyndicale", "GLONASS")
PHRASES = ('"chef de l\'État"', '"mis en place"', '"force publique"', '"pour la première fois"')
NEAR = ("ministre NEAR/5 santé", "russe+ NEAR/5 instructeur+", "@russia NEAR/8 accord+",
        "sécurité NEAR/3 alimentaire")  # fmt: skip
BOTH = ("ministre ET santé", "russe+ ET hôpital", "SENTENCE(@russia ET blé)", "coton OU cacao",
        "gouvernement SAUF ministre", "titre:demandé")  # fmt: skip
NARROW = (
    ("all", Filters()),
    ("flagged", Filters(flagged=True)),
    ("ML, military", Filters(country="ML", theme="military")),
    ("source", Filters(source="source_7")),
    ("a month", Filters(since="2024-03-01T00:00:00Z", until="2024-04-01T00:00:00Z")),
)


def questions() -> Iterator[tuple[str, str, Filters, str]]:
    """Yield kind, query, filters and order of 50 and more realistic searches."""
    for kind, queries in (
        ("frequent word", WORDS), ("rare word", RARE), ("phrase", PHRASES), ("NEAR", NEAR),
        ("several words", BOTH),
    ):  # fmt: skip
        yield from ((f"{kind}, by date", query, Filters(), "date") for query in queries)
    for name, filters in NARROW[1:]:
        yield from ((f"word, {name}", query, filters, "date") for query in WORDS[:4])
    yield from (("word, by rank", query, Filters(), "rank") for query in (*WORDS[:4], *RARE[:3]))


def answer(search: Search, query: str, rules: RuleSet, filters: Filters, order: str) -> int:
    """Return how many articles the first page of a search has."""
    finder = Finder(parse_query(query), rules)
    rows = search.candidates(finder.full_text, filters, order)
    found = (r for r in rows if finder.find(r["title"], r["standfirst"] or "", r["text"]))
    return len(list(islice(found, PAGE)))


def timed(task: Callable[[], object]) -> float:
    """Return the milliseconds that a task takes."""
    started = time.perf_counter()
    task()
    return (time.perf_counter() - started) * 1000


def searches(archive: Archive) -> None:
    """Print the time to the first page of each kind of search, warm, and over all of them."""
    rules, by_kind = load_rules(), dict[str, list[float]]()
    for kind, query, filters, order in questions():
        run = lambda: answer(archive.search, query, rules, filters, order)  # noqa: E731, B023 - called at once
        run()
        took = timed(run)
        by_kind.setdefault(kind, []).append(took)
        if took > 150:
            print(f"slow: {took:.0f} ms {kind} {query}", file=sys.stderr)
    every = sorted(took for several in by_kind.values() for took in several)
    print(f"\n| search ({len(every)}) | median ms | slowest ms |\n|---|---|---|")
    for kind, several in by_kind.items():
        print(f"| {kind} | {statistics.median(several):.1f} | {max(several):.1f} |")
    p95 = every[int(len(every) * 0.95)]
    print(f"| **all** | **{statistics.median(every):.1f}** | p95 **{p95:.1f}** |")


def queue_page(archive: Archive) -> float:
    """Return the milliseconds for the first page of the view `review_queue`."""
    sql = "select * from review_queue order by score desc, id limit 50"
    return statistics.median(timed(archive.db.execute(sql).fetchall) for _ in range(5))


def new_articles(few: Archive, many: Archive) -> dict[str, list[float]]:
    """Return the milliseconds that each of some more articles costs in two archives, committed.

    That is what a crawl does with a page that was read. They take turns, so that what else the
    machine does costs both the same.
    """
    start()
    took: dict[str, list[float]] = {"few": [], "many": []}
    for _ in range(TURNS):
        for name, archive in (("few", few), ("many", many)):
            first = archive.db.execute("select max(id) from articles").fetchone()[0] + 1
            for one in map(reading, write(range(first, first + IN_A_TURN))):
                took[name].append(timed(lambda: store_read(archive, one)))  # noqa: B023 - called at once
            archive.checkpoint()
    return took


def sizes(archive: Archive, count: int) -> None:
    """Print the size of the archive, by table."""
    rows = archive.db.execute(
        "select name, pageno * 4096 from dbstat where aggregate = true order by 2 desc"
    ).fetchall()
    print("\n| table or index | MB | bytes an article |\n|---|---|---|")
    total = sum(size for _, size in rows)
    flagged = archive.db.execute("select count(*) from flags where flagged = 1").fetchone()[0]
    for name, size in [
        *rows[:8],
        ("all, without raw pages", total),
        ("all, with those of flagged articles", total + RAW_PAGE * flagged),
        ("all, with every raw page", total + RAW_PAGE * count),
    ]:
        print(f"| {name} | {size / 1e6:.0f} | {size / count:.0f} |")


def main() -> None:
    """Build, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "vigie.db"
        small = build(Path(folder) / "small.db", 1_000)
        archive = build(path, count)
        archive.db.execute(f"pragma cache_size = -{CACHE_KIB}")
        small.db.execute(f"pragma cache_size = -{CACHE_KIB}")
        print(f"{count} articles")
        searches(archive)
        print(f"\nfirst page of the review queue: {queue_page(archive):.1f} ms")
        took = new_articles(small, archive)
        warm = WARMING * IN_A_TURN
        for name, part in (("the first", slice(warm)), ("after these", slice(warm, None))):
            for measure in (statistics.median, statistics.mean):
                few, many = measure(took["few"][part]), measure(took["many"][part])
                print(
                    f"one more article, {name} {warm}, {measure.__name__}: {few:.2f} ms after"
                    f" 1,000, {many:.2f} ms after {count}: {many / few:.1f} ×"
                )
        sizes(archive, count)


if __name__ == "__main__":
    main()
