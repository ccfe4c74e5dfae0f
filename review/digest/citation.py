"""Digest citation: the reference line of an article, and which addresses may be links."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from review.digest.records import Story
from review.digest.words import Words


def web_address(url: str) -> str | None:
    """Return an address that may be a link: http or https with a host, printable, without spaces."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if usable and url.isprintable() and not set(url) & set(" \"'<>\\`") else None


def place(country: str | None, alignment: str | None, words: Words) -> str:
    """Return where an outlet writes from, and whose it is when it is of the Russian state or network."""
    if alignment is None:
        return words.country(country)
    label = words.alignment(alignment)
    return f"{words.country(country)}, {label}" if country else label


def dated(story: Story, words: Words) -> str:
    """Return the date of publication, or the date of the first sight, said to be that."""
    if story.published_at:
        return words.day(story.published_at)
    return words.say("seen_on", date=words.day(story.first_seen))


def citation(story: Story, words: Words, accessed: datetime) -> str:
    """Return authors, title, outlet, date, address and day of access on one line."""
    quoted = words.say("quote_open") + story.title.text + words.say("quote_close")
    parts = [
        *([", ".join(story.authors)] if story.authors else []),
        quoted,
        f"{story.outlet} ({place(story.outlet_country, story.alignment, words)})",
        dated(story, words),
        *([story.url] if story.url else []),
        words.say("cited", date=words.day(accessed)),
    ]
    return ", ".join(parts)
