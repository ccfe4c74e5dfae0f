"""Rule files: what the TOML of a rule set may say, checked when it is loaded."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from storage.records import THEMES

Code = Annotated[str, Field(pattern="^[A-Z]{2}$")]
Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_-]*$")]
Terms = list[Annotated[str, Field(min_length=1, max_length=200)]]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StateEntry(_Entry):
    """An African state and the words that stand for it."""

    code: Code
    name: str
    names: Terms
    demonyms: Terms = []
    towns: Terms = []
    seats: Terms = []
    people: Terms = []

    @property
    def spoken(self) -> dict[str, list[str]]:
        """The words that stand for the state, by what they are to it."""
        return {
            "names": self.names,
            "demonyms": self.demonyms,
            "towns": self.towns,
            "seats": self.seats,
            "people": self.people,
        }

    @property
    def terms(self) -> list[str]:
        """All words that stand for the state."""
        return [term for terms in self.spoken.values() for term in terms]


class SharedEntry(_Entry):
    """Words that may stand for several states."""

    terms: Terms
    codes: list[Code]


class GroupEntry(_Entry):
    """A group of states, with its members where being named as the group names them."""

    name: str
    terms: Terms
    codes: list[Code] = []


class TermsEntry(_Entry):
    """Words of one kind: places that are no state, or countries elsewhere."""

    terms: Terms


class MaskEntry(_Entry):
    """Words that must not count, or beginnings of lines that must not count."""

    name: Name
    openings: Terms = []
    """What has to stand before the terms; without any, the terms stand for themselves."""
    terms: Terms = []
    line_starts: Terms = []
    surnames: Terms = []
    """Words that do not count where they are the name of a person: « Me Eric Wagner »."""
    nicknames: Terms = []
    """Words that do not count where somebody is called so: « un transporteur surnommé Moscou »."""

    @property
    def names(self) -> list[str]:
        """The surnames and the nicknames."""
        return [*self.surnames, *self.nicknames]

    @property
    def phrases(self) -> list[str]:
        """Each opening before each term."""
        if not self.openings:
            return self.terms
        return [f"{opening} {term}" for opening in self.openings for term in self.terms]


class ContextEntry(_Entry):
    """Words that tell what an article is about instead, and the points they take."""

    name: Name
    terms: Terms
    points: Annotated[float, Field(le=0)]


class RuleEntry(_Entry):
    """What makes a story flagged, or gives it a theme."""

    id: Name
    query: str
    theme: str | None = None
    strength: Annotated[int, Field(ge=0, le=3)] = 2
    tells_theme: bool = False
    names_partners: bool = False
    setting: Literal["africa"] | None = None
    example_outlet: Code | None = None
    flags: list[str] = []
    ignores: list[str] = []

    @field_validator("theme")
    @classmethod
    def _is_known(cls, theme: str | None) -> str | None:
        if theme is not None and theme not in THEMES:
            raise ValueError(f"theme '{theme}' is not one of {', '.join(THEMES)}")
        return theme


class ScoreEntry(_Entry):
    """The parameters of the score; see `pipelines.matching.score`."""

    threshold: int = 30
    strength: tuple[float, float, float] = (15, 32, 45)
    title: float = 20
    lead: float = 10
    opening: float = 0
    density: float = 35
    density_decay: Annotated[float, Field(gt=0, lt=1)] = 0.75
    headline_elsewhere: Annotated[float, Field(le=0)] = 0
    enumerated: Annotated[float, Field(ge=0, le=1)] = 0.35
    context_free_share: Annotated[float, Field(ge=0, lt=1)] = 0.2
    passing: Annotated[float, Field(le=0)] = 0
    passing_after_sentences: int = 10


class RuleFile(_Entry):
    """One file of a rule set."""

    state: list[StateEntry] = []
    shared: list[SharedEntry] = []
    group: list[GroupEntry] = []
    not_place: list[TermsEntry] = []
    elsewhere: list[TermsEntry] = []
    lexicon: dict[Name, TermsEntry] = {}
    mask: list[MaskEntry] = []
    context: list[ContextEntry] = []
    rule: list[RuleEntry] = []
    score: ScoreEntry | None = None
