"""Chores: what the crash tests kill, each run as `python chores.py NAME ARCHIVE`.

A chore prints a line for each thing it has done, after the commit: what was printed must last.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import attrs

from storage.archive import Archive
from storage.export import exported
from storage.merge import Merge
from storage.prune import prune
from storage.records import Article, Flag, Language, Link, Match, Reading, SourceFacts
from storage.search import Filters
from storage.sheets import write_sheet
from storage.verdicts import Verdict, Verdicts

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
TEXT = "Des instructeurs russes sont arrivés à Bamako. L’armée les attendait. Article {}."
MATCHES = 5


def facts(slug: str) -> SourceFacts:
    return SourceFacts(
        slug=slug, name=slug.title(), country="ML", language="fr", url=f"https://{slug}.example",
        outlet=None, ownership=None, alignment=None, active=True,
    )  # fmt: skip


def flag(rule_set: str, *, flagged: bool = True) -> Flag:
    match = Match(
        rule="military-training", theme="military", field="text", start=4, end=23,
        words="instructeurs russes", sentence_start=0, sentence_end=46,
    )  # fmt: skip
    return Flag(rule_set=rule_set, flagged=flagged, score=64, matches=(match,) * MATCHES)


def reading(source: str, number: int) -> Reading:
    import hashlib
    import zlib

    url = f"https://{source}.example/{number}"
    page = f"<p>{number}</p>".encode()
    text = TEXT.format(number)
    return Reading(
        queued_url=url, fetched_at=NOW, status=200, headers=(),
        article=Article(source=source, url=url, canonical_url=url, title="Titre", text=text),
        language=Language(code="fr", confidence=1.0, certain=True),
        flag=flag("rules-1", flagged=number % 2 == 0),
        text_digest=url, fingerprint=(number * 7, number * 7 + 1),
        raw=zlib.compress(page), raw_sha256=hashlib.sha256(page).hexdigest(),
    )  # fmt: skip


def paced(path: Path) -> None:
    """Crawl 50 articles a second, several times what a crawl of all sources brings."""
    crawl(path, pause=0.02)


def crawl(path: Path, source: str = "matin", pause: float = 0) -> None:
    archive = Archive.open(path)
    archive.know_sources([facts(source)])
    archive.runs.begin("crawl", "rules-1", "[[rule]]", NOW)
    first = archive.db.execute("select coalesce(max(id), 0) from articles").fetchone()[0] + 1
    for number in range(first, first + 150):
        one = reading(source, number)
        archive.queue.add(source, [Link(url=one.queued_url, discovered_by="feed")], NOW)
        archive.articles.store(one, NOW)
        done(one.queued_url)
        time.sleep(pause)
        if number % 40 == 0:
            archive.checkpoint()
    archive.close()


def flags(path: Path) -> None:
    archive = Archive.open(path)
    number = archive.db.execute("select count(*) from rule_sets").fetchone()[0] + 1
    archive.runs.keep_rule_set(f"rules-{number}", "", NOW)
    for article in archive.search.newest(None, Filters()):
        archive.judgements.replace([(article, flag(f"rules-{number}"))], NOW)


def verdicts(path: Path) -> None:
    desk = Verdicts.open(path)
    for number in range(200):
        given = Verdict(article=number % 20 + 1, verdict="relevant", reviewer=f"r{number}")
        done(desk.record(given, NOW))


def merge(path: Path) -> None:
    archive = Archive.open(path)
    Merge(archive).run(path.with_name("other.db"))
    archive.checkpoint()


def pruned(path: Path) -> None:
    import storage.prune

    storage.prune.BATCH = 3
    prune(Archive.open(path).db, datetime(2027, 1, 1, tzinfo=UTC))


def export(path: Path) -> None:
    archive = Archive.read(path)
    for _ in range(10):
        rows = exported(archive.db, archive.search.newest(None, Filters()))
        write_sheet(rows, path.with_name("articles.csv"), "csv")


def migrate(path: Path) -> None:
    old = path.with_name("old.db")
    if old.exists():
        Archive.open(old).close()


def revise(path: Path) -> None:
    archive = Archive.open(path)
    for article in list(archive.search.newest(None, Filters())):
        one = reading("matin", article)
        text = f"{one.article.text} Ajout {datetime.now(UTC).timestamp()}."
        new = attrs.evolve(one, article=attrs.evolve(one.article, text=text))
        archive.revisions.revise(article, new, None, NOW)


def done(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


CHORES: dict[str, Callable[[Path], None]] = {
    "crawl": crawl,
    "flag": flags,
    "verdicts": verdicts,
    "merge": merge,
    "prune": pruned,
    "export": export,
    "migrate": migrate,
    "revise": revise,
}


def reader(path: Path) -> Callable[[], object]:
    db = Archive.read(path).db
    queue = "select * from review_queue order by score desc limit 50"
    return lambda: db.execute(queue).fetchall()


def searcher(path: Path) -> Callable[[], object]:
    search = Archive.read(path).search
    return lambda: list(islice(search.candidates("bamako", Filters()), 20))


def reviewer(path: Path) -> Callable[[], object]:
    desk = Verdicts.open(path)
    return lambda: desk.record(Verdict(article=1, verdict="relevant", reviewer="awa"), NOW)


def exporter(path: Path) -> Callable[[], object]:
    archive = Archive.read(path)

    def write() -> None:
        rows = exported(archive.db, archive.search.newest(None, Filters()))
        write_sheet(rows, path.with_name("articles.csv"), "csv")

    return write


WORK: dict[str, Callable[[Path], Callable[[], object]]] = {
    "crawler": lambda path: lambda: paced(path),
    "reader": reader,
    "searcher": searcher,
    "reviewer": reviewer,
    "exporter": exporter,
}


def work(name: str, path: Path, seconds: float) -> None:
    """Do one thing again and again, and print the milliseconds that each took."""
    task, until = WORK[name](path), time.monotonic() + seconds
    while (started := time.monotonic()) < until:
        task()
        done(f"took {(time.monotonic() - started) * 1000:.2f}")
        if name == "reviewer":
            time.sleep(0.01)


if __name__ == "__main__":
    if sys.argv[1] in WORK:
        work(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
    else:
        done("begins")
        CHORES[sys.argv[1]](Path(sys.argv[2]))
