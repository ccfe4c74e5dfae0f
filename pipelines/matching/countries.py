"""Countries: which African states take part in what an article tells.

A state takes part when a sentence in which a rule fired names it; where such a sentence names
none, when the sentence before does, then the title; where nothing does, the outlet's country.
A state named once, in the text of a story about another one, is a mention, unless in a long list
or in a sentence that says by itself what it does with Russia.
Comparisons ("à la différence du Mali") only mention; ports of transit, earlier stages, an envoy's
post and an analyst's nationality ("via Douala", "après le Mali", "l'ambassadeur de Russie au
Bénin", "l'analyste togolais") take part where no other state does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import attrs

from pipelines.matching.document import Document
from pipelines.matching.named import Named, follows, long_lists

_SMALL_GROUP = 3
"""A group of so many members at most acts as one when the article opens with it."""
_OPENING = 2
"""The title is sentence 0; the sentences up to this one open an article."""


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


def resolve(
    named: list[Named], fired: list[int], telling: int, document: Document, outlet: str | None
) -> Countries:
    """Tell partners from mere mentions, given the sentences in which a rule fired.

    `telling` has a bit for each sentence that says by itself what its states do with Russia.
    """
    by_sentence: dict[int, list[Named]] = {}
    for one in named:
        by_sentence.setdefault(one.sentence, []).append(one)
    partners = _in_fired(by_sentence, fired)
    if not partners:
        partners = dict.fromkeys(_around(by_sentence, fired, document))
    if not partners:
        partners = _fallback(by_sentence, fired, outlet)
    else:
        told = {one.codes for one in named if telling >> one.sentence & 1 and one.by_name}
        times = Counter(one.codes for one in named if one.kind != "group")
        once = {codes for codes in partners if times[codes] <= 1} - told
        partners = _prominent(partners, once, named, document, outlet)
        partners.update(_heading_groups(named, document))
    return _countries(named, partners)


def _prominent(
    partners: dict[tuple[str, ...], None],
    once: set[tuple[str, ...]],
    named: list[Named],
    document: Document,
    outlet: str | None,
) -> dict[tuple[str, ...], None]:
    """Drop the states named `once`, in the text, where the story has another one for its subject.

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
    long = long_lists(document, [one.hit for one in named if one.kind != "group"])
    listed = {one.codes for one in named if one.hit in long}
    kept = subject | head | _beside(subject, named, document) | listed
    return {codes: None for codes in partners if codes in kept or codes not in once}


def _heading_groups(named: list[Named], document: Document) -> dict[tuple[str, ...], None]:
    """Return the members of a small group, such as the AES, with which the article opens.

    Below the title, a sentence that names a state too speaks of that one.
    """
    placed = {one.sentence for one in named if one.kind != "group"}
    return {
        (code,): None
        for one in named
        if one.kind == "group" and one.sentence <= _OPENING and len(one.codes) <= _SMALL_GROUP
        if document.fields[one.sentence] == 0 or one.sentence not in placed
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
        if follows(document.text, one.hit, other.hit)
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
