"""Named: where an article names African states, and groups of them.

A name shared by several states is decided by what the article names otherwise, then by the
outlet's country. What stands before a name tells a comparison, a port of transit, an envoy's post.
"""

from __future__ import annotations

import re
from collections import Counter

import attrs

from pipelines.matching.automaton import Hit
from pipelines.matching.document import Document
from pipelines.matching.engine import Bits
from pipelines.matching.hits import numbers_of

ENUMERATED = 3
"""From so many names in a row on, a list is an enumeration."""
_LONG_LIST = 5
"""So many African states in a row are those who take part, whatever the story's subject."""
_BETWEEN = re.compile(
    r"[\s,;/()]*(?:et|ou|puis|ainsi|que|qu|le|la|les|l|de|du|des|d|en|au|aux|à|a|enfin|\s|[,;/()'’«»-])*",
    re.IGNORECASE,
)
_LONGEST_BETWEEN = 20
_AND = re.compile(r"\s+et(?:\s+\w{1,3})?[\s’']+(?:l[’'])?")
_SAID_BEFORE = re.compile(
    r"\b(?:(?P<compared>contrairement|difference|frontieres?|frontaliere?s?|voisine?s?|limitrophes?"
    r"|instar|originaires?|refugies?|escale|hormis|excepte|a deux pas)"
    r"|(?:l|un|une|le|la|cet|cette) ?(?:analyste|politologue|expert|experte|specialiste|chercheur|chercheuse"
    r"|universitaire|economiste|historien|historienne|sociologue|essayiste|editorialiste|ecrivain|philosophe)"
    r"|arrivee? d(?:e|epuis)?|venue? d(?:e|epuis)?|via|transit[a-z]*|ports?(?: [a-z]{4,})?"
    r"|(?:ambassad[a-z]*|consul[a-z]*|charge d affaires) (?:de (?:la )?)?(?:federation de )?"
    r"(?:russie|russe|moscou))(?: [a-z]{1,3}){0,3} *$"
)
"""What makes the state after it a comparison, or else a place on the way or an envoy's post."""
_WINDOW = 60
"""In so many characters before a state's name stands what makes it less than a partner."""


@attrs.frozen
class Named:
    """One place where a state, or a group of states, is named."""

    hit: Hit
    kind: str
    codes: tuple[str, ...]
    """Decided as far as the article decides."""
    sentence: int
    compared: bool = False
    """Said of a neighbour, an origin, an exception: it takes no part."""
    passed: bool = False
    """Said of a port on the way or of an envoy's post: it takes part where no other does."""

    @property
    def by_name(self) -> bool:
        """Whether the state's own name stands here, and no demonym, town or person."""
        return self.hit.entry.place is not None and self.hit.entry.place.by == "names"


def enumerations(document: Document, places: list[Hit]) -> list[list[Hit]]:
    """Return the runs of places that only commas, articles and `et` separate."""
    runs: list[list[Hit]] = []
    for hit in places:
        if runs and hit.start < runs[-1][-1].end:
            continue
        if runs and follows(document.text, runs[-1][-1], hit):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return [run for run in runs if len(run) >= ENUMERATED]


def follows(text: str, one: Hit, other: Hit) -> bool:
    if other.start - one.end > _LONGEST_BETWEEN:
        return False
    return _BETWEEN.fullmatch(text, one.end, other.start) is not None


def named_states(document: Document, bits: Bits, outlet: str | None) -> list[Named]:
    """Return all mentions of African states and groups, the shared names decided if possible."""
    found = [
        (hit, hit.entry.place, number)
        for number in numbers_of(document.holding[bits.africa])
        for hit in document.hits_in(number)
        if hit.bits & bits.africa and hit.entry.place is not None
    ]
    explicit = Counter(place.codes[0] for _, place, _ in found if place.kind == "state")
    states = [hit for hit, place, _ in found if place.kind != "group"]
    compared, passed = _said_before(document, states)
    shared = any(place.kind == "shared" for _, place, _ in found)
    listed = long_lists(document, states) if shared else set()
    named: list[Named] = []
    for hit, place, number in found:
        codes = place.codes
        if place.kind == "shared":
            codes = _decided(codes, explicit, outlet, listed=hit in listed)
        named.append(
            Named(hit, place.kind, codes, number, hit.start in compared, hit.start in passed)
        )
    return named


def _decided(
    codes: tuple[str, ...], explicit: Counter[str], outlet: str | None, *, listed: bool
) -> tuple[str, ...]:
    """Choose the state that the article names otherwise, else the outlet's own.

    In a long list of states a shared name is the last of its codes, which has no other name.
    """
    if listed:
        return codes[-1:]
    most = max(explicit[code] for code in codes)
    named = tuple(code for code in codes if most and explicit[code] == most)
    if len(named) == 1:
        return named
    if outlet in codes:
        return (outlet,)
    return codes


def _said_before(document: Document, states: list[Hit]) -> tuple[set[int], set[int]]:
    """Return where the states begin with which something is compared, and those on the way."""
    compared: set[int] = set()
    passed: set[int] = set()
    for before, hit in zip([None, *states], states, strict=False):
        said = _SAID_BEFORE.search(document.words_before(hit.start, _WINDOW))
        if said is not None:
            (compared if said["compared"] else passed).add(hit.start)
        elif before is not None and before.start in passed and _joined(document, before, hit):
            passed.add(hit.start)
    return compared, passed


def _same_state(one: Hit, other: Hit) -> bool:
    return (
        one.entry.place is not None
        and other.entry.place is not None
        and one.entry.place.codes == other.entry.place.codes
    )


def _joined(document: Document, one: Hit, other: Hit) -> bool:
    """Say whether `et` parts two states, or nothing much a town and its state."""
    if _same_state(one, other):
        return other.start - one.end <= _LONGEST_BETWEEN
    return _AND.fullmatch(document.text, one.end, other.start) is not None


def long_lists(document: Document, states: list[Hit]) -> set[Hit]:
    """Return the states of long lists: who is listed is not named in passing."""
    runs = [run for run in enumerations(document, states) if len(run) >= _LONG_LIST]
    return {hit for run in runs for hit in run}
