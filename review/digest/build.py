"""Digest: what is new by theme and country, and what was not seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from review.digest.records import CountryGroup, Digest, Story, ThemeGroup
from review.digest.stories import new_stories
from review.digest.trends import trends
from review.digest.unseen import not_seen
from storage.archive import Archive
from storage.coverage import Coverage
from storage.digest import DigestQuestions
from storage.records import THEMES


def build_digest(archive: Archive, since: datetime, until: datetime) -> Digest:
    """Return the digest of what was first seen in `since` ≤ t < `until`."""
    questions, coverage = DigestQuestions(archive.db), Coverage(archive.db)
    stories, copies = new_stories(questions, since, until)
    return Digest(
        since=since,
        until=until,
        groups=grouped(stories),
        new_copies=copies,
        not_seen=not_seen(coverage, archive.health, since, until),
        trends=trends(questions, coverage, until),
    )


def grouped(stories: Iterable[Story]) -> tuple[ThemeGroup, ...]:
    """Group stories by theme, then by country: accepted ones first, then by score."""
    ordered = sorted(stories, key=lambda s: (_theme_order(s.theme), s.theme or ""))
    return tuple(
        ThemeGroup(theme=theme, countries=_by_country(group))
        for theme, group in groupby(ordered, key=lambda s: s.theme)
    )


def _by_country(stories: Iterable[Story]) -> tuple[CountryGroup, ...]:
    ordered = sorted(stories, key=lambda s: (s.country or "~", not s.accepted, -s.score, s.id))
    groups = [
        CountryGroup(country=country, stories=tuple(group))
        for country, group in groupby(ordered, key=lambda s: s.country)
    ]
    return tuple(sorted(groups, key=lambda g: _urgency(g.stories[0])))


def _urgency(story: Story) -> tuple[bool, int, int]:
    return not story.accepted, -story.score, story.id


def _theme_order(theme: str | None) -> int:
    return THEMES.index(theme) if theme in THEMES else len(THEMES)
