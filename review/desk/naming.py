"""Naming: what templates call to say a thing in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from review.digest.words import Words
from storage.folding import fold_text


def percent(share: float | None) -> str:
    """Return a share in percent; a dash when it is unknown."""
    return "–" if share is None else f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


def mask_name(words: Words, mask: str) -> str:
    """Return why a match does not count."""
    return str(words.table["masks"].get(mask, mask))


def points_label(words: Words, label: str) -> str:
    """Return what a part of the score stands for; `strength 3`, `context sport` have two words."""
    first, _, rest = label.partition(" ")
    name = str(words.table["arithmetic"].get(first, first))
    return f"{name} ({words.table['contexts'].get(rest, rest)})" if rest else name


def points(words: Words, number: float) -> str:
    """Return signed points as the language writes them: `+20,0`, `−22,0`."""
    written = f"{number:+.1f}".replace("-", "−")
    return written.replace(".", ",") if words.language == "fr" else written


def facet_name(words: Words, sources: Mapping[str, str], facet: str, value: str) -> str:
    """Return the name of a facet's value."""
    match facet:
        case "country":
            return words.country(value)
        case "theme":
            return words.theme(value)
        case "source":
            return sources.get(value, value)
        case "alignment":
            return words.say("alignment_none") if value == "none" else words.alignment(value)
        case _:
            return value


def nearby_countries(row: Mapping[str, Any], chosen: Sequence[str]) -> list[str]:
    """Return the countries that are likely to be wanted: chosen, flagged, named, undecided."""
    undecided = [code for pair in row["undecided"] for code in pair.split("|")]
    return list(dict.fromkeys([*chosen, *row["countries"], *row["mentioned"], *undecided]))


def african_countries(words: Words) -> list[tuple[str, str]]:
    """Return code and name of the African states, by name."""
    pairs = [(code, name) for code, name in words.table["countries"].items() if code != "RU"]
    return sorted(pairs, key=lambda pair: fold_text(pair[1]))


def here_url(session: Any, lang: str | None = None) -> str:
    """Return the address of this page, in another language if one is named."""
    arguments = {
        name: session.request.args.get(name)
        for name in session.request.args.keys()  # noqa: SIM118 - no mapping
        if name not in ("lang", "done", "undone")
    }
    if lang is not None:
        arguments["lang"] = lang
    query = urlencode(arguments)
    path: str = session.request.path
    return f"{path}?{query}" if query else path


NAMES: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        percent,
        mask_name,
        points_label,
        points,
        facet_name,
        nearby_countries,
        african_countries,
        here_url,
    )
}
