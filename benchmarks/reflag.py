"""Reflag: how fast a stored archive is judged again, and how long it holds the write lock.

Builds an archive of recombined sentences in a temporary folder, then runs what `vigie flag` runs.
Beside it: the same words looked for by one `re` alternation, and by FTS5 over the stored index.

    python benchmarks/reflag.py [ARTICLES]
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from pathlib import Path

from synthetic import NOW, texts

from pipelines.matching.ruleset import RuleSet, load_rules
from pipelines.matching.term import patterns_of
from pipelines.reflag import Reflag
from pipelines.workers import Workers
from storage.archive import Archive
from storage.connection import writing
from storage.folding import fold_text
from storage.records import SourceFacts

ARTICLES = 100_000


def build(path: Path, count: int) -> Archive:
    """Store articles judged by a rule set that is gone."""
    archive = Archive.open(path)
    facts = SourceFacts(
        slug="s", name="S", country="ML", language="fr", url="https://s.example",
        outlet=None, ownership=None, alignment=None, active=True,
    )  # fmt: skip
    archive.know_sources([facts])
    archive.runs.keep_rule_set("gone", "", NOW)
    with writing(archive.db):
        archive.db.conn.executemany(
            """
            insert into articles (source, url, canonical_url, title, text, first_seen, last_checked,
                                  language, language_confidence, digest, text_digest)
            values ('s', ?1, ?1, 'Titre', ?2, '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z',
                    'fr', 1.0, '', ?1)
            """,
            ((f"https://s.example/{n}", text) for n, text in enumerate(texts(count))),
        )
        archive.db.execute(
            """
            insert into flags (article, rule_set, flagged, score, flagged_at)
            select id, 'gone', 0, 0, '2026-11-22T00:00:00Z' from articles
            """
        )
    return archive


class Stopwatch:
    """Times each write transaction of an archive."""

    def __init__(self, archive: Archive) -> None:
        self.longest = 0.0
        self._replace = archive.judgements.replace
        archive.judgements.replace = self._timed  # type: ignore[method-assign]

    def _timed(self, *arguments: object) -> None:
        started = time.perf_counter()
        self._replace(*arguments)  # type: ignore[arg-type]
        self.longest = max(self.longest, time.perf_counter() - started)


def reflag(archive: Archive, rules: RuleSet) -> tuple[float, float]:
    """Return the seconds that judging all articles took, and the longest transaction."""
    archive.runs.keep_rule_set(rules.digest, rules.text, NOW)
    workers, watch = Workers(rules), Stopwatch(archive)
    started = time.perf_counter()
    run = Reflag(archive, workers, rules.digest, None)
    asyncio.run(run.run(write=True, on_done=lambda _: None))
    seconds = time.perf_counter() - started
    workers.stop()
    return seconds, watch.longest


def by_regex(archive: Archive, rules: RuleSet, count: int) -> float:
    """Return the seconds that one alternation of all terms takes, scaled up from a sample."""
    forms = {p.folded.strip() for t in terms(rules) for p in patterns_of(t)}
    alternation = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(forms))) + r")\b")
    sample = [
        row[0] for row in archive.db.execute("select text from articles limit 100").fetchall()
    ]
    started = time.perf_counter()
    for text in sample:
        alternation.findall(fold_text(text))
    return (time.perf_counter() - started) / len(sample) * count


def by_fts5(archive: Archive, rules: RuleSet) -> float:
    """Return the seconds that FTS5 takes for all terms over the stored index, one query each."""
    started = time.perf_counter()
    for term in terms(rules):
        for pattern in patterns_of(term):
            archive.db.execute(
                "select count(*) from articles_fts where articles_fts match ?",
                [f'"{pattern.folded.strip()}"' + ("*" if pattern.open_ended else "")],
            ).fetchone()
    return time.perf_counter() - started


def terms(rules: RuleSet) -> set[str]:
    """Return every term of every lexicon."""
    return {term for lexicon in rules.lexicons.values() for term in lexicon}


def main() -> None:
    """Print the figures as a Markdown table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    rules = load_rules()
    with tempfile.TemporaryDirectory() as folder:
        archive = build(Path(folder) / "vigie.db", count)
        seconds, longest = reflag(archive, rules)
        flagged = archive.db.execute("select sum(flagged) from flags").fetchone()[0]
        rows = [
            ("vigie flag: rules, countries, score, written", seconds),
            ("`re` alternation of the terms alone", by_regex(archive, rules, count)),
            ("FTS5, one query a form, nothing but counts", by_fts5(archive, rules)),
        ]
    print(f"{count} articles, {flagged} flagged, longest transaction {longest * 1000:.0f} ms\n")
    print("| way | seconds | ratio |\n|---|---|---|")
    for name, value in rows:
        print(f"| {name} | {value:.1f} | {value / seconds:.1f} |")


if __name__ == "__main__":
    main()
