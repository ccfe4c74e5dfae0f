"""Flag: an article is judged by a rule set."""

from __future__ import annotations

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

_Where = tuple[str, int, int, str, int, int, str]
"""What all matches at one hit have in common, in the order of `Match`: field to term."""


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
    _sentences: dict[int, tuple[str, int, int, int]] = attrs.field(factory=dict, init=False)

    def flag(self) -> Flag:
        engine, document = self.rules.engine, self.reading.document
        fired = fired_sentences(self.reading, engine.bits)
        about_else = drifts(self.reading, engine.contexts, engine.bits.russian_headline)
        judged = score(fired, about_else, len(document.fields), engine.score)
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
        matches: list[Match] = []
        for firing, hits in zip(firings, shown_hits(self.reading.document, firings), strict=True):
            rule, theme = firing.rule.id, firing.rule.theme
            matches += [Match(rule, theme, *self._where(hit, number)) for number, hit in hits]
        return tuple(matches)

    def _masked(self) -> tuple[Match, ...]:
        document = self.reading.document
        return tuple(
            Match(f"mask:{name}", None, *self._where(hit, document.sentence_of(hit)), name)
            for hit, name in self.reading.masked[:_MOST_MASKED]
        )

    def _where(self, hit: Hit, sentence: int) -> _Where:
        """Return a hit's place and words; remembered, for it makes many rules fire."""
        known = self._places.get(id(hit))
        if known is None:
            field, base, start, end = self._sentence(sentence)
            words = self.reading.document.text[hit.start : hit.end]
            known = (field, hit.start - base, hit.end - base, words, start, end, hit.entry.term)
            self._places[id(hit)] = known
        return known

    def _sentence(self, number: int) -> tuple[str, int, int, int]:
        """Return a sentence's field, where that begins, and where in it the sentence stands."""
        known = self._sentences.get(number)
        if known is None:
            document = self.reading.document
            field, (start, end) = document.fields[number], document.span(number)
            base = document.bases[field]
            known = self._sentences[number] = (FIELDS[field], base, start - base, end - base)
        return known


def _mentions(document: Document, countries: Countries) -> tuple[CountryMention, ...]:
    partners = countries.of_partners()
    mentions = []
    for named in [one for one in countries.named if one.kind != "group"][:_MOST_MENTIONS]:
        field = document.field_of(named.hit.start)
        base = document.bases[field]
        hit = named.hit
        mentions.append(
            CountryMention(
                named.codes,
                FIELDS[field],
                hit.start - base,
                hit.end - base,
                document.text[hit.start : hit.end],
                not named.compared and not partners.isdisjoint(named.codes),
            )
        )
    return tuple(mentions)
