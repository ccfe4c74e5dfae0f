"""Themes: what the cooperation in a flagged article is about.

Each theme is weighed by the rules that gave it and by its words, the more the nearer they are to
what fired; a theme far lighter than the heaviest one is only spoken of.
A theme's words are the lexicons `t_<theme>`, and `w_<theme>` for words that tell little alone;
next to them the rules of strength 0 weigh nothing, for they are made of the same words, unless
a rule says that it tells the theme. Inside a phrase of `n_<theme>` they tell nothing.
A theme without such lexicons is given by its rules only.
"""

from __future__ import annotations

from collections import defaultdict

from pipelines.matching.automaton import Hit
from pipelines.matching.compiler import Bits
from pipelines.matching.document import Document
from pipelines.matching.hits import union
from pipelines.matching.judge import Firing

# Chosen by hand and confirmed on two sets: the micro-F1 moves by less than .01 around them.
_TITLE, _FIRED, _NEXT, _PARAGRAPH, _ELSEWHERE = 2.0, 1.3, 0.8, 0.5, 0.2
"""A word's weight in the title, in a fired sentence, beside one, in its paragraph, elsewhere."""
_FIRST_WORD, _FURTHER_WORD, _WEAK_WORD = 1.0, 0.7, 0.4
_RULE = 1.0
_LEAST = 1.0
_SHARE, _PLENTY = 0.4, 3.25
"""Of the weight of the heaviest theme; what is enough whatever the heaviest one weighs."""


def themes(
    document: Document, firings: list[Firing], fired: list[int], bits: Bits
) -> frozenset[str]:
    """Return the themes of an article in whose sentences `fired` rules fired."""
    weights = _rules(firings, bits)
    nearness = _nearness(document, fired)
    for number, scope in enumerate(document.scopes):
        if scope.bits & bits.any_theme:
            words = _words(scope.hits, bits)
            _add_words(weights, words, nearness[number], bits)
            if scope.bits & bits.domains and nearness[number] >= _FIRED:
                _add_named(weights, union(words.values()), bits)
    enough = max(_LEAST, min(_PLENTY, _SHARE * max(weights.values(), default=0)))
    return frozenset(theme for theme, weight in weights.items() if weight >= enough)


def _add_named(weights: defaultdict[str, float], found: int, bits: Bits) -> None:
    """Add enough to the themes that a sentence names as domains of the cooperation."""
    for theme, (strong, _) in bits.themes.items():
        if found & strong:
            weights[theme] += _PLENTY


def _rules(firings: list[Firing], bits: Bits) -> defaultdict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    for firing in firings:
        theme = firing.rule.theme
        if theme is not None and (firing.rule.tells_theme or theme not in bits.themes):
            weight = _RULE if firing.rule.strength else _PLENTY
            weights[theme] = max(weights[theme], weight)
    return weights


def _nearness(document: Document, fired: list[int]) -> list[float]:
    """Return the weight of a word in each sentence."""
    here = set(fired)
    beside = {number + step for number in fired for step in (-1, 1)}
    paragraphs = {document.sentences[number].paragraph for number in fired}
    weights = []
    for number, sentence in enumerate(document.sentences):
        if document.fields[number] == 0:
            weights.append(_TITLE)
        elif number in here:
            weights.append(_FIRED)
        elif number in beside:
            weights.append(_NEXT)
        else:
            weights.append(_PARAGRAPH if sentence.paragraph in paragraphs else _ELSEWHERE)
    return weights


def _words(hits: list[Hit], bits: Bits) -> dict[str, int]:
    """Return the words of one sentence that tell themes; a word said twice in it counts once."""
    noise = [hit for hit in hits if hit.bits & bits.any_noise]
    words: dict[str, int] = {}
    for hit in hits:
        telling = hit.bits & bits.any_theme
        for phrase in noise:
            if telling and phrase.start <= hit.start and hit.end <= phrase.end:
                telling &= ~_silenced(phrase, bits)
        if telling:
            words[hit.entry.term] = words.get(hit.entry.term, 0) | telling
    return words


def _silenced(phrase: Hit, bits: Bits) -> int:
    return union(words for noise, words in bits.noise.items() if phrase.bits & noise)


def _add_words(
    weights: defaultdict[str, float], words: dict[str, int], nearness: float, bits: Bits
) -> None:
    """Add what the words of one sentence weigh."""
    all_bits = union(words.values())
    for theme, (strong, weak) in bits.themes.items():
        if not all_bits & (strong | weak):
            continue
        telling = len([its for its in words.values() if its & strong])
        hinting = len([its for its in words.values() if its & weak])
        further = _FIRST_WORD + _FURTHER_WORD * (telling - 1) if telling else 0
        weights[theme] += nearness * (further + _WEAK_WORD * hinting)
