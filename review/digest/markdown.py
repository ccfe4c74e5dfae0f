"""Digest Markdown: the digest for wikis, notes and chats; text from outside never becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from review.digest.citation import citation, dated, place
from review.digest.records import Digest, Sentence, Story
from review.digest.wording import (
    country_counts,
    country_name,
    facts,
    figures,
    period,
    remarks,
    theme_counts,
    theme_name,
    unseen_words,
)
from review.digest.words import Words

_SPECIAL = re.compile(r"([\\`*_\[\]|~])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""Entities, because not every Markdown program lets a backslash stand before `<`."""
_LEADING = re.compile(r"^(\s*)([#+=!-]|\d+(?=[.)]))")
_SPACES = re.compile(r"[\t\n\r]+")


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is: no markup, no HTML, no entity, on one line."""
    return _LEADING.sub(_escaped_start, _inner(text))


def _inner(text: str) -> str:
    """Escape what is markup anywhere in a line."""
    return _SPECIAL.sub(r"\\\1", _SPACES.sub(" ", text).translate(_ENTITIES))


def _escaped_start(found: re.Match[str]) -> str:
    spaces, sign = found.groups()
    return f"{spaces}{sign}\\" if sign.isdigit() else f"{spaces}\\{sign}"


def digest_markdown(digest: Digest, words: Words) -> str:
    """Return the digest as CommonMark with tables of counts."""
    return "\n".join(_lines(digest, words)) + "\n"


def _lines(digest: Digest, words: Words) -> Iterator[str]:
    yield from (f"# {words.say('subject')}", "", period(digest, words), "")
    yield f"**{figures(digest, words)}**"
    yield from _counts(words.say("by_theme"), theme_counts(digest, words))
    yield from _counts(words.say("by_country"), country_counts(digest, words))
    if not digest.groups:
        yield from ("", f"{words.say('nothing')} {words.say('nothing_warning')}")
    for group in digest.groups:
        yield from ("", f"## {escaped(theme_name(group.theme, words))}")
        for country in group.countries:
            yield from ("", f"### {escaped(country_name(country.country, words))}")
            for story in country.stories:
                yield from _story(story, digest, words)
    if digest.new_copies:
        copies = words.count("new_copies", digest.new_copies)
        yield from ("", words.say("earlier", copies=copies))
    yield from _unseen(digest, words)


def _counts(caption: str, rows: list[tuple[str, int]]) -> Iterator[str]:
    if rows:
        yield from ("", f"| {caption} |  |", "| --- | ---: |")
        for name, number in rows:
            yield f"| {escaped(name)} | {number} |"


def _story(story: Story, digest: Digest, words: Words) -> Iterator[str]:
    title = escaped(story.title.text)
    linked = f"[{title}]({quote(story.url, safe=_URL_SAFE)})" if story.url else title
    verdict = f" — *{words.say('accepted')}*" if story.accepted else ""
    yield from ("", f"#### {linked}{verdict}", "")
    outlet = f"{story.outlet} ({place(story.outlet_country, story.alignment, words)})"
    yield escaped(f"{outlet} · {dated(story, words)} · {facts(story, words)}")
    if story.standfirst:
        yield from ("", f"> {_marked(story.standfirst)}")
    if story.sentences:
        yield ""
        for sentence in story.sentences:
            yield f"- {_marked(sentence)}"
    for line in remarks(story, words):
        yield from ("", escaped(line))
    yield from ("", escaped(words.say("citation") + citation(story, words, digest.until)))


def _unseen(digest: Digest, words: Words) -> Iterator[str]:
    unseen = unseen_words(digest.not_seen, words)
    yield from ("", f"## {words.say('unseen')}")
    for line in (words.say("unseen_lead"), *unseen.lines):
        yield from ("", escaped(line))
    for kind in unseen.kinds:
        yield from ("", f"### {escaped(kind.name)}", "", escaped(kind.help), "")
        for line in kind.lines:
            yield f"- {escaped(line)}"


def _marked(sentence: Sentence) -> str:
    """Return a sentence with the matched words in bold."""
    pieces = []
    for piece in sentence.pieces:
        text = _inner(piece.text)
        pieces.append(f"**{text}**" if piece.marked else text)
    return _LEADING.sub(_escaped_start, "".join(pieces))


_URL_SAFE = "!#$%&'*+,/:;=?@[]~-._"
"""What may stand in an address as it is; parentheses and letters beyond ASCII are encoded."""
