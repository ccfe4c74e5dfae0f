"""Flag: an article is judged by a rule set."""

from __future__ import annotations

from typing import TypedDict

import attrs

from pipelines.matching.automaton import Hit
from pipelines.matching.countries import Countries, resolve
from pipelines.matching.document import FIELDS, Document
from pipelines.matching.hits import union
from pipelines.matching.judge import Reading, drifts, fired_sentences, read
from pipelines.matching.named import named_states
from pipelines.matching.ruleset import RuleSet
from pipelines.matching.score import FiredSentence, Score, score
from pipelines.matching.shown import shown_hits
from pipelines.matching.status import suggest_status
from pipelines.matching.themes import themes
from storage.records import THEMES, Article, CountryMention, Flag, Match

_MOST_MASKED = 50
_MOST_MENTIONS = 500
"""No more masked hits and mentions of states than these are reported."""


def flag_article(
    article: Article, rules: RuleSet, outlet_country: str | None, outlet_name: str | None = None
) -> Flag:
    """Judge an article; the outlet's country decides what the article leaves open."""
    return flag_text(
        article.title, article.standfirst, article.text, rules, outlet_country, outlet_name
    )


def flag_text(
    title: str | None,
    lead: str | None,
    text: str | None,
    rules: RuleSet,
    outlet_country: str | None = None,
    outlet_name: str | None = None,
) -> Flag:
    """Judge a text given field by field."""
    fields = (title or "", lead or "", text or "")
    reading = read(fields, rules.engine, outlet_country, outlet_name)
    if reading is None:
        return Flag(rule_set=rules.digest, flagged=False, score=0)
    return _Judgement(reading, rules, outlet_country).flag()


@attrs.frozen
class _Judgement:
    reading: Reading
    rules: RuleSet
    outlet: str | None
    _places: dict[int, _Where] = attrs.field(factory=dict, init=False)

    def flag(self) -> Flag:
        engine, document = self.rules.engine, self.reading.document
        fired = fired_sentences(self.reading, engine.bits)
        about_else = drifts(self.reading, engine.contexts, engine.bits.russian_headline)
        judged = score(fired, about_else, len(document.sentences), engine.score)
        if not fired:
            return Flag(rule_set=self.rules.digest, flagged=False, score=0, matches=self._masked())
        return self._fired(fired, judged)

    def _fired(self, fired: list[FiredSentence], judged: Score) -> Flag:
        document, bits = self.reading.document, self.rules.engine.bits
        numbers = [one.number for one in fired if not one.enumerated] or [
            one.number for one in fired
        ]
        outlet = self.outlet if self.outlet in self.rules.engine.names else None
        named = named_states(document, bits, outlet)
        told = union(
            firing.evidence[0] for firing in self.reading.firings if firing.rule.names_partners
        )
        flagged = numbers if judged.flagged else []
        countries = resolve(named, flagged, told, document, outlet)
        status, words = suggest_status(document, numbers, bits) if judged.flagged else (None, None)
        return Flag(
            rule_set=self.rules.digest,
            flagged=judged.flagged,
            score=judged.points,
            themes=self._themes(numbers) if judged.flagged else (),
            countries=countries.partners,
            mentioned=countries.mentioned,
            undecided=countries.undecided,
            status=status,
            status_words=words,
            matches=self._matches() + self._masked(),
            mentions=_mentions(document, countries),
            arithmetic=judged.arithmetic,
        )

    def _themes(self, numbers: list[int]) -> tuple[str, ...]:
        reading, bits = self.reading, self.rules.engine.bits
        found = themes(reading.document, reading.firings, numbers, bits)
        return tuple(theme for theme in THEMES if theme in found)

    def _matches(self) -> tuple[Match, ...]:
        """Return each place once per theme, under the strongest of its rules."""
        firings = self.reading.firings
        return tuple(
            Match(rule=firing.rule.id, theme=firing.rule.theme, **self._where(hit, number))
            for firing, hits in zip(
                firings, shown_hits(self.reading.document, firings), strict=True
            )
            for number, hit in hits
        )

    def _masked(self) -> tuple[Match, ...]:
        document = self.reading.document
        return tuple(
            Match(
                rule=f"mask:{name}",
                theme=None,
                masked=name,
                **self._where(hit, document.sentence_of(hit)),
            )
            for hit, name in self.reading.masked[:_MOST_MASKED]
        )

    def _where(self, hit: Hit, sentence: int) -> _Where:
        """Return a hit's place and words; remembered, for it makes many rules fire."""
        known = self._places.get(id(hit))
        if known is None:
            known = _where(self.reading.document, hit, sentence)
            self._places[id(hit)] = known
        return known


class _Where(TypedDict):
    """What all matches at one hit have in common."""

    field: str
    start: int
    end: int
    words: str
    sentence_start: int
    sentence_end: int
    term: str


def _where(document: Document, hit: Hit, number: int) -> _Where:
    field, sentence = document.fields[number], document.sentences[number]
    base = document.bases[field]
    return {
        "field": FIELDS[field],
        "start": hit.start - base,
        "end": hit.end - base,
        "words": document.text[hit.start : hit.end],
        "sentence_start": sentence.start - base,
        "sentence_end": sentence.end - base,
        "term": hit.entry.term,
    }


def _mentions(document: Document, countries: Countries) -> tuple[CountryMention, ...]:
    partners = countries.of_partners()
    mentions = []
    for named in [one for one in countries.named if one.kind != "group"][:_MOST_MENTIONS]:
        field = document.field_of(named.hit.start)
        base = document.bases[field]
        mentions.append(
            CountryMention(
                codes=named.codes,
                field=FIELDS[field],
                start=named.hit.start - base,
                end=named.hit.end - base,
                words=document.text[named.hit.start : named.hit.end],
                partner=not named.compared and not partners.isdisjoint(named.codes),
            )
        )
    return tuple(mentions)
