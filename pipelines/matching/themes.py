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
# Tenths, and of weights hundredths: whole numbers, which add up to the same in any order.
_TITLE, _FIRED, _NEXT, _ELSEWHERE = 20, 13, 8, 3
"""A word's nearness in the title, in a fired sentence, beside one, elsewhere."""
_WORD, _WEAK_WORD = 10, 4
_RULE = 100
_LEAST = 100
_SHARE, _PLENTY = 0.4, 325
"""Of the weight of the heaviest theme; what is enough whatever the heaviest one weighs."""


def themes(
    document: Document, firings: list[Firing], fired: list[int], bits: Bits
) -> frozenset[str]:
    """Return the themes of an article in whose sentences `fired` rules fired."""
    weights = _rules(firings, bits)
    nearness = _nearness(document, fired)
    naming = document.holding[bits.domains]
    for number in numbers_of(document.holding[bits.any_theme]):
        words, near = _words(document.hits_in(number), bits), nearness[number]
        for subjects in words.values():
            for theme, weight in _told(subjects, bits):
                weights[theme] += near * weight
        if near >= _FIRED and naming >> number & 1:
            _add_named(weights, union(words.values()), bits)
    enough = max(_LEAST, min(_PLENTY, _SHARE * max(weights.values(), default=0)))
    return frozenset(theme for theme, weight in weights.items() if weight >= enough)


def _add_named(weights: defaultdict[str, int], found: int, bits: Bits) -> None:
    """Add enough to the themes that a sentence names as domains of the cooperation."""
    for theme, (strong, _) in bits.themes.items():
        if found & strong:
            weights[theme] += _PLENTY


def _rules(firings: list[Firing], bits: Bits) -> defaultdict[str, int]:
    weights: defaultdict[str, int] = defaultdict(int)
    for firing in firings:
        theme = firing.rule.theme
        if theme is not None and (firing.rule.tells_theme or theme not in bits.themes):
            weight = _RULE if firing.rule.strength else _PLENTY
            weights[theme] = max(weights[theme], weight)
    return weights


def _nearness(document: Document, fired: list[int]) -> list[int]:
    """Return how near each sentence is to what fired."""
    nearness = [_ELSEWHERE] * len(document.fields)
    for number in fired:
        for beside in range(max(0, number - 1), min(number + 2, len(nearness))):
            nearness[beside] = _NEXT
    for number in fired:
        nearness[number] = _FIRED
    for number in document.parts[0].numbers:
        nearness[number] = _TITLE
    return nearness


def _words(hits: list[Hit], bits: Bits) -> dict[str, int]:
    """Return the words of one sentence that tell themes; a word said twice in it counts once.

    A word inside a longer one of its theme ("visite" in "visite officielle") counts with that.
    """
    words: dict[str, int] = {}
    around: list[Hit] = []
    reach = 0
    for hit in hits:
        if not hit[2] & bits.telling:
            continue
        telling = hit[2] & bits.any_theme
        if hit[1] > reach:
            around, reach = [], hit[1]
        else:
            around = [one for one in around if one[1] >= hit[1]]
        for one in around:
            telling &= ~_silenced(one[2], bits)
        if telling:
            term = hit[3].term
            words[term] = words.get(term, 0) | telling
        around.append(hit)
    return words


@lru_cache(maxsize=10_000)
def _silenced(subjects: int, bits: Bits) -> int:
    """Return the bits of the themes that a longer word already tells, or rules out."""
    return union(silenced for telling, silenced in bits.silences.items() if subjects & telling)


@lru_cache(maxsize=10_000)
def _told(subjects: int, bits: Bits) -> tuple[tuple[str, int], ...]:
    """Return what a word weighs for the themes that it tells."""
    strong = [(theme, _WORD) for theme, (its, _) in bits.themes.items() if subjects & its]
    weak = [(theme, _WEAK_WORD) for theme, (_, its) in bits.themes.items() if subjects & its]
    return (*strong, *weak)
