"""Inflection: the forms of a French word, by its ending and without a stemmer.

A stemmer is no use here: the French Snowball stem of "Mali" is that of "mal", and it takes
"armée" for "armé" and "marine" for "marin".
A form too many costs nothing, for a word that does not exist is never printed.
"""

from __future__ import annotations

_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ieur", ("ieur", "ieurs", "ieure", "ieures")),
    ("teur", ("teur", "teurs", "trice", "trices")),
    ("eur", ("eur", "eurs", "euse", "euses")),
    ("eau", ("eau", "eaux")),
    ("eux", ("eux", "euse", "euses")),
    ("eu", ("eu", "eux")),
    ("al", ("al", "aux", "ale", "ales")),
    ("el", ("el", "els", "elle", "elles")),
    ("en", ("en", "ens", "enne", "ennes")),
    ("ian", ("ian", "ians", "iane", "ianes")),
    ("yan", ("yan", "yans", "yane", "yanes")),
    ("ain", ("ain", "ains", "aine", "aines")),
    ("if", ("if", "ifs", "ive", "ives")),
    ("er", ("er", "ers", "ère", "ères")),
    ("é", ("é", "és", "ée", "ées")),
    ("ais", ("ais", "aise", "aises")),
    ("ois", ("ois", "oise", "oises")),
    ("ment", ("ment", "ments")),
    ("ant", ("ant", "ants", "ante", "antes")),
    ("ent", ("ent", "ents", "ente", "entes")),
    ("ert", ("ert", "erts", "erte", "ertes")),
    ("uit", ("uit", "uits", "uite", "uites")),
    ("and", ("and", "ands", "ande", "andes")),
    ("ni", ("ni", "nis", "nie", "nies")),
    ("is", ("is", "ise", "ises")),
    ("u", ("u", "us", "ue", "ues")),
    ("s", ("s",)),
    ("x", ("x",)),
    ("z", ("z",)),
    ("", ("", "s")),
)
"""Endings and the endings of all forms; the first that fits is taken."""

_REGULAR_PLURAL_IN_ALS = frozenset({"bal", "carnaval", "chacal", "fatal", "festival", "naval"})


def inflect(word: str) -> tuple[str, ...]:
    """Return the forms of a word given in the masculine singular, the word itself first.

    Adjectives, participles and nouns of persons get their feminines (`malien`, `-ne`, `-s`,
    `-nes`; `instructeur`, `-trice`; `offert`, `-e`, `-s`, `-es`), other nouns their plural
    (`accord`, `accords`; `canal`, `canaux`).
    Capitals are kept, so `=Russe+` gives `Russe` and `Russes`.
    """
    lowered = word.lower()
    for ending, forms in _ENDINGS:
        if lowered.endswith(ending):
            stem = word[: len(word) - len(ending)]
            inflected = tuple(stem + form for form in forms)
            break
    if lowered in _REGULAR_PLURAL_IN_ALS:
        inflected += (f"{word}s",)
    return inflected
