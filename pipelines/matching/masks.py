"""Masks: hits that do not count, because an idiom, an outlet's name or a teaser holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipelines.matching.automaton import Hit, Scan
from pipelines.matching.engine import Bits
from storage.folding import Folded, fold_words

_LONGEST_TEASER = 300
"""A line longer than this is an article's paragraph, however it begins."""
_MOST_ANNOUNCED = 6
"""No more lines than these are taken for what one teaser line announces."""
_LETTER = re.compile(r"\w")
_DATELINE = re.compile(
    r"^(?:[^\W\d_][\w’' -]{1,40},? (?:le )?\d{1,2}(?:er)? [^\W\d_]{3,9}\.?(?: \d{4})?|[A-ZÀ-Ý’' -]{3,40})"
    r"\s?\([^()\n]{2,30}\)\s?[-–—]",
    re.MULTILINE,
)
_DATELINE_END = re.compile(r"\)\s?[-–—]")
"""Where and when an agency wrote: "Abidjan, 11 mars 2025 (AIP) – ". It says nothing of the story."""

_MENU = re.compile(r"^[^|›>\n]{1,60}(?:[|›>][^|›>\n]{1,60}){2,30}$", re.MULTILINE)
_BARS = "|›>"
"""A line parted by bars or arrows leads through the site: "Accueil > Afrique > Coopération"."""

Span = tuple[int, int, str]
"""Start, end and the mask's name."""


def without_rivals(hits: list[Hit], bits: Bits) -> list[Hit]:
    """Drop what is part of a longer name: "Guinée" in "Guinée équatoriale", "Mali" in a mask.

    Only places and masks rule each other out; a lexicon's hit stays inside a longer one.
    """
    masks = bits.any_mask
    kept: list[Hit] = []
    longest: Hit | None = None
    for hit in hits:
        if hit[3].place is None and not hit[2] & masks:
            kept.append(hit)
        elif longest is not None and hit.end <= longest.end and hit[:2] != longest[:2]:
            rest = hit.bits & ~bits.any_place & ~masks
            if rest:
                kept.append(hit._replace(bits=rest))
        else:
            kept.append(hit)
            longest = hit if longest is None or hit.end > longest.end else longest
    return kept


def mask_spans(scan: Scan, hits: list[Hit], bits: Bits, outlet: str | None) -> list[Span]:
    """Return what is masked in a text, sorted."""
    text = scan.text
    spans = [] if outlet is None else _outlet_spans(scan.folded, outlet)
    if _DATELINE_END.search(text):
        spans.extend((found.start(), found.end(), "dateline") for found in _DATELINE.finditer(text))
    if any(bar in text for bar in _BARS):  # a twentieth of what an expression takes to look
        spans.extend((found.start(), found.end(), "menu") for found in _MENU.finditer(text))
    for name, persons in bits.persons.items():
        if not scan.bits & persons.subject:
            continue
        spans.extend((start, end, name) for start, end in persons.spans(text, hits))
    if scan.bits & bits.any_mask:
        spans.extend(_term_spans(text, hits, bits))
    return sorted(spans)


def _term_spans(text: str, hits: list[Hit], bits: Bits) -> Iterator[Span]:
    """Yield what the terms of masks and the lines that begin with some mask."""
    for hit in hits:
        if hit[2] & bits.any_mask:
            masks, lines = _names(hit[2] & bits.any_mask, bits)
            yield from ((hit.start, hit.end, name) for name in masks)
            for name in lines:
                yield from ((start, end, name) for start, end in _lines(text, hit))


def split_masked(hits: list[Hit], spans: list[Span]) -> tuple[list[Hit], list[tuple[Hit, str]]]:
    """Part the hits that count from those that a masked span holds, with the mask's name."""
    if not spans:
        return hits, []
    counting: list[Hit] = []
    masked: list[tuple[Hit, str]] = []
    position, reach, name = 0, -1, ""
    for hit in hits:
        while position < len(spans) and spans[position][0] <= hit.start:
            if spans[position][1] > reach:
                _, reach, name = spans[position]
            position += 1
        if hit.end <= reach:
            masked.append((hit, name))
        else:
            counting.append(hit)
    return counting, masked


@lru_cache(maxsize=10_000)
def _names(subjects: int, bits: Bits) -> tuple[list[str], list[str]]:
    """Return the names of the masks of words and of lines among some subjects."""
    masks = [name for bit, name in bits.masks.items() if subjects & bit]
    return masks, [name for bit, name in bits.lines.items() if subjects & bit]


def _lines(text: str, hit: Hit) -> list[tuple[int, int]]:
    """Return the teaser line a hit begins, and those it announces where it says nothing else."""
    start = text.rfind("\n", 0, hit.start) + 1
    if _LETTER.search(text, start, hit.start):
        return []
    end = _line_end(text, hit.end)
    lines = [(start, end)]
    if not _LETTER.search(text, hit.end, end):
        lines.extend(_announced(text, end))
    return [(first, last) for first, last in lines if last - first <= _LONGEST_TEASER]


def _announced(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Yield the next line, and the headlines after it: lines that do not end as a sentence does."""
    for _ in range(_MOST_ANNOUNCED):
        if end >= len(text):
            return
        start, end = end + 1, _line_end(text, end + 1)
        yield start, end
        if text[start:end].rstrip().endswith((".", "!", "»", "…")):
            return


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _outlet_spans(folded: Folded, outlet: str) -> list[Span]:
    """Find the outlet's own name, where it has several words ("Mali Actu") or a joint."""
    name = " ".join(fold_words(outlet).text.split())
    if " " not in name:
        return []
    pattern = re.compile(rf"(?<![^ ]){re.escape(name)}(?![^ ])")
    return [(*folded.span(*found.span()), "outlet") for found in pattern.finditer(folded.text)]
