"""Judging: one article's fields against a compiled rule set."""

from __future__ import annotations

import re

import attrs

from pipelines.matching.automaton import Hit, Scan
from pipelines.matching.document import Document, Evidence, join
from pipelines.matching.engine import Bits, Context, Engine, Rule
from pipelines.matching.hits import numbers_of
from pipelines.matching.masks import mask_spans, split_masked, without_rivals
from pipelines.matching.named import ENUMERATED, enumerations
from pipelines.matching.plan import limited, possible, satisfying
from pipelines.matching.score import Drift, FiredSentence

_BETWEEN_PARTIES = re.compile(
    r"\b(?:entre|réunit|réunissent|associe)\W+(?:l[ae]s?|l\W)?\W*$", re.IGNORECASE
)
_BETWEEN_WINDOW = 20


@attrs.frozen
class Firing:
    """A rule that fired, and the hits that made it fire."""

    rule: Rule
    evidence: Evidence


@attrs.frozen
class Reading:
    """An article as the rules read it."""

    document: Document
    firings: list[Firing]
    masked: list[tuple[Hit, str]]
    """The hits that do not count, with the name of the mask."""


def read(
    fields: tuple[str, str, str], engine: Engine, outlet: str | None, name: str | None
) -> Reading | None:
    """Find the rules that fire; None when the words for any of them are missing.

    Rules that only support others are left out where none of the others fires.
    """
    scan = engine.automaton.scan(join(*fields))
    deciding = _candidates(engine.deciding, scan.bits)
    if not deciding:
        return None
    document, masked = _document(fields, scan, engine, name)
    firings = _firings(document, deciding, engine, outlet)
    if firings:
        supporting = _candidates(engine.supporting, scan.bits)
        firings += _firings(document, supporting, engine, outlet)
    return Reading(document, firings, masked)


def _candidates(rules: tuple[Rule, ...], bits: int) -> list[Rule]:
    """Return the rules for which an article with these subjects has all that they need."""
    return [rule for rule in rules if bits & rule.anchors and possible(rule.plan.promise, bits)]


def fires(rule: Rule, fields: tuple[str, str, str], engine: Engine, outlet: str | None) -> bool:
    """Say whether one rule, looked at alone, fires."""
    scan = engine.automaton.scan(join(*fields))
    document, _ = _document(fields, scan, engine, None)
    return bool(_firings(document, [rule], engine, outlet))


def _document(
    fields: tuple[str, str, str], scan: Scan, engine: Engine, name: str | None
) -> tuple[Document, list[tuple[Hit, str]]]:
    """Return the scanned article with the hits that count, and those that do not."""
    hits = without_rivals(engine.automaton.hits(scan), engine.bits)
    spans = mask_spans(scan, hits, engine.bits, name)
    counting, masked = split_masked(hits, spans)
    persons = engine.bits.any_person
    masked = [(hit, mask) for hit, mask in masked if hit.bits & ~persons or hit.entry.place]
    title = len(fields[0])
    return Document(scan, (0, title + 1, title + 2 + len(fields[1])), counting), masked


def _firings(
    document: Document, rules: list[Rule], engine: Engine, outlet: str | None
) -> list[Firing]:
    """Return the rules that fire."""
    local = outlet in engine.names
    firings = []
    for rule in rules:
        evidence = satisfying(rule.plan, document)
        if evidence[0] and rule.in_africa and not local:
            evidence = _set_in_africa(document, evidence, engine.bits)
        if evidence[0]:
            firings.append(Firing(rule, evidence))
    return firings


def _set_in_africa(document: Document, evidence: Evidence, bits: Bits) -> Evidence:
    """Keep the hits next to which an African state is named, all where the head names one."""
    naming = document.holding[bits.state]
    title, lead, _ = document.parts
    if naming & (title.sentences | lead.sentences):
        return evidence
    return limited(evidence, naming | naming << 1)


def fired_sentences(reading: Reading, bits: Bits) -> list[FiredSentence]:
    """Return the sentences in which rules fired, support rules left out, in order."""
    document = reading.document
    strengths: dict[int, int] = {}
    seen = 0
    for firing in reading.firings:
        if firing.rule.strength:
            found = firing.evidence[0]
            strengths.update(dict.fromkeys(numbers_of(found & ~seen), firing.rule.strength))
            seen |= found
    naming = document.holding[bits.state]
    if naming & document.parts[0].sentences:
        naming = document.whole.sentences
    placed = naming | naming << 1 | naming >> 1
    return [
        FiredSentence(
            number,
            document.fields[number],
            strengths[number],
            _is_enumerated(document, number, bits),
            bool(placed >> number & 1),
        )
        for number in sorted(strengths)
    ]


def _is_enumerated(document: Document, number: int, bits: Bits) -> bool:
    """Say whether Russia and the African states of a sentence only meet in a list of countries.

    "entre l'Afrique du Sud, la Russie et la Chine" lists those who act together: it is none.
    """
    places = bits.any_place | bits.russia
    hits = [hit for hit in document.hits_in(number) if hit.bits & places]
    russian = [hit for hit in hits if hit.bits & bits.russia]
    if not russian or len(hits) < ENUMERATED:
        return False
    runs = [run for run in enumerations(document, hits) if not _act_together(document, run)]
    listed = {hit for run in runs for hit in run}
    return all(hit in listed for hit in russian) or _only_beside(listed, hits, bits)


def _act_together(document: Document, run: list[Hit]) -> bool:
    before = document.text[max(0, run[0].start - _BETWEEN_WINDOW) : run[0].start]
    return _BETWEEN_PARTIES.search(before) is not None


def _only_beside(listed: set[Hit], hits: list[Hit], bits: Bits) -> bool:
    """Say whether every African state stands in a list, and Russia in one too."""
    states = [hit for hit in hits if hit.bits & bits.state]
    return (
        bool(states)
        and all(hit in listed for hit in states)
        and any(hit.bits & bits.russia for hit in listed)
    )


def drifts(reading: Reading, contexts: tuple[Context, ...], russia: int) -> list[Drift]:
    """Count for each context the sentences that hold its words; the title counts three times.

    `russia` is the subject that a title about something else does not name.
    """
    document = reading.document
    title = document.parts[0].sentences
    russian = document.holding[russia] & title
    found = []
    for context in contexts:
        held = document.holding[context.bits]
        if held:
            titles = held & title
            sentences = held.bit_count() + 2 * titles.bit_count()
            in_headline = titles > 0 and not russian
            found.append(Drift(context.name, context.points, sentences, in_headline))
    return found
