"""The automaton: one pass over a text finds every term of every lexicon, rule and gazetteer."""

from __future__ import annotations

import re
from functools import partial
from operator import itemgetter
from typing import NamedTuple

import attrs
from ahocorasick_rs import AhoCorasick, Implementation

from pipelines.matching.term import Pattern, patterns_of, unaccented
from storage.folding import Folded, fold_words

_SPACED_HYPHEN = re.compile(r"\s[-–—‑‐]\s")


@attrs.frozen
class Place:
    """What a term of the gazetteer names."""

    kind: str
    """state, shared, group, not_place or elsewhere."""
    codes: tuple[str, ...] = ()
    by: str = "names"
    """The list of the gazetteer's state that holds the term: names, demonyms, towns, seats, people."""


@attrs.define(eq=False)
class Entry:
    """A form of one or more terms, and for whom it is looked for."""

    term: str
    """The term as the rule set writes it; of several, the first."""
    pattern: Pattern
    bits: int = 0
    """One bit per subject: a lexicon, a term of a query, a mask …"""
    place: Place | None = None
    is_phrase: bool = attrs.field(init=False)
    is_open: bool = attrs.field(init=False)
    """Whether its last word may go on."""

    def __attrs_post_init__(self) -> None:
        self.is_phrase = " " in self.pattern.folded
        self.is_open = self.pattern.open_ended


class Hit(NamedTuple):
    """A place where a form stands in the text; offsets are those of the original."""

    start: int
    end: int
    bits: int
    entry: Entry


_hit = partial(tuple.__new__, Hit)
"""Makes a hit of a tuple, in half the time."""
_start, _end = itemgetter(0), itemgetter(1)


class Vocabulary:
    """Collects the terms that an automaton will look for."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[Pattern, Entry]] = {}

    def add(self, term: str, bits: int, place: Place | None = None) -> None:
        """Look for a term on behalf of the subjects in `bits`; raise `TermError`."""
        for pattern in patterns_of(term):
            key = f" {pattern.folded}" if pattern.open_ended else f" {pattern.folded} "
            entry = self.entries.setdefault(key, {}).setdefault(pattern, Entry(term, pattern))
            entry.bits |= bits
            if place is not None:
                entry.place = _merged(entry.place, place)


def _merged(known: Place | None, place: Place) -> Place:
    """Return the place a word names when two entries of the gazetteer claim it."""
    if known is None or known.kind != place.kind:
        return place if known is None else known
    codes = tuple(dict.fromkeys(known.codes + place.codes))
    several = known.kind == "state" and len(codes) > 1
    return Place("shared" if several else known.kind, codes)


@attrs.frozen
class Scan:
    """What one pass found, before it is looked at closely."""

    text: str
    folded: Folded
    found: list[tuple[int, int, int]]
    """Key, start and end. The scanned words begin with one space more than the folded text."""
    bits: int
    """The subjects of all forms found."""


class Automaton:
    """Finds the forms of a vocabulary in texts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        keys = list(vocabulary.entries)
        self._entries = [tuple(vocabulary.entries[key].values()) for key in keys]
        self._simple = [_simple(entries) for entries in self._entries]
        """The only entries of a key, where finding it is enough, up to a line's end within it."""
        self._single = [entry and _single(entry) for entry in self._simple]
        """Of these the single words, where finding it is enough."""
        self._bits = [_union(entries) for entries in self._entries]
        # The dense automaton takes 20 MB more, and a fifth longer where each text is another one.
        self._search = AhoCorasick(keys or ["\0"], implementation=Implementation.ContiguousNFA)

    @property
    def size(self) -> int:
        """How many forms are looked for."""
        return len(self._entries)

    def scan(self, text: str) -> Scan:
        """Run the pass over a text."""
        return self.scan_folded(text, fold_words(text))

    def scan_folded(self, text: str, folded: Folded) -> Scan:
        """Run the pass over a text that is folded already."""
        found = self._search.find_matches_as_indexes(f" {folded.text} ", overlapping=True)
        bits = 0
        for key in {key for key, _, _ in found}:
            bits |= self._bits[key]
        return Scan(text, folded, found, bits)

    def hits(self, scan: Scan) -> list[Hit]:
        """Return the hits of a scan in the order of the text, the longer first."""
        hits: list[Hit] = []
        single, simple, words = self._single, self._simple, scan.folded.text
        for key, start, stop in scan.found:
            entry = single[key]
            if entry is not None:
                hits.append(_hit((start, stop - 2, entry.bits, entry)))
                continue
            entry = simple[key]
            if entry is None:
                hits += self._checked(scan, key, start, stop)
                continue
            end = _word_end(words, stop - 1) if entry.is_open else stop - 2
            if not (entry.is_phrase and _crosses_lines(scan, start, end)):
                hits.append(_hit((start, end, entry.bits, entry)))
        if not scan.folded.aligned:
            span = scan.folded.span
            hits = [_hit((*span(start, end), bits, entry)) for start, end, bits, entry in hits]
        hits.sort(key=_end, reverse=True)
        hits.sort(key=_start)
        return hits

    def _checked(self, scan: Scan, key: int, start: int, end: int) -> list[Hit]:
        """Return the hits of those entries that are written as they have to be."""
        hits = []
        for entry in self._entries[key]:
            stop = _end_of(entry.pattern, scan.folded.text, start, end)
            if stop is not None and _is_written(entry.pattern, scan, start, stop):
                hits.append(Hit(start, stop, entry.bits, entry))
        return hits


def _single(entry: Entry) -> Entry | None:
    return None if entry.is_phrase or entry.is_open else entry


def _simple(entries: tuple[Entry, ...]) -> Entry | None:
    pattern = entries[0].pattern
    close = len(entries) > 1 or pattern.cased is not None or pattern.spaced or pattern.pattern
    return None if close else entries[0]


def _union(entries: tuple[Entry, ...]) -> int:
    bits = 0
    for entry in entries:
        bits |= entry.bits
    return bits


def _end_of(pattern: Pattern, words: str, start: int, end: int) -> int | None:
    """Return where the form ends in the folded words, None where it does not stand there."""
    if not pattern.open_ended:
        return end - 2
    if pattern.pattern is not None:
        found = pattern.pattern.match(words, start)
        return found.end() if found else None
    return _word_end(words, end - 1)


def _word_end(words: str, inside: int) -> int:
    end = words.find(" ", inside)
    return len(words) if end < 0 else end


def _crosses_lines(scan: Scan, start: int, end: int) -> bool:
    return "\n" in scan.text[slice(*scan.folded.span(start, end))]


def _is_written(pattern: Pattern, scan: Scan, start: int, end: int) -> bool:
    """Say whether the original text has the form's capitals and joints."""
    if pattern.cased is None and " " not in pattern.folded:
        return True
    first, last = scan.folded.span(start, end)
    original = scan.text[first:last]
    if "\n" in original or (pattern.spaced and not _SPACED_HYPHEN.search(original)):
        return False
    return pattern.cased is None or _has_capitals(pattern, original)


def _has_capitals(pattern: Pattern, original: str) -> bool:
    bare = unaccented(original)
    if pattern.spaced:
        bare = bare.replace("–", " ").replace("—", " ")
        bare = " ".join(bare.split())
    return bare.startswith(pattern.cased or "") and (pattern.open_ended or bare == pattern.cased)
