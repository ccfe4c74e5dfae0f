"""Themes: what the cooperation in a flagged article is about.

Each theme is weighed by the rules that gave it and by its words, the more the nearer they are to
what fired; a theme far lighter than the heaviest one is only spoken of.
A theme's words are the lexicons `t_<theme>`, and `w_<theme>` for words that tell little alone;
next to them the rules of strength 0 weigh nothing, for they are made of the same words, unless
a rule says that it tells the theme. Inside a phrase of `n_<theme>` they tell nothing.
A rule of strength 0 that tells its theme gives it, whatever the words say.
A theme without such lexicons is given by its rules only.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from pipelines.matching.automaton import Hit
from pipelines.matching.document import Document
from pipelines.matching.engine import Bits
from pipelines.matching.hits import numbers_of, union
from pipelines.matching.judge import Firing

# Chosen by hand and confirmed on two sets: the micro-F1 moves by less than .01 around them.
_TITLE, _FIRED, _NEXT, _ELSEWHERE = 2.0, 1.3, 0.8, 0.3
"""A word's weight in the title, in a fired sentence, beside one, elsewhere."""
_WORD, _WEAK_WORD = 1.0, 0.4
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
    naming = document.holding[bits.domains]
    for number in numbers_of(document.holding[bits.any_theme]):
        words = _words(document.hits_in(number), bits)
        _add_words(weights, words, nearness[number], bits)
        if naming >> number & 1 and nearness[number] >= _FIRED:
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
    weights = [_ELSEWHERE] * len(document.sentences)
    for number in fired:
        for beside in range(max(0, number - 1), min(number + 2, len(weights))):
            weights[beside] = _NEXT
    for number in fired:
        weights[number] = _FIRED
    for number in document.parts[0].numbers:
        weights[number] = _TITLE
    return weights


def _words(hits: list[Hit], bits: Bits) -> dict[str, int]:
    """Return the words of one sentence that tell themes; a word said twice in it counts once.

    A word inside a longer one of its theme ("visite" in "visite officielle") counts with that.
    """
    words: dict[str, int] = {}
    around: list[Hit] = []
    relevant = bits.any_theme | bits.any_noise
    for hit in hits:
        if hit[2] & relevant:
            telling = hit[2] & bits.any_theme
            around = [one for one in around if one.end >= hit.end]
            for one in around:
                telling &= ~_silenced(one.bits, bits)
            if telling:
                words[hit.entry.term] = words.get(hit.entry.term, 0) | telling
            around.append(hit)
    return words


@lru_cache(maxsize=10_000)
def _silenced(subjects: int, bits: Bits) -> int:
    """Return the bits of the themes that a longer word already tells, or rules out."""
    return union(silenced for telling, silenced in bits.silences.items() if subjects & telling)


def _add_words(
    weights: defaultdict[str, float], words: dict[str, int], nearness: float, bits: Bits
) -> None:
    """Add what the words of one sentence weigh."""
    telling: dict[str, int] = {}
    hinting: dict[str, int] = {}
    for subjects in words.values():
        strong, weak = _told(subjects, bits)
        for theme in strong:
            telling[theme] = telling.get(theme, 0) + 1
        for theme in weak:
            hinting[theme] = hinting.get(theme, 0) + 1
    for theme in telling | hinting:
        weight = _WORD * telling.get(theme, 0) + _WEAK_WORD * hinting.get(theme, 0)
        weights[theme] += nearness * weight


@lru_cache(maxsize=10_000)
def _told(subjects: int, bits: Bits) -> tuple[list[str], list[str]]:
    """Return the themes that a word tells, and those of which it tells little alone."""
    strong = [theme for theme, (its, _) in bits.themes.items() if subjects & its]
    return strong, [theme for theme, (_, its) in bits.themes.items() if subjects & its]
