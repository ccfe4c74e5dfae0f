"""Consent: pages that ask for leave to set cookies in place of their article."""

from __future__ import annotations

import re

_LONGEST_WALL = 1500
_REST = 100
"""Characters beside what is said of cookies; a brief with a banner under it has more."""

_ASKS = re.compile(
    r"utilis\w+ (?:des|les) (?:cookies|traceurs)"
    r"|(?:accept|refus|activ|autoris)\w+ (?:tous )?(?:les|ces|nos|des) (?:cookies|traceurs)"
    r"|\b(?:tout accepter|continuer sans accepter|j[’']accepte)\b"
    r"|\b(?:respect\w+|importance) (?:de |à )?votre vie privée|\bvotre consentement\b"
    r"|informations sur un (?:appareil|terminal)|(?:publicités|annonces|contenus?) personnalisée?s"
    r"|\bwe use cookies\b|\b(?:accept|enable|allow) (?:all )?cookies\b|\bvalue your privacy\b",
    re.IGNORECASE,
)


def is_consent_wall(text: str) -> bool:
    """Whether a text, one paragraph a line, is nothing but a question about cookies.

    The answer to it would be a cookie, which is not sent. Stored, it would stand for the article,
    and for every other of the outlet: the same text under another address is a duplicate.
    """
    if len(text) > _LONGEST_WALL:
        return False
    paragraphs = text.splitlines()
    rest = [paragraph for paragraph in paragraphs if not _ASKS.search(paragraph)]
    return len(rest) < len(paragraphs) and sum(map(len, rest)) < _REST
