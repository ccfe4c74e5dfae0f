"""Desk: how quick the review desk is on 100,000 articles and 5,000 flags while a crawl writes.

    python benchmarks/desk.py [--articles 100000] [--flags 5000] [--folder /tmp/vigie-desk]

The archive is written once, through `storage`, and used again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import httpx

from storage.archive import Archive
from storage.connection import writing
from storage.records import (
    THEMES,
    Article,
    Flag,
    Language,
    Link,
    Match,
    Published,
    Reading,
    SourceFacts,
)
from storage.times import now
from storage.verdicts import Verdict, Verdicts

SOURCES, BATCH, ROUNDS, JUDGED = 200, 1000, 40, 1000
COUNTRIES = ("ML", "BF", "NE", "CI", "SN", "CF", "TD", "CM", "GN", "MG", "CD", "CG", "TG", "BJ")
MATCHES, RULES = 40, 15
SENTENCE = "La délégation russe a rencontré le ministre à propos de la coopération. "
TEXT = "\n".join([SENTENCE * 5] * 9)


def reading_of(number: int, *, flagged: bool) -> Reading:
    """Return an article of 3,200 characters, flagged with 40 matches of 15 rules or not."""
    dice = random.Random(number)  # noqa: S311 - repeatable, not secret
    source = f"source_{dice.randrange(SOURCES)}"
    url = f"https://{source}.example/{number}"
    at = now() - timedelta(minutes=number)
    return Reading(
        queued_url=url,
        fetched_at=at,
        status=200,
        headers=(),
        article=Article(
            source=source,
            url=url,
            canonical_url=url,
            title=f"Coopération : la délégation n° {number}",
            text=TEXT if flagged else TEXT.replace("russe", "locale" if number % 9 else "russe"),
            published=Published(at=at, printed="", precision="second", origin="meta"),
        ),
        language=Language(code="fr", confidence=0.99, certain=True),
        flag=_flag(dice) if flagged else Flag(rule_set="rules-1", flagged=False, score=0),
        text_digest=str(number),
        fingerprint=tuple(dice.randrange(2**60) for _ in range(5)),
    )


def _flag(dice: random.Random) -> Flag:
    themes = dice.sample(THEMES, 3)
    matches = []
    for place in range(MATCHES):
        theme, start = themes[place % 3], place * (len(SENTENCE) + (place % 5 == 4))
        matches.append(
            Match(
                rule=f"{theme}-{place % (RULES // 3)}",
                theme=theme,
                field="text",
                start=min(start + 14, len(TEXT) - 6),
                end=min(start + 19, len(TEXT) - 1),
                words="russe",
                sentence_start=start,
                sentence_end=start + len(SENTENCE),
            )
        )
    return Flag(
        rule_set="rules-1",
        flagged=True,
        score=dice.randrange(30, 100),
        themes=tuple(themes),
        countries=tuple(sorted(dice.sample(COUNTRIES, 2))),
        matches=tuple(matches),
        arithmetic=(("strength 2", 32.0),),
    )


def build(path: Path, articles: int, flags: int) -> None:
    """Write the archive."""
    archive = Archive.open(path)
    archive.know_sources(_facts(number) for number in range(SOURCES))
    archive.runs.begin("benchmark", "rules-1", "", now())
    every = articles // flags
    for first in range(0, articles, BATCH):
        with writing(archive.db):
            for number in range(first, min(first + BATCH, articles)):
                store(archive, reading_of(number, flagged=number % every == 0))
        archive.checkpoint()
    judge_some(archive)
    archive.db.execute("analyze")
    archive.close()


def judge_some(archive: Archive) -> None:
    """Give verdicts on the lowest of the flags."""
    verdicts = Verdicts(archive.db)
    with writing(archive.db):
        for row in archive.articles.flagged(limit=1_000_000)[-JUDGED:]:
            verdict = ("relevant", "irrelevant")[row["id"] % 3 == 0]
            verdicts.record(Verdict(article=row["id"], verdict=verdict, reviewer="awa"), now())


def store(archive: Archive, reading: Reading) -> None:
    """Queue and store one article."""
    archive.queue.add(
        reading.article.source, [Link(url=reading.queued_url, discovered_by="feed")], now()
    )
    archive.articles.store(reading, reading.fetched_at)


def _facts(number: int) -> SourceFacts:
    return SourceFacts(
        slug=f"source_{number}",
        name=f"Le Journal n° {number}",
        country=COUNTRIES[number % len(COUNTRIES)],
        language="fr",
        url=f"https://source_{number}.example",
        outlet="press",
        ownership=None,
        alignment=None,
        active=True,
    )


def crawl(path: Path, first: int, stop: Event) -> None:
    """Store ten articles a second, every fourth flagged, as a busy crawl does."""
    archive = Archive.open(path)
    number = first
    while not stop.wait(0.1):
        store(archive, reading_of(number, flagged=number % 4 == 0))
        number += 1
    archive.checkpoint()
    archive.close()


def processor_seconds(pid: int) -> float:
    """Return what a process has used of the processor, which other programs do not change."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(pid: int, what: str, ask: Callable[[int], httpx.Response]) -> None:
    """Print median and 95th percentile of one kind of request, and the desk's processor time."""
    seconds = []
    before = processor_seconds(pid)
    for turn in range(ROUNDS + 2):
        start = time.perf_counter()
        answer = ask(turn)
        seconds.append(time.perf_counter() - start)
        assert answer.status_code in (200, 303), answer.text[:500]  # noqa: S101 - a benchmark
    seconds = sorted(seconds[2:])
    median, high = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
    used = (processor_seconds(pid) - before) / (ROUNDS + 2)
    print(
        f"{what:28} median {median * 1000:6.1f} ms   p95 {high * 1000:6.1f} ms"
        f"   processor {used * 1000:5.1f} ms",
        flush=True,
    )


def run(path: Path, first: int) -> None:
    """Start the desk, then a crawl, and measure."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "crawler", "--db", str(path), "review", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as desk:  # noqa: S603
        assert desk.stdout is not None  # noqa: S101 - for the type checker
        url = next(word for word in desk.stdout.readline().split() if word.startswith("http"))
        processes = multiprocessing.get_context("spawn")
        stop = processes.Event()
        crawler = processes.Process(target=crawl, args=(path, first, stop))
        crawler.start()
        try:
            ask_all(url, path, desk.pid)
        finally:
            stop.set()
            crawler.join()
            desk.terminate()


def ask_all(url: str, path: Path, pid: int) -> None:
    """Measure each page."""
    articles = [row["id"] for row in Archive.read(path).articles.flagged(limit=ROUNDS + 2)]
    headers = {"origin": url.removesuffix("/-/review")}
    with httpx.Client(timeout=60, headers=headers) as client:
        for what, page in (
            ("queue", ""),
            ("queue, one theme", "?theme=health"),
            ("queue, one country by date", "?country=ML&order=date"),
            ("queue, search", "?q=délégation 8000"),
            ("probe", "?state=probe"),
            ("quality", "/quality"),
        ):
            measure(pid, what, lambda _, page=page: client.get(url + page))
        measure(pid, "article", lambda turn: client.get(f"{url}/article/{articles[turn]}"))
        measure(
            pid,
            "verdict",
            lambda turn: client.post(
                f"{url}/verdict", data={"article": str(articles[turn]), "verdict": "relevant"}
            ),
        )


def main() -> None:
    """Build what is missing and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--flags", type=int, default=5_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/vigie-desk"))  # noqa: S108
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    path = options.folder / f"{options.articles}-{options.flags}.db"
    if not path.exists():
        start = time.perf_counter()
        build(path, options.articles, options.flags)
        print(f"written in {time.perf_counter() - start:.0f} s: {path.stat().st_size >> 20} MB")
    run(path, options.articles + int(time.time()) % 10_000_000 * 10)


if __name__ == "__main__":
    main()
