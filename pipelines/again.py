"""Again: a page whose article is stored, read once more and compared."""

from __future__ import annotations

import attrs

from pipelines.changes import added_text, is_revision
from pipelines.flag import flag_text
from pipelines.read import read_page, rules_in_use
from storage.records import Flag, Page, Reading, Refusal
from storage.revisits import Revisit


@attrs.frozen(kw_only=True)
class Revised:
    """An article whose outlet changed it."""

    reading: Reading
    added: Flag | None
    """How the added sentences are judged by themselves; None when nothing was added."""


def read_again(page: Page, before: Revisit) -> Revised | Refusal | None:
    """Read a page whose article is stored; None when it says what it said. For a worker to run."""
    reading = read_page(page, "none")
    if isinstance(reading, Refusal):
        return reading
    old = _whole(before.title, before.standfirst, before.text)
    article = reading.article
    new = _whole(article.title, article.standfirst, article.text)
    if not is_revision(old, new):
        return None
    added = added_text(old, new)
    if not added:
        return Revised(reading=reading, added=None)
    judged = flag_text(article.title, None, added, rules_in_use(), page.country, page.outlet)
    return Revised(reading=reading, added=judged)


def _whole(title: str, standfirst: str | None, text: str) -> str:
    return "\n".join((title, standfirst or "", text))
