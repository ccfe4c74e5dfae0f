"""Lexicons: the terms of each lexicon of a rule set, with those of the lexicons it takes in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pipelines.matching.errors import RuleError
from pipelines.matching.schema import RuleFile


def expanded(files: Mapping[str, RuleFile], taken: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the terms by lexicon; raise `RuleError` for a name that is taken, missing or endless."""
    written: dict[str, list[str]] = {}
    for name, file in files.items():
        for lexicon, entry in file.lexicon.items():
            if lexicon in written or lexicon in taken:
                raise RuleError(f"{name}: lexicon {lexicon}: the name is taken")
            written[lexicon] = list(entry.terms)
    return {name: _flattened(name, written, ()) for name in written}


def _flattened(name: str, written: dict[str, list[str]], above: tuple[str, ...]) -> tuple[str, ...]:
    """Return a lexicon's terms with those of the lexicons it includes."""
    if name in above:
        raise RuleError(f"lexicon {name}: it includes itself by way of {' → '.join(above)}")
    terms: dict[str, None] = {}
    for term in written[name]:
        if not term.startswith("@"):
            terms[term] = None
        elif term[1:] in written:
            terms.update(dict.fromkeys(_flattened(term[1:], written, (*above, name))))
        else:
            raise RuleError(f"lexicon {name}: there is no lexicon {term}")
    return tuple(terms)
