"""Engine: a compiled rule set, as articles are judged by it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import attrs

from pipelines.matching.automaton import Automaton
from pipelines.matching.persons import Persons
from pipelines.matching.plan import Plan
from pipelines.matching.query import Query
from pipelines.matching.schema import ScoreEntry


@attrs.frozen(eq=False)
class Rule:
    """A rule and its compiled query."""

    id: str
    theme: str | None
    strength: int
    tells_theme: bool
    names_partners: bool
    """Whether the states that its sentence names take part, even those named once."""
    query: Query
    plan: Plan
    anchors: int
    """Subjects one of which an article has to hold for the rule to fire: the first it names."""
    in_africa: bool
    """Whether it fires only in an article, or next to a sentence, set in Africa."""
    flags: tuple[str, ...]
    ignores: tuple[str, ...]
    example_outlet: str | None


@attrs.frozen(eq=False)
class Context:
    """Words that tell that an article is about something else."""

    name: str
    bits: int
    points: float


@attrs.frozen(eq=False)
class Bits:
    """The bits of the subjects that are no lexicon."""

    state: int
    africa: int
    elsewhere: int
    russia: int
    russian_headline: int
    masks: Mapping[int, str]
    """Names of the masks of words, by bit."""
    lines: Mapping[int, str]
    """Names of the masks of lines, by bit."""
    statuses: Mapping[int, str]
    themes: Mapping[str, tuple[int, int]]
    """The bits of each theme's words, and of those that tell little alone."""
    any_theme: int
    silences: Mapping[int, int]
    """The bits whose hits keep a theme's words inside them from telling, with the words' bits."""
    telling: int
    """Those of `any_theme`, and of the phrases in which a theme's words tell nothing."""
    domains: int
    """Words that announce what a cooperation covers: "dans les domaines de …"."""
    any_mask: int
    any_place: int
    persons: Mapping[str, Persons]
    """Whose names do not count, by the name of the mask."""
    any_person: int
    """The bits of such names, which are told by other ones where they are words of the rules."""


@attrs.frozen(eq=False)
class Engine:
    """All that is needed to judge an article."""

    automaton: Automaton
    rules: tuple[Rule, ...]
    contexts: tuple[Context, ...]
    bits: Bits
    score: ScoreEntry
    lexicons: dict[str, tuple[str, ...]]
    names: dict[str, str]
    """Names of the states, by code."""

    @cached_property
    def deciding(self) -> tuple[Rule, ...]:
        """The rules that make an article count, the strongest first."""
        deciding = [rule for rule in self.rules if rule.strength]
        return tuple(sorted(deciding, key=lambda rule: -rule.strength))

    @cached_property
    def supporting(self) -> tuple[Rule, ...]:
        """The rules that say more of an article in which another one fired."""
        return tuple(rule for rule in self.rules if not rule.strength)
