"""Persons: names that are also a word of a lexicon, as the press introduces whoever bears them.

« Me Eric Wagner », « Mme Russe », « reçoit Alexis Russe Mbala », « Moïse Moscou Nduwayo », « un
transporteur surnommé Moscou », « le quartier Moscou »: no mercenaries and no Russian.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pipelines.matching.automaton import Hit

_TITLE = (
    r"\b(?:MM?\.|Mmes?|Mlle|Me|Maître|Dr|Pr|Monsieur|Madame|Mademoiselle|Mgr|[Aa]bbé|[Pp]asteur)\s+"
)
_GIVEN = r"[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ]?[a-zà-ÿ]+)?"
_CALLED = (
    rf"(?:(?:{_GIVEN}|[\w.],) dite?|\balias|\b(?:surnommée?|baptisée?)|\bse (?:fait|font|faisait) appeler"
    r"|\b(?:surnom|sobriquet|pseudonyme) de"
    r"|\b(?:[Qq]uartier|[Cc]inéma|[Cc]afé|[Mm]aquis|[Bb]ar|[Hh]ôtel|[Mm]arché))\s+"
)
"""Words that call somebody, or a place in town, by the name after them: not « ... », dit Moscou."""
_CALLING = (
    "dit", "dite", "alias", "surnommé", "surnommée", "baptisé", "baptisée", "appeler", "surnom de", "sobriquet de", "pseudonyme de",
    "quartier", "cinéma", "café", "maquis", "bar", "hôtel", "marché", "abbé", "pasteur",
)  # fmt: skip
"""How what stands before such a name ends, without capitals."""
_QUOTES = '«“"'
_QUOTE = rf"[{_QUOTES}]?\s*"
_NO_NAME = (
    r"(?!(?:Groupe|Société|Compagnie|Milice|Université|Académie|Institut|Forum|Sommet|Axe)\b)"
)
_FARTHEST = 100
"""Titles and given names take no more characters than these."""
_DETERMINERS = frozenset((
    "le", "la", "les", "l", "du", "des", "un", "une", "au", "aux", "ce", "cet", "cette", "ces",
    "mon", "ma", "nos", "notre", "votre", "son", "sa", "ses", "leur", "leurs",
    "nouveau", "nouvelle", "ancien", "ancienne",
))  # fmt: skip
"""Before these a capital begins no given name: « la Fédération Russe »."""


class Persons:
    """Finds persons who bear one of some surnames or nicknames, written as in a rule file."""

    def __init__(self, surnames: Collection[str], nicknames: Collection[str], subject: int) -> None:
        self.subject = subject
        """The subject of the hits at these names, capitals or not."""
        every = dict.fromkeys((*surnames, *nicknames))
        surname = rf"(?:{'|'.join(map(re.escape, every))})\b"
        self._surnames = frozenset(surnames)
        self._nicknames = frozenset(nicknames)
        self._whole = re.compile(rf"\b{surname}")
        self._titled = re.compile(rf"{_TITLE}(?:(?!{surname}){_GIVEN}\s+){{0,3}}$")
        self._given = re.compile(rf"\b([a-zà-ÿ]+)[’',]?\s+({_GIVEN})\s+$")
        self._first = re.compile(rf"(?:^|[^’'\w-]){_NO_NAME}({_GIVEN})\s+$")
        self._last = re.compile(rf"\s+({_GIVEN})\b")
        self._called = re.compile(rf"{_CALLED}{_QUOTE}(?:{_GIVEN}\s+)?$")
        self._opened = re.compile(rf"[{_QUOTES}]\s*$")
        self._closed = re.compile(r"\s*[»”\"]")

    def spans(self, text: str, hits: Collection[Hit]) -> Iterator[tuple[int, int]]:
        """Yield where a text names such a person; a word found by a hit is no given name."""
        found = list(self._named(text, hits))
        if not any(_may_be_introduced(text, one.start()) for one in found):
            return
        borne = {one[0] for one in found if self._is_borne(one, hits)}
        for one in found:
            if one[0] in borne:
                yield one.span()
            given = self._before(one, self._given) if one[0] in self._surnames else None
            if given and given[1] not in _DETERMINERS and not _is_hit(given.span(2), hits):
                yield given.start(2), one.end()

    def _is_borne(self, name: re.Match[str], hits: Collection[Hit]) -> bool:
        """Say whether somebody is introduced by this name, so that it is theirs all along."""
        if name[0] in self._surnames and self._before(name, self._titled):
            return True
        if name[0] not in self._nicknames:
            return False
        return (
            bool(self._before(name, self._called))
            or self._is_quoted(name)
            or self._is_middle(name, hits)
        )

    def _is_quoted(self, name: re.Match[str]) -> bool:
        """Say whether the name stands alone between quotation marks: « Kremlin », a cinema."""
        closed = self._closed.match(name.string, name.end())
        return closed is not None and self._before(name, self._opened) is not None

    def _is_middle(self, name: re.Match[str], hits: Collection[Hit]) -> bool:
        """Say whether the name stands between a given name and a family name."""
        first = self._before(name, self._first)
        last = self._last.match(name.string, name.end())
        if first is None or last is None or name[0] not in self._surnames:
            return False
        return not _is_hit(first.span(1), hits) and not _is_hit(last.span(1), hits)

    def _named(self, text: str, hits: Collection[Hit]) -> Iterator[re.Match[str]]:
        """Yield where a name stands with its capital."""
        for hit in hits:
            named = self._whole.match(text, hit[0]) if hit[2] & self.subject else None
            if named:
                yield named

    def _before(self, surname: re.Match[str], pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Look at what stands right before a surname; in the whole text it takes 0.1 ms."""
        return pattern.search(surname.string, max(0, surname.start() - _FARTHEST), surname.start())


def _may_be_introduced(text: str, start: int) -> bool:
    """Say whether a capital, a quotation mark or a word that calls stands before a name.

    To look for all ways of introducing takes twenty times as long.
    """
    before = text[max(0, start - _FARTHEST) : start].rstrip(" \u00a0\u202f\n")
    if before.endswith(tuple(_QUOTES)):
        return True
    word = before.rpartition(" ")[2]
    return not (word.islower() or not word) or before.endswith(_CALLING)


def _is_hit(span: tuple[int, int], hits: Collection[Hit]) -> bool:
    return any(hit[:2] == span for hit in hits)
