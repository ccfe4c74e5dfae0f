"""Gold: real French pages with what must and must not be extracted from them.

They are their publishers' and lie beside the project, at `../shared/data/pages`.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
from lxml import html

PAGES = Path(__file__).parents[3] / "shared" / "data" / "pages"
_WORD = re.compile(r"\w+")


@attrs.frozen(kw_only=True)
class Labelled:
    """A page, and what is known of its text."""

    url: str
    body: bytes
    wanted: tuple[str, ...] = ()
    """Strings that stand in the article."""
    unwanted: tuple[str, ...] = ()
    """Strings that stand beside it."""
    text: str | None = None
    """The whole article, where it is known."""


def read_gold(folder: Path = PAGES) -> list[Labelled]:
    """Return all labelled pages."""
    return [*_marked(folder / "trafilatura_fr"), *_fundus(folder / "fundus_fr"),
            *_readability(folder / "readability_fr")]  # fmt: skip


def overlap(text: str, gold: str) -> float:
    """Return the F1 of a text's words against the right ones, each counted as often as it stands."""
    found, right = Counter(_WORD.findall(text)), Counter(_WORD.findall(gold))
    common = (found & right).total()
    return 2 * common / (found.total() + right.total()) if common else 0.0


def _marked(folder: Path) -> Iterator[Labelled]:
    for url, facts in json.loads((folder / "evaldata_fr.json").read_text("utf-8")).items():
        yield Labelled(
            url=url,
            body=(folder / "html" / facts["file"]).read_bytes(),
            wanted=tuple(facts["with"]),
            unwanted=tuple(facts["without"]),
        )


def _fundus(folder: Path) -> Iterator[Labelled]:
    addresses = json.loads((folder / "meta.info").read_text("utf-8"))
    for facts in sorted(folder.glob("*.json")):
        newest = max(folder.glob(f"{facts.stem}_*.html.gz"))
        body = list(json.loads(facts.read_text("utf-8")).values())[-1]["body"]
        yield Labelled(
            url=addresses[newest.name]["url"],
            body=gzip.decompress(newest.read_bytes()),
            text="\n".join(_paragraphs(body)),
        )


def _paragraphs(body: dict[str, Any]) -> Iterator[str]:
    yield from body["summary"]
    for section in body["sections"]:
        yield from (*section["headline"], *section["paragraphs"])


def _readability(folder: Path) -> Iterator[Labelled]:
    for case in sorted(folder.iterdir()):
        expected = (case / "expected.html").read_text("utf-8")
        yield Labelled(
            url=f"https://{case.name}.example/article",
            body=(case / "source.html").read_bytes(),
            text=" ".join(html.document_fromstring(expected).itertext()),
        )
