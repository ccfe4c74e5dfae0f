"""Digest Atom: flagged stories as a feed, one entry per story under an identity that never changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from review.digest.citation import place
from review.digest.html_page import entry_html
from review.digest.records import Digest, Story
from review.digest.words import Words

FEED_ID = "urn:uuid:6f1c6d6e-9a5b-5d0c-8a34-0d6b6c1f7a52"
CONTENT_TYPE = "application/atom+xml; charset=utf-8"

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def digest_atom(digest: Digest, words: Words) -> str:
    """Return the digest's stories as an Atom feed, the latest change first."""
    return atom_feed(digest.stories, words, digest.until)


def atom_feed(
    stories: Sequence[Story], words: Words, until: datetime, address: str | None = None
) -> str:
    """Return stories as an Atom feed (RFC 4287); `address` is where the feed itself is served."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", words.language)
    ordered = sorted(stories, key=lambda story: (story.updated_at, story.id), reverse=True)
    _add(feed, "id", FEED_ID)
    _add(feed, "title", words.say("subject"))
    _add(feed, "updated", _instant(ordered[0].updated_at if ordered else until))
    _add(_add(feed, "author"), "name", "Vigie")
    if address:
        _add(feed, "link", rel="self", href=address)
    for story in ordered:
        _add_entry(feed, story, words, until)
    document: bytes = etree.tostring(
        feed, xml_declaration=True, encoding="utf-8", pretty_print=True
    )
    return document.decode()


def _add_entry(feed: etree._Element, story: Story, words: Words, until: datetime) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", story.urn)
    _add(entry, "title", story.title.text)
    _add(entry, "updated", _instant(story.updated_at))
    if story.published_at:
        _add(entry, "published", _instant(story.published_at))
    author = _add(entry, "author")
    outlet = f"{story.outlet} ({place(story.outlet_country, story.alignment, words)})"
    _add(author, "name", ", ".join([*story.authors, outlet]))
    if story.url:
        _add(entry, "link", rel="alternate", type="text/html", href=story.url)
    for scheme, terms in (("theme", story.themes), ("country", story.countries)):
        for term in terms:
            _add(entry, "category", term=term, scheme=f"urn:vigie:{scheme}")
    _add(entry, "content", entry_html(story, words, until), type="html")


def _add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str
) -> etree._Element:
    """Append an element; characters that XML does not allow are left out."""
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    for key, value in attributes.items():
        element.set(key, _NOT_XML.sub("", value))
    element.text = None if text is None else _NOT_XML.sub("", text)
    return element


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
