"""Synthetic: archives of any size, their texts recombined from the sentences of the labelled set.

In each sentence every sixth word is drawn anew, by Zipf's law, from the words of all texts and
from invented names: so words are as rare as in the press, and hardly a passage of eight words
stands in two articles, apart from the reprints, which are one article in twelve.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import random
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

from pipelines.fingerprint import fingerprint, text_digest
from storage.archive import Archive
from storage.articles import content_digest
from storage.connection import writing
from storage.fingerprints import Fingerprints
from storage.folding import fold_text
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
from storage.times import from_text, to_text

LABELLED = Path(__file__).parent / "flagging" / "labelled.jsonl"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
YEARS = 6
ABOUT_RUSSIA = 0.03
"""Share of articles into which sentences about Russia are mixed."""
SENTENCES = 30
"""In an article of about 2,500 characters."""
VARIED = 6
"""One word in so many is drawn anew."""
REPRINTED = 1 / 12
"""Share of articles that are another outlet's text of the last days: whole, cut or introduced."""
LAST_DAYS = 2_000
"""Articles back in which the original of a reprint stands at most."""
SOURCES = 120
NAMES = 60_000
STATES = ("ML", "BF", "NE", "CF", "SN", "CI", "CM", "CD", "CG", "GN", "TD", "DZ")
BATCH = 1000


def sentences() -> tuple[list[str], list[str]]:
    """Return sentences of texts off the subject that do not name Russia, and those on it that do."""
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    every = [
        (row["flag"], one) for row in rows for one in re.split(r"(?<=[.!?])\s+", row["text"]) if one
    ]
    russian = re.compile(r"russ|mosc|wagner|africa corps|kreml|poutine|rosatom", re.IGNORECASE)
    plain = [one for flag, one in every if not flag and not russian.search(one)]
    return plain, [one for flag, one in every if flag and russian.search(one)]


def names() -> list[str]:
    """Return invented names, the most frequent first."""
    dice = random.Random(2)  # noqa: S311 - repeatable, not secret
    starts, middles = "BDFGKLMNSTZ", ("a", "ou", "i", "é", "o", "en", "an")
    ends = ("ba", "ré", "ko", "mou", "lé", "dja", "ndé", "tou", "gui", "wa", "ssi")
    found: dict[str, None] = {}
    while len(found) < NAMES:
        size = dice.randint(1, 3)
        parts = (dice.choice(middles) + dice.choice(ends) for _ in range(size))
        found[dice.choice(starts) + "".join(parts)] = None
    return list(found)


class Writer:
    """Writes one article after another; the same article for the same number."""

    def __init__(self, length: int = SENTENCES) -> None:
        self._length = length
        self._plain, self._russian = sentences()
        words = sorted({w for s in self._plain for w in re.findall(r"\w{4,}", s)})
        random.Random(3).shuffle(words)  # noqa: S311 - repeatable, not secret
        pairs = itertools.zip_longest(words, names())
        self._words = [word for pair in pairs for word in pair if word]
        ranks = range(len(self._words))
        self._weights = list(itertools.accumulate(1 / (rank + 20) for rank in ranks))

    def text(self, number: int) -> str:
        """Return an article's text, in paragraphs of five sentences, some of them reprinted."""
        dice = random.Random(number)  # noqa: S311 - repeatable, not secret
        if dice.random() < REPRINTED and number > 1:
            back = dice.randint(1, min(LAST_DAYS, number - 1))
            return self._reprint(self.text(number - back), dice)
        chosen = dice.choices(self._plain, k=self._length)
        if dice.random() < ABOUT_RUSSIA:
            chosen[3:6] = dice.choices(self._russian, k=3)
        written = [self._varied(sentence, dice) for sentence in chosen]
        return "\n".join(" ".join(written[i : i + 5]) for i in range(0, len(written), 5))

    def title(self, number: int) -> str:
        """Return a title of some words."""
        dice = random.Random(-number - 1)  # noqa: S311 - repeatable, not secret
        return " ".join(dice.choices(self._words, cum_weights=self._weights, k=8)).capitalize()

    def _reprint(self, text: str, dice: random.Random) -> str:
        introduction = self._varied(dice.choice(self._plain), dice)
        beginning = text[: int(len(text) * 0.4)].rsplit(" ", 1)[0]
        return dice.choice((text, f"{introduction} {text}", f"{beginning} ({introduction})"))

    def _varied(self, sentence: str, dice: random.Random) -> str:
        words = sentence.split(" ")
        places = range(dice.randrange(VARIED), len(words), VARIED)
        drawn = dice.choices(self._words, cum_weights=self._weights, k=len(places))
        for place, word in zip(places, drawn, strict=True):
            words[place] = word
        return " ".join(words)


@attrs.frozen
class Written:
    """A synthetic article with all that its row and its fingerprint need."""

    number: int
    title: str
    text: str
    digest: str
    text_digest: str
    hashes: tuple[int, ...]


_writer: list[Writer] = []


def start(length: int = SENTENCES) -> None:
    """Make ready to write, once in each process."""
    _writer[:] = [Writer(length)]


def write(numbers: range) -> list[Written]:
    """Return the articles of these numbers."""
    return [_written(number) for number in numbers]


def _written(number: int) -> Written:
    title, text = _writer[0].title(number), _writer[0].text(number)
    folded = fold_text(text)
    return Written(
        number, title, text, content_digest(title, None, text), text_digest(folded),
        fingerprint(folded),
    )  # fmt: skip


def build(path: Path, count: int) -> Archive:
    """Build an archive of `count` articles, or extend one: flags, pages, fingerprints and all."""
    archive = Archive.open(path)
    archive.db.execute("pragma cache_size = -800000")
    archive.know_sources(_source(number) for number in range(SOURCES))
    archive.runs.keep_rule_set("synthetic", "", NOW)
    first = archive.db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
    starts = range(first + 1, count + 1, BATCH)
    ranges = [range(start, min(start + BATCH, count + 1)) for start in starts]
    with multiprocessing.get_context("spawn").Pool(2, start) as pool:
        for written in pool.imap(write, ranges):
            with writing(archive.db):
                store(archive, written)
            if written[-1].number % 10_000 == 0:
                archive.checkpoint()
    archive.checkpoint()
    return archive


def store(archive: Archive, written: Iterable[Written]) -> None:
    """Write articles with their pages, flags and fingerprints, as a crawl leaves them."""
    fingerprints = Fingerprints(archive.db)
    for one in written:
        row = _row(one)
        run = archive.db.conn.execute
        run(_INSERT_ARTICLE, row)
        run(_INSERT_PAGE, row)
        run(_INSERT_FLAG, row)
        if row["flagged"]:
            run(_INSERT_MATCH, row)
        if one.hashes:
            fingerprints.keep(one.number, fingerprints.month(one.number), one.hashes)


def reading(one: Written) -> Reading:
    """Return what a worker would have read on an article's page."""
    row = _row(one)
    seen = from_text(row["first_seen"])
    printed = row["published"]
    published = printed and Published(
        at=from_text(printed), printed=printed, precision="second", origin="meta"
    )
    article = Article(
        source=row["source"], url=row["url"], canonical_url=row["url"], title=one.title,
        text=one.text, published=published,
    )  # fmt: skip
    match = Match(
        rule="synthetic-rule", theme="military", field="text", start=0, end=5,
        words=one.text[:5], sentence_start=0, sentence_end=100,
    )  # fmt: skip
    flag = Flag(
        rule_set="synthetic", flagged=bool(row["flagged"]), score=row["score"],
        themes=tuple(json.loads(row["themes"])), countries=tuple(json.loads(row["countries"])),
        matches=(match,) * row["flagged"],
    )  # fmt: skip
    return Reading(
        queued_url=row["url"], fetched_at=seen, status=200, headers=(), article=article,
        language=Language(code="fr", confidence=1.0, certain=True), flag=flag,
        text_digest=one.text_digest, fingerprint=one.hashes,
    )  # fmt: skip


def store_read(archive: Archive, one: Reading) -> None:
    """Queue the page of a reading and store what was read, as a crawl does."""
    link = Link(url=one.queued_url, discovered_by="feed")
    archive.queue.add(one.article.source, [link], one.fetched_at)
    archive.articles.store(one, one.fetched_at)


def _row(one: Written) -> dict[str, Any]:
    dice = random.Random(f"row {one.number}")  # noqa: S311 - repeatable, not secret
    flagged = re.search(r"russ|mosc|poutine", one.text, re.IGNORECASE) is not None
    first_seen = NOW - timedelta(days=365 * YEARS) * (1 - min(one.number / 1_000_000, 1))
    # One article in ten is found long after it was published.
    late = timedelta(days=dice.randrange(400)) if dice.random() < 0.1 else timedelta(hours=6)
    return attrs.asdict(one, filter=attrs.filters.exclude("hashes")) | {
        "source": f"source_{dice.randrange(SOURCES)}",
        "url": f"https://s{one.number % SOURCES}.example/{one.number}",
        "published": to_text(first_seen - late) if dice.random() < 0.95 else None,
        "first_seen": to_text(first_seen),
        "flagged": int(flagged),
        "score": dice.randint(40, 95) if flagged else dice.choice((0, 0, 0, 12)),
        "themes": json.dumps(dice.sample(THEMES, 2) if flagged else []),
        "countries": json.dumps(dice.sample(STATES, dice.randint(1, 2)) if flagged else []),
    }


def _source(number: int) -> SourceFacts:
    return SourceFacts(
        slug=f"source_{number}", name=f"Source {number}", country=STATES[number % len(STATES)],
        language="fr", url=f"https://s{number}.example", outlet=None, ownership=None,
        alignment=None, active=True,
    )  # fmt: skip


def texts(count: int, length: int = SENTENCES) -> Iterator[str]:
    """Yield the texts of articles of so many sentences."""
    writer = Writer(length)
    return (writer.text(number) for number in range(count))


_INSERT_ARTICLE = """
    insert into articles (id, source, url, canonical_url, title, text, published_at, first_seen,
                          last_checked, language, language_confidence, digest, text_digest)
    values (:number, :source, :url, :url, :title, :text, :published, :first_seen, :first_seen,
            'fr', 1.0, :digest, :text_digest)
"""
_INSERT_PAGE = """
    insert into pages (canonical_url, url, source, discovered_by, state, outcome, attempts,
                       queued_at, settled_at, article)
    values (:url, :url, :source, 'feed', 'settled', 'stored', 1, :first_seen, :first_seen, :number)
"""
_INSERT_FLAG = """
    insert into flags (article, rule_set, flagged, score, themes, countries, flagged_at)
    values (:number, 'synthetic', :flagged, :score, :themes, :countries, :first_seen)
"""
_INSERT_MATCH = """
    insert into matches (article, rule, theme, field, start, "end", words, sentence_start,
                         sentence_end)
    values (:number, 'synthetic-rule', 'military', 'text', 0, 5, substr(:text, 1, 5), 0, 100)
"""
