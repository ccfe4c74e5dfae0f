"""Language: which language an article is written in."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from langdetect.detector import Detector
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from langdetect.utils.ngram import NGram

from storage.records import Language

DetectorFactory.seed = 0  # without it 108 of 920 texts change their answer

LANGUAGES = (
    "af", "ar", "ca", "cs", "cy", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it",
    "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "so", "sq", "sv", "sw", "tl", "tr",
    "vi",
)  # fmt: skip
"""What a text may be: all that langdetect knows in Latin letters, Arabic and Russian.

The 22 others cannot win against Latin letters, and took two fifths of the time. All Latin ones stay: they
catch Lingala or Kirundi, which langdetect does not know and takes for Swahili or Tagalog.
"""

SAMPLE = 800
"""Characters that are looked at; up to 1,500 give the same answers and take a third longer.

Measured on 403 French texts and 1,575 in 530 other languages; see decision 16.
"""

MIN_LETTERS = 200
"""Below this langdetect guesses: "Mali Russie" is Finnish to it with p = .99999."""

CERTAIN = 0.90
"""At this probability 4 of 590 foreign texts pass for French, at any probability 13."""

_FRENCH = frozenset((
    "afin", "ainsi", "après", "au", "aussi", "aux", "avait", "avec", "ce", "cela", "ces", "cet",
    "cette", "comme", "contre", "dans", "depuis", "des", "deux", "donc", "dont", "du", "elle",
    "en", "entre", "est", "et", "fait", "il", "ils", "la", "le", "les", "leur", "leurs", "lors",
    "lui", "mais", "même", "ne", "notamment", "nous", "ont", "où", "par", "pas", "peut", "plus",
    "pour", "que", "qui", "sa", "sans", "se", "selon", "ses", "son", "sont", "sous", "sur",
    "tous", "tout", "un", "une", "vous", "à", "était", "été", "être",
))  # fmt: skip
"""Words without which French is not written; of another language at most eight stand in a sample."""

_DIFFERENT = 10
"""How many of them a sample has that is surely French."""

_PARTS, _DIFFERENT_IN_PART, _SHARE_OF_PART = 4, 2, 0.12
"""Each part of it has some, or half of it may be in another language."""

_WORD = re.compile(r"[^\W\d_]+")


def detect_language(title: str, text: str, source_language: str) -> Language:
    """Return the language of an article; where nothing decides, the source's, uncertain.

    The sample is lower-cased: of 200 upper-case French headlines langdetect knows none, and 199
    of the same in lower case.
    """
    sample = f"{title}. {text}"[:SAMPLE].lower()
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        return Language(code=source_language, confidence=0.0, certain=False)
    if is_surely_french(sample):
        return Language(code="fr", confidence=1.0, certain=True)
    try:
        detector = QuickDetector()
        detector.append(sample)
        best = detector.get_probabilities()[0]
    except LangDetectException:
        return Language(code=source_language, confidence=0.0, certain=False)
    code = best.lang.partition("-")[0]
    return Language(code=code, confidence=round(best.prob, 4), certain=best.prob >= CERTAIN)


def is_surely_french(sample: str) -> bool:
    """Whether the small words of a text in lower case are French from its beginning to its end.

    They decide for 98 of 100 French texts, in a fortieth of the time that langdetect takes.
    """
    words = _WORD.findall(sample)
    if len(_FRENCH.intersection(words)) < _DIFFERENT:
        return False
    size = -(-len(words) // _PARTS)
    parts = (words[start : start + size] for start in range(0, len(words), size))
    return all(_is_french_part(part) for part in parts)


def _is_french_part(words: list[str]) -> bool:
    small = [word for word in words if word in _FRENCH]
    return len(set(small)) >= _DIFFERENT_IN_PART and len(small) >= _SHARE_OF_PART * len(words)


@functools.cache
def detectors() -> DetectorFactory:
    """Return what makes detectors of the languages that may occur, loaded once in a process."""
    factory = DetectorFactory()
    factory.load_json_profile(
        [Path(PROFILES_DIRECTORY, code).read_text(encoding="utf-8") for code in LANGUAGES]
    )
    return factory


class QuickDetector(Detector):  # type: ignore[misc]  # langdetect has no types
    """langdetect's detector for lower-case text, finding the same n-grams word by word.

    It looks for them character by character, which takes four times as long.
    """

    def __init__(self) -> None:
        super().__init__(detectors())

    def _extract_ngrams(self) -> list[str]:
        words = "".join(map(_normalized, self.text)).split(" ")
        found: list[str] = []
        for word in words[:-1]:
            found += _known_grams(f" {word} ") if word else ()
        return [*found, *_known_grams(f" {words[-1]}")]


@functools.lru_cache(maxsize=20_000)
def _known_grams(padded: str) -> tuple[str, ...]:
    """Return the n-grams of one to three letters that end at each letter after the first space."""
    known = detectors().word_lang_prob_map
    grams = []
    for end in range(2, len(padded) + 1):
        grams += [padded[max(0, end - size) : end] for size in (1, 2, 3) if size <= end]
    return tuple(gram for gram in grams if gram != " " and gram in known)


@functools.cache
def _normalized(character: str) -> str:
    letter: str = NGram.normalize(character)
    return letter
