"""Agencies: the news agency that a text credits."""

from __future__ import annotations

import re

HEAD, TAIL = 200, 300
"""Characters at the beginning and the end of a text in which a credit stands."""

AGENCIES = {
    "AFP": r"AFP|Agence France[- ]Presse",
    "Reuters": r"Reuters|REUTERS",
    "AP": r"AP|Associated Press",
    "Xinhua": r"Xinhua|XINHUA|Chine nouvelle",
    "Sputnik": r"Sputnik(?: Afrique)?|SPUTNIK",
    "TASS": r"TASS|Tass",
    "RIA Novosti": r"RIA Novosti|Ria Novosti",
    "APA": r"APA(?:[- ]?news)?|APAnews|Agence de presse africaine",
    "PANA": r"PANA|Pana|Panapress|PANAPRESS",
    "APO": r"APO Group|African Press Organization",
    "Anadolu": r"Anadolu|Agence Anadolu",
    "MAP": r"MAP|Maghreb Arabe Presse",
    "APS": r"APS",
    "TAP": r"TAP",
    "AIB": r"AIB|Agence d['’]information du Burkina",
    "AMAP": r"AMAP|Agence malienne de presse",
    "ANP": r"ANP|Agence nigérienne de presse",
    "AIP": r"AIP|Agence ivoirienne de presse",
    "AGP": r"AGP|Agence (?:guinéenne|gabonaise) de presse",
    "ACP": r"ACP|Agence congolaise de presse",
    "ABP": r"ABP|Agence (?:béninoise|burundaise) de presse",
    "ATOP": r"ATOP|Agence togolaise de presse",
    "APR": r"Agence de presse russe",
}
"""Names of agencies and how texts write them; case counts, for AP and MAP are words too."""

_NAMED = "|".join(f"(?P<g{n}>{pattern})" for n, pattern in enumerate(AGENCIES.values()))
_NAMED_SURELY = rf"(?:l['’])?(?:{_NAMED})"
_PLACES = (
    re.compile(
        rf"\({_NAMED_SURELY}\)\s*(?:[–—:-]|\.?\s*\Z)"
    ),  # not "l’Assemblée populaire (ANP) a"
    re.compile(rf"\((?:avec|source ?:|par) {_NAMED_SURELY}\)", re.IGNORECASE),
    re.compile(rf"/ ?(?:{_NAMED}) ?/"),
    re.compile(rf"\A(?:{_NAMED}) ?[–—-] ?\w"),
    re.compile(rf"(?:^|\n|[.!?»] )\s*(?:[Aa]vec|Sources? ?:|Par) {_NAMED_SURELY}(?=\W|\Z)"),
    re.compile(rf"[Aa]vec {_NAMED_SURELY}\s*\.?\s*\Z"),
    re.compile(rf"\n\s*(?:©|\(c\))? ?(?:{_NAMED})(?: ?/ ?\w+)?\s*\.?\s*\Z"),
    re.compile(rf"[/©] ?(?:{_NAMED})\s*[.)]?\s*\Z"),
)
_AUTHOR = re.compile(rf"(?:.{{0,40}}\b[Aa]vec |Par )?{_NAMED_SURELY}(?: ?[/&,].*)?")


def credited_agency(text: str, authors: tuple[str, ...] = ()) -> str | None:
    """Return the agency that an author's line, the head or the foot of a text credits.

    An agency that the article is about is not credited: "a déclaré à l’AFP" is no credit.
    """
    found = next((match for author in authors if (match := _AUTHOR.fullmatch(author))), None)
    if found is None:
        ends = (text[-TAIL:], text[:HEAD])
        found = next(
            (m for end in ends for place in _PLACES if (m := place.search(end)) is not None), None
        )
    return None if found is None else _name(found)


def _name(found: re.Match[str]) -> str:
    group = next(name for name, value in found.groupdict().items() if value is not None)
    return list(AGENCIES)[int(group[1:])]
