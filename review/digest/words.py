"""Digest words: what the digest says, in French and in English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import attrs

LANGUAGES = ("fr", "en")

_FOLDER = Path(__file__).parents[1] / "words"


@attrs.frozen
class Words:
    """One language: phrases, names and the ways of writing numbers and dates."""

    language: str
    table: Mapping[str, Any]

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its values filled in."""
        phrase: str = self.table["phrases"][key]
        return phrase.format(**values)

    def count(self, key: str, number: int) -> str:
        """Return a number of things: `1 sujet`, `0 sujet`, `2 sujets`; `0 stories` in English."""
        one, several = self.table["counts"][key]
        plural = number > 1 or (number == 0 and self.table["plural_zero"])
        return str((several if plural else one).format(n=number))

    def country(self, code: str | None) -> str:
        """Return a country's name; a source without one covers Africa."""
        return self._name("countries", code) if code else self.say("panafrican")

    def theme(self, theme: str) -> str:
        """Return a theme's name."""
        return self._name("themes", theme)

    def status(self, status: str) -> str:
        """Return the name of a suggested status."""
        return self._name("statuses", status)

    def alignment(self, alignment: str) -> str:
        """Return the label of an outlet of the Russian state or of its networks."""
        return self._name("alignments", alignment)

    def reason(self, reason: str) -> str:
        """Return a class of refusal, or of a feed's problem, in words."""
        return self._name("reasons", reason)

    def day(self, day: date) -> str:
        """Return `22 novembre 2026`."""
        key = "first_day" if day.day == 1 else "day"
        return self.say(key, day=day.day, month=self.table["months"][day.month - 1], year=day.year)

    def short_day(self, day: date) -> str:
        """Return `22/11`."""
        return self.say("short_day", day=day.day, month=day.month)

    def minute(self, instant: datetime) -> str:
        """Return `22 novembre 2026 à 06:30 UTC`."""
        return self.say("minute", day=self.day(instant), time=f"{instant:%H:%M}")

    def _name(self, table: str, key: str) -> str:
        """Return the name of a thing; a thing that has none yet keeps its key."""
        name: str = self.table[table].get(key, key)
        return name


@cache
def words(language: str) -> Words:
    """Return the words of a language, `fr` or `en`."""
    path = _FOLDER / f"{language}.toml"
    return Words(language, tomllib.loads(path.read_text(encoding="utf-8")))
