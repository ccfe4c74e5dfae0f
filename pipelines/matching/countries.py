"""Countries: which African states an article names, and which of them take part.

A state takes part when a sentence in which a rule fired names it; where such a sentence names
none, when the sentence before does, then the title; where nothing does, the outlet's country.
A state named once, in the text of a story about another one, is a mention, unless in a long list.
Comparisons ("à la différence du Mali") only mention; ports of transit and an envoy's post ("via
Douala", "l'ambassadeur de Russie au Bénin") take part where no other state does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import attrs

from pipelines.matching.automaton import Hit
from pipelines.matching.document import Document
from pipelines.matching.engine import Bits
from pipelines.matching.hits import numbers_of

ENUMERATED = 3
"""From so many names in a row on, a list is an enumeration."""
_LONG_LIST = 5
"""So many African states in a row are those who take part, whatever the story's subject."""
_SMALL_GROUP = 3
"""A group of so many members at most acts as one when the title names it."""

_BETWEEN = re.compile(
    r"[\s,;/()]*(?:et|ou|puis|ainsi|que|qu|le|la|les|l|de|du|des|d|en|au|aux|à|a|enfin|\s|[,;/()'’«»-])*",
    re.IGNORECASE,
)
_LONGEST_BETWEEN = 20
_AND = re.compile(r"\s+et(?:\s+\w{1,3})?[\s’']+(?:l[’'])?")
_SAID_BEFORE = re.compile(
    r"(?:(?P<compared>contrairement|difference|frontieres?|frontaliere?s?|voisine?s?|limitrophes?"
    r"|instar|originaires?|refugies?|escale|hormis|excepte|a deux pas)"
    r"|via|transit[a-z]*|ports?(?: [a-z]{4,})?"
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


@attrs.frozen
class Countries:
    """What the resolver finds out about an article."""

    partners: tuple[str, ...]
    mentioned: tuple[str, ...]
    undecided: tuple[str, ...]
    named: tuple[Named, ...]

    def of_partners(self) -> frozenset[str]:
        """Return the codes of the partners and of the undecided."""
        undecided = (code for one in self.undecided for code in one.split("|"))
        return frozenset((*self.partners, *undecided))


def enumerations(document: Document, places: list[Hit]) -> list[list[Hit]]:
    """Return the runs of places that only commas, articles and `et` separate."""
    runs: list[list[Hit]] = []
    for hit in places:
        if runs and hit.start < runs[-1][-1].end:
            continue
        if runs and _follows(document.text, runs[-1][-1], hit):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return [run for run in runs if len(run) >= ENUMERATED]


def _follows(text: str, one: Hit, other: Hit) -> bool:
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
    listed = _long_lists(document, states) if shared else set()
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


def _joined(document: Document, one: Hit, other: Hit) -> bool:
    """Say whether `et` parts two states, or nothing much a town and its state."""
    if one.entry.place == other.entry.place:
        return other.start - one.end <= _LONGEST_BETWEEN
    return _AND.fullmatch(document.text, one.end, other.start) is not None


def _long_lists(document: Document, states: list[Hit]) -> set[Hit]:
    """Return the states of long lists: who is listed is not named in passing."""
    runs = [run for run in enumerations(document, states) if len(run) >= _LONG_LIST]
    return {hit for run in runs for hit in run}


def resolve(
    named: list[Named], fired: list[int], document: Document, outlet: str | None
) -> Countries:
    """Tell partners from mere mentions, given the sentences in which a rule fired."""
    by_sentence: dict[int, list[Named]] = {}
    for one in named:
        by_sentence.setdefault(one.sentence, []).append(one)
    partners = _in_fired(by_sentence, fired)
    if not partners:
        partners = dict.fromkeys(_around(by_sentence, fired, document))
    if not partners:
        partners = _fallback(by_sentence, fired, outlet)
    else:
        partners = _prominent(partners, named, document, outlet)
        partners.update(_titled_groups(named, document))
    return _countries(named, partners)


def _prominent(
    partners: dict[tuple[str, ...], None],
    named: list[Named],
    document: Document,
    outlet: str | None,
) -> dict[tuple[str, ...], None]:
    """Drop the states named once, in the text, where the story has another one for its subject.

    The subject is the state of the title, else the outlet's own. A state that stands in one list
    with the subject ("le Mali et le Niger") stays.
    """
    titled = {one.codes for one in named if document.fields[one.sentence] == 0}
    head = {one.codes for one in named if document.fields[one.sentence] < 2}
    subject = {codes for codes in partners if codes in titled}
    if not subject and outlet is not None:
        subject = {codes for codes in partners if outlet in codes}
    if not subject:
        return partners
    times = Counter(one.codes for one in named if one.kind != "group")
    long = _long_lists(document, [one.hit for one in named if one.kind != "group"])
    listed = {one.codes for one in named if one.hit in long}
    kept = subject | head | _beside(subject, named, document) | listed
    return {codes: None for codes in partners if codes in kept or times[codes] > 1}


def _titled_groups(named: list[Named], document: Document) -> dict[tuple[str, ...], None]:
    """Return the members of a small group that the title names, such as the AES."""
    return {
        (code,): None
        for one in named
        if one.kind == "group"
        and document.fields[one.sentence] == 0
        and len(one.codes) <= _SMALL_GROUP
        for code in one.codes
    }


def _beside(
    subject: set[tuple[str, ...]], named: list[Named], document: Document
) -> set[tuple[str, ...]]:
    """Return the states that only a comma or `et` parts from the subject, somewhere."""
    states = [one for one in named if one.kind != "group"]
    return {
        codes
        for one, other in pairwise(states)
        if _follows(document.text, one.hit, other.hit)
        and (one.codes in subject or other.codes in subject)
        for codes in (one.codes, other.codes)
    }


def _in_fired(by_sentence: dict[int, list[Named]], fired: list[int]) -> dict[tuple[str, ...], None]:
    """Return the states of the fired sentences, those named on the way only if no others are."""
    states = [
        one
        for number in fired
        for one in by_sentence.get(number, ())
        if one.kind != "group" and not one.compared
    ]
    staying = [one for one in states if not one.passed]
    return {one.codes: None for one in staying or states}


def _taking_part(by_sentence: dict[int, list[Named]], number: int) -> list[tuple[str, ...]]:
    here = by_sentence.get(number, ())
    return [one.codes for one in here if one.kind != "group" and not one.compared]


def _groups(by_sentence: dict[int, list[Named]], number: int) -> list[Named]:
    return [one for one in by_sentence.get(number, ()) if one.kind == "group"]


def _around(
    by_sentence: dict[int, list[Named]], fired: list[int], document: Document
) -> Iterable[tuple[str, ...]]:
    """Return the states named before the fired sentences, else those of the title."""
    before = [
        codes
        for number in fired
        if number and not _groups(by_sentence, number)
        for codes in _taking_part(by_sentence, number - 1)
    ]
    if before:
        return before
    title = [n for n in by_sentence if document.fields[n] == 0]
    return [codes for number in title for codes in _taking_part(by_sentence, number)]


def _fallback(
    by_sentence: dict[int, list[Named]], fired: list[int], outlet: str | None
) -> dict[tuple[str, ...], None]:
    """Take the members of the group that is the partner, else the outlet's country.

    Where most fired sentences name a group, it is the continent's story.
    """
    members: dict[tuple[str, ...], None] = {
        (code,): None
        for number in fired
        for one in _groups(by_sentence, number)
        for code in one.codes
    }
    if members:
        return members
    homeless = [number for number in fired if not _groups(by_sentence, number)]
    return {(outlet,): None} if outlet is not None and 2 * len(homeless) > len(fired) else {}


def _countries(named: list[Named], partners: dict[tuple[str, ...], None]) -> Countries:
    decided = {codes[0] for codes in partners if len(codes) == 1}
    undecided = {"|".join(codes) for codes in partners if len(codes) > 1}
    mentioned = {
        one.codes[0] for one in named if one.kind != "group" and len(one.codes) == 1
    } - decided
    return Countries(
        tuple(sorted(decided)), tuple(sorted(mentioned)), tuple(sorted(undecided)), tuple(named)
    )
