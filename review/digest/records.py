"""Digest records: the digest as data, the same for every format."""

from __future__ import annotations

from datetime import date, datetime

import attrs


class DigestError(Exception):
    """The digest cannot be made as asked; the message says what to do."""


@attrs.frozen(kw_only=True)
class Piece:
    """Words of a sentence, marked where a rule fired."""

    text: str
    marked: bool
    theme: str | None = None


@attrs.frozen(kw_only=True)
class Sentence:
    """A title, a standfirst, or a sentence of the text."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The sentence without its marks."""
        return "".join(piece.text for piece in self.pieces)


@attrs.frozen(kw_only=True)
class Copy:
    """Another outlet's article with the same text."""

    outlet: str
    country: str | None
    alignment: str | None
    url: str | None


@attrs.frozen(kw_only=True)
class Story:
    """A cluster, or an article without copies, as one entry of the digest."""

    id: int
    """Number of the article that stands for the story."""
    urn: str
    """Identity of the story, made from the address of its first article: the same in every digest."""
    title: Sentence
    url: str | None
    """http or https, else None."""
    outlet: str
    outlet_country: str | None
    alignment: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    first_seen: datetime
    updated_at: datetime
    """When the story or its verdict last changed."""
    standfirst: Sentence | None
    sentences: tuple[Sentence, ...]
    """Sentences of the text in which rules fired, at most three."""
    more_sentences: int
    """Sentences that fired and are not shown."""
    theme: str | None
    """The theme the story is listed under: the one that fired most."""
    themes: tuple[str, ...]
    country: str | None
    """The country the story is listed under: the partner named most."""
    countries: tuple[str, ...]
    score: int
    status: str | None
    status_words: str | None
    verdict: str | None
    """relevant, unsure, or None when nobody has judged."""
    reviewer: str | None
    note: str | None
    partial: bool
    copies: tuple[Copy, ...]
    independent_sources: int
    agency: str | None

    @property
    def accepted(self) -> bool:
        """Whether a reviewer called it relevant."""
        return self.verdict == "relevant"


@attrs.frozen(kw_only=True)
class CountryGroup:
    """The stories of one theme about one country."""

    country: str | None
    stories: tuple[Story, ...]


@attrs.frozen(kw_only=True)
class ThemeGroup:
    """The stories listed under one theme."""

    theme: str | None
    countries: tuple[CountryGroup, ...]

    @property
    def size(self) -> int:
        """How many stories."""
        return sum(len(group.stories) for group in self.countries)


@attrs.frozen(kw_only=True)
class Unseen:
    """A source that was not seen as it should be."""

    name: str
    country: str | None
    reasons: tuple[str, ...] = ()
    """Classes of refusal or feed problem, the most frequent first."""
    since: date | None = None
    """The last day on which a way in was found (dark, blocked), or something new (quiet)."""
    pages: int = 0
    """Pages refused (blocked), or articles announced in the last seven days (quiet)."""
    usual: str | None = None
    """Articles that a week of its own rhythm brings (quiet)."""


@attrs.frozen(kw_only=True)
class NotSeen:
    """What the digest could not know of, by kind."""

    sources: int
    asked: int
    answered: int
    articles: int
    """Articles read and stored in the period."""
    dark: tuple[Unseen, ...]
    blocked: tuple[Unseen, ...]
    quiet: tuple[Unseen, ...]
    not_asked: tuple[Unseen, ...]
    refused: tuple[tuple[str, int], ...]
    """Class of refusal and pages, the most frequent first."""
    waiting: int
    """Pages refused for now, which will be tried again."""
    too_young: int
    """Sources with too little history to tell whether they are quiet."""
    weeks_needed: int
    """Weeks of history it takes to tell, at least."""

    @property
    def nothing(self) -> bool:
        """Whether every source was seen."""
        return not (self.dark or self.blocked or self.quiet or self.not_asked)


@attrs.frozen(kw_only=True)
class Series:
    """A row of a chart: a name and one number for each column."""

    name: str
    values: tuple[int, ...]
    last: str = ""
    """What stands at the end of the row after the total."""

    @property
    def total(self) -> int:
        """The sum of the numbers."""
        return sum(self.values)


@attrs.frozen(kw_only=True)
class Trends:
    """The numbers behind the charts; keys, not names."""

    weeks: tuple[date, ...]
    """Mondays, the oldest first."""
    themes: tuple[Series, ...]
    countries: tuple[Series, ...]
    days: tuple[date, ...]
    loudest: tuple[Series, ...]
    """The sources with most articles; `last` is the number of silent days."""
    quietest: tuple[Series, ...]
    """The sources that have been silent longest."""


@attrs.frozen(kw_only=True)
class Digest:
    """What is new between two instants, and what was not seen."""

    since: datetime
    until: datetime
    groups: tuple[ThemeGroup, ...]
    new_copies: int
    """New copies of stories that were flagged before."""
    not_seen: NotSeen
    trends: Trends

    @property
    def stories(self) -> tuple[Story, ...]:
        """All stories, accepted ones first, then by score."""
        found = [
            story
            for group in self.groups
            for country in group.countries
            for story in country.stories
        ]
        return tuple(sorted(found, key=lambda s: (not s.accepted, -s.score, s.id)))

    @property
    def accepted(self) -> int:
        """How many stories a reviewer called relevant."""
        return sum(story.accepted for story in self.stories)
