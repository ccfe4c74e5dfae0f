"""Partitions: what `vigie cluster` is given in tests, and what it wrote."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path

from pyarrow import parquet

RULES = """
[[rule]]
id = "food-wheat"
theme = "food"
query = 'SENTENCE(russe+ AND {word})'
flags = ["Du {word} russe est arrivé."]
ignores = ["Le {word} est arrivé."]
"""
FILES, PAGES, FLAGGED = 4, 8, 2
WORDS = """
    le la les des une dans pour avec sans sur sous vers chez entre depuis pendant marché école
    route barrage santé récolte village région ville capitale ministre maire préfète syndicat
    comité association habitants femmes jeunes paysans pêcheurs enseignants travaux projet budget
    visite rencontre réunion annonce décision journée semaine saison pluie fleuve forêt champ
"""
WHEAT = (
    "Un navire de blé russe est arrivé au port de la capitale ce mardi.",
    "Un don de blé russe est attendu dans le nord du pays.",
)
HARBOUR = "Un navire russe a quitté le port de la capitale dans la nuit."


def page(number: int, sentence: str) -> str:
    dice = random.Random(number)
    lines = [" ".join(dice.choice(WORDS.split()) for _ in range(25)) + "." for _ in range(8)]
    body = "".join(f"<p>{line}</p>" for line in [*lines[:2], sentence, *lines[2:]])
    return (
        f'<!doctype html><html lang="fr"><head><title>{lines[0][:50]}</title></head><body>'
        f"<article><h1>{lines[0][:50]}</h1>{body}</article></body></html>"
    )


def record(url: str, body: str) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"WARC-Date: 2026-10-01T08:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", 1)


def write_warcs(folder: Path) -> None:
    """Write files in each of which two pages speak of Russian wheat, and one of those and another
    of a Russian ship."""
    folder.mkdir()
    for file in range(FILES):
        sentences = [*WHEAT, HARBOUR] + [""] * (PAGES - FLAGGED - 1)
        records = [
            record(f"https://matin.example/{file}-{n}.html", page(file * PAGES + n, sentence))
            for n, sentence in enumerate(sentences)
        ]
        (folder / f"CC-NEWS-2026100{file + 1}080000-00000.warc.gz").write_bytes(b"".join(records))


def rows(folder: Path, without: Sequence[str] = ()) -> list[str]:
    """Return the rows of all partitions, sorted, some columns left out."""
    tables = [parquet.read_table(file) for file in folder.glob("*.parquet")]
    found = [row for table in tables for row in table.drop_columns(list(without)).to_pylist()]
    return sorted(json.dumps(row, default=repr, sort_keys=True) for row in found)


def finished(folder: Path) -> dict[str, int]:
    """Return when the partitions whose tasks have ended were written."""
    done = {marker.name for marker in folder.glob("tasks/completions/*")}
    return {
        file.name: file.stat().st_mtime_ns for file in folder.glob("*.parquet") if file.stem in done
    }
