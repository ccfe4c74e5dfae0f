"""Terms: what one entry of a lexicon looks for, spelled out as patterns on folded words.

`accord+ militaire+` inflects each word that has a plus, `livr*` is cut off on the right,
`=VTB` has to be written with these capitals, and what joins the words of a phrase does not
matter: `Côte d'Ivoire` is found in "Côte-d’Ivoire".
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache

import attrs

from pipelines.matching.errors import TermError
from pipelines.matching.inflect import inflect
from storage.folding import fold_words

MAX_FORMS = 512
MIN_PREFIX = 3

_JOINTS = re.compile(r"[\s'’ʼ‘\-\u2010\u2011]+")
# N'Djamena, N'Diaye, M'Bomou: the apostrophe of African names comes and goes.
_NAME_APOSTROPHE = re.compile(r"\b([NMKG])['’ʼ](?=[A-Za-zÀ-ÿ])")
_HYPHEN = re.compile(r"[\-\u2010\u2011]")


@attrs.frozen
class Pattern:
    """One form of a term, as it stands in folded words (see `storage.folding.fold_words`)."""

    folded: str
    """The form, its words separated by one space."""
    open_ended: bool = False
    """Whether the last word may go on."""
    cased: str | None = None
    """The form with its capitals and without accents, where capitals matter."""
    spaced: bool = False
    """Whether a spaced hyphen has to stand between the words, as in "Mali – Russie"."""
    pattern: re.Pattern[str] | None = None
    """What has to follow `folded`, where a word in the middle is cut off."""


def unaccented(text: str) -> str:
    """Return a text without marks and with plain joints, its capitals kept."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return _JOINTS.sub(" ", bare.replace("œ", "oe").replace("Œ", "OE"))


@lru_cache(maxsize=20_000)  # lexicons take in others: of the shipped terms two in five come again
def patterns_of(term: str) -> tuple[Pattern, ...]:
    """Spell out the forms of a term; raise `TermError` where it cannot be looked for."""
    cased = term.startswith("=")
    spellings = dict.fromkeys(_spellings(term[1:] if cased else term))
    found = [pattern for text in spellings for pattern in _forms(term, text, cased=cased)]
    if len(found) > MAX_FORMS:
        raise TermError(f"'{term}' has more than {MAX_FORMS} forms")
    return tuple(found)


def _spellings(text: str) -> tuple[str, str]:
    return text, _NAME_APOSTROPHE.sub(r"\1", text)


def _forms(term: str, text: str, *, cased: bool) -> list[Pattern]:
    words = [word for word in _JOINTS.split(text) if word]
    if not words or not all(fold_words(word).text.strip(" ") for word in words):
        raise TermError(f"'{term}' holds no word")
    if any("*" in word[:-1] or "+" in word[:-1] for word in words):
        raise TermError(f"'{term}': + and * belong at the end of a word")
    if any("*" in word for word in words[:-1]):
        return [_cut_inside(term, words)]
    choices = [_choices(term, word) for word in words]
    count = 1
    for forms in choices:
        count *= len(forms)
    if count > MAX_FORMS:
        raise TermError(f"'{term}' has more than {MAX_FORMS} forms")
    open_ended = words[-1].endswith("*")
    found = [_pattern(form, open_ended, cased) for form in itertools.product(*choices)]
    if len(words) == 2 and _HYPHEN.search(text):
        found += [
            attrs.evolve(one, folded=one.folded.replace(" ", "   "), spaced=True) for one in found
        ]
    return found


def _choices(term: str, word: str) -> tuple[str, ...]:
    if word.endswith("+"):
        return inflect(word[:-1])
    if word.endswith("*"):
        if len(word) <= MIN_PREFIX:
            raise TermError(f"'{term}': at least {MIN_PREFIX} letters have to stand before *")
        return (word[:-1],)
    return (word,)


def _pattern(words: tuple[str, ...], open_ended: bool, cased: bool) -> Pattern:
    text = " ".join(words)
    folded = re.sub(" +", " ", fold_words(text).text).strip()
    return Pattern(folded, open_ended, unaccented(text) if cased else None)


def _cut_inside(term: str, words: list[str]) -> Pattern:
    """Return a pattern that begins like the term and is checked by an expression after that."""
    expressions = []
    for word in words:
        forms = "|".join(re.escape(fold_words(form).text.strip()) for form in _choices(term, word))
        expressions.append(f"(?:{forms})" + (r"\w*" if word.endswith("*") else r"\b"))
    first = words[0]
    if first.endswith("+"):
        raise TermError(f"'{term}': write the first word out where another has a *")
    anchor = fold_words(first.rstrip("*")).text.strip()
    return Pattern(anchor, True, pattern=re.compile(" ".join(expressions)))
