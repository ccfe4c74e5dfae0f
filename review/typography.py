"""Typography: French spacing, so that no line ends within a quotation mark or before a colon.

Extraction leaves plain spaces where a site printed no-break ones.
"""

from __future__ import annotations

import re

_TIED = re.compile(r"(?<=[«‹]) | (?=[»›:;!?%€])|(?<=\d)(?<!\d{4}) (?=\d{3}(?!\d))")


def tied(text: str) -> str:
    """Return a text with no-break spaces where French has them; the offsets stay as they are."""
    return _TIED.sub("\N{NO-BREAK SPACE}", text)
