"""Extraction: the text of real French pages, by Vigie, by trafilatura's settings and by its peers.

    python -m benchmarks.extraction

Prints Markdown: strings found and left out, F1 of words where the whole text is known, and CPU.
Every one is given the text of the page, decoded by us; Vigie's time includes title and metadata.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import attrs

from benchmarks.environments import python_of, version_of
from benchmarks.extraction.gold import PAGES, Labelled, overlap, read_gold
from pipelines.extract import extract_article
from pipelines.page.decode import decode
from storage.records import Article, Page

PEERS = (
    ("trafilatura", "scrapy"),
    ("trafilatura fast", "scrapy"),
    ("trafilatura precision", "scrapy"),
    ("trafilatura recall", "scrapy"),
    ("newspaper4k", "newspaper4k"),
    ("readability-lxml", "readability-lxml"),
    ("resiliparse", "resiliparse"),
)
"""What is called, and in which environment."""
_RUNNER = Path(__file__).with_name("extractors.py")


@attrs.frozen
class Text:
    """What was extracted from a page, and the milliseconds of CPU that took."""

    text: str
    ms: float


def by_vigie(pages: list[Labelled]) -> list[Text]:
    """Extract by the stage of this project."""
    _ours(pages[0])
    return [_ours(page) for page in pages]


def _ours(labelled: Labelled) -> Text:
    page = Page(
        source="gold", url=labelled.url, queued_url=labelled.url, body=labelled.body,
        fetched_at=datetime.now(UTC),
    )  # fmt: skip
    started = time.process_time()
    article = extract_article(page)
    ms = (time.process_time() - started) * 1000
    return Text(article.text if isinstance(article, Article) else "", ms)


def by_peer(name: str, environment: str, pages: list[Labelled]) -> list[Text]:
    """Extract by a peer in its own environment."""
    lines = (json.dumps({"url": page.url, "html": decode(page.body)}) for page in pages)
    done = subprocess.run(  # noqa: S603 - a command of our own
        [python_of(environment), _RUNNER, name],
        input="\n".join(lines), check=True, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    return [Text(**json.loads(line)) for line in done.stdout.splitlines()]


def row(name: str, pages: list[Labelled], texts: list[Text], ours: float) -> str:
    """Return a row of the table: how good and how dear."""
    pairs = list(zip(pages, (one.text for one in texts), strict=True))
    wanted = [string in text for page, text in pairs for string in page.wanted]
    unwanted = [string not in text for page, text in pairs for string in page.unwanted]
    whole = [overlap(text, page.text) for page, text in pairs if page.text]
    ms = statistics.mean(one.ms for one in texts)
    return (
        f"| {name} | {sum(wanted)} of {len(wanted)} | {sum(unwanted)} of {len(unwanted)} |"
        f" {statistics.mean(whole):.3f} | {ms:.1f} | {ms / ours:.2f} |"
    )


def main() -> None:
    """Print the table."""
    if not PAGES.is_dir():
        sys.exit(f"{PAGES} is not there: real pages are not part of the project")
    pages = read_gold()
    texts = by_vigie(pages)
    ours = statistics.mean(one.ms for one in texts)
    versions = ", ".join(
        f"{peer} {version_of(environment, peer)}" for peer, environment in PEERS if " " not in peer
    )
    print(f"{len(pages)} real French pages; {versions}\n")
    print("| extractor | strings found | strings left out | F1 of words | ms CPU | ratio |")
    print("|---|---|---|---|---|---|")
    print(row("Vigie, with title and metadata", pages, texts, ours))
    for name, environment in PEERS:
        print(row(name, pages, by_peer(name, environment, pages), ours))


if __name__ == "__main__":
    main()
