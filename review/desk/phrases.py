"""Phrases: what the desk says, in French and in English, beside the names the digest has."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from review.digest.words import LANGUAGES, Words, words

_FOLDER = Path(__file__).parent / "locale"


@cache
def desk_words(language: str) -> Words:
    """Return the words of the desk in a language, `fr` or `en`."""
    path = _FOLDER / f"{language}.toml"
    own = tomllib.loads(path.read_text(encoding="utf-8"))
    shared = words(language).table
    both = {
        name: {**shared.get(name, {}), **table} if isinstance(table, dict) else table
        for name, table in own.items()
    }
    return Words(language, {**shared, **both})


def preferred_language(accepted: str) -> str:
    """Return the first of our languages that an Accept-Language header names, else French."""
    for part in accepted.lower().split(","):
        language = part.strip()[:2]
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]
