"""Press: the stories of imitation news sites, recombined from our own sentences.

The same for the same seed; the pages on which they stand are made in `pages.py`.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import attrs

from benchmarks.synthetic import Writer, sentences

NOW = datetime.now(UTC).replace(microsecond=0)
ABOUT_RUSSIA = 0.03
"""Share of articles that get sentences about Russia and Africa, beside those that `Writer` mixes in."""
COPIED = 25
"""One article in so many is a copy of the one before it, which stands on another site."""
PART, PARTS = 20, (1, 2, 2, 4)
"""Sentences of a part, and of how many parts an article is: 3,300 characters at the median."""
APART = 1_000_000


@attrs.frozen(kw_only=True)
class Story:
    """An article as a site prints it."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    author: str
    section: str
    published: datetime


class Press:
    """Writes the stories of all sites and the titles of what is printed around them."""

    def __init__(self) -> None:
        self._writer = Writer(PART)
        self._russian = sentences()[1]
        self._titles = [self._writer.title(number) for number in range(1_000, 1_400)]

    def story(self, number: int) -> Story:
        """Return the story of that number."""
        dice = random.Random(f"story {number}")
        original = number - 1 if number % COPIED == COPIED - 1 else number
        parts = range(PARTS[original * 7 % 4])
        paragraphs = [
            paragraph
            for part in parts
            for paragraph in self._writer.text(original + part * APART).split("\n")
        ]
        subject = random.Random(f"subject {original}")
        if subject.random() < ABOUT_RUSSIA:
            chosen = subject.choices(self._russian, k=6)
            paragraphs[1:1] = [" ".join(chosen[:3]), " ".join(chosen[3:])]
        return Story(
            number=number,
            title=self._writer.title(number),
            paragraphs=tuple(paragraphs),
            author=" ".join(self._titles[number % 400].title().split()[:2]),
            section=dice.choice(("Politique", "Économie", "Société", "Sport", "Afrique")),
            published=NOW - timedelta(minutes=30 + number * 7),
        )

    def titles(self, dice: random.Random, count: int) -> list[str]:
        """Return titles for menus, teasers and lists."""
        return dice.choices(self._titles, k=count)
