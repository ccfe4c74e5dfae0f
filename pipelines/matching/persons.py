"""Persons: names that are also a word of a lexicon, as the press introduces whoever bears them.

« Me Eric Wagner », « Mme Russe », « reçoit Alexis Russe Mbala »: no mercenaries and no Russian.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_TITLE = r"\b(?:MM?\.|Mmes?|Mlle|Me|Maître|Dr|Pr|Monsieur|Madame|Mademoiselle)\s+"
_GIVEN = r"[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ]?[a-zà-ÿ]+)?"
_DETERMINERS = frozenset(
    (
        *(
            "le",
            "la",
            "les",
            "l",
            "du",
            "des",
            "un",
            "une",
            "au",
            "aux",
            "ce",
            "cet",
            "cette",
            "ces",
        ),
        *("mon", "ma", "nos", "notre", "votre", "son", "sa", "ses", "leur", "leurs"),
        *("nouveau", "nouvelle", "ancien", "ancienne"),
    )
)


class Persons:
    """Finds persons who bear one of some surnames, written as in a rule file."""

    def __init__(self, surnames: Collection[str]) -> None:
        surname = "|".join(map(re.escape, surnames))
        self._surname = re.compile(rf"\b(?:{surname})\b")
        self._titled = re.compile(rf"{_TITLE}(?:{_GIVEN}\s+){{0,3}}?({surname})\b")
        self._given = re.compile(rf"\b([a-zà-ÿ]+)[’',]?\s+(({_GIVEN})\s+(?:{surname}))\b")

    def spans(self, text: str, known: Collection[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield where a text names such a person; a word found at `known` is no given name."""
        if not self._surname.search(text):
            return
        titled = {found[1] for found in self._titled.finditer(text)}
        for found in self._surname.finditer(text):
            if found[0] in titled:
                yield found.span()
        for found in self._given.finditer(text):
            if found[1] not in _DETERMINERS and found.span(3) not in known:
                yield found.span(2)
