"""Digest plain: the digest as plain text, the first part of the mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from review.digest.citation import citation, dated, place
from review.digest.records import Digest, Sentence, Story
from review.digest.wording import (
    country_name,
    facts,
    figures,
    period,
    remarks,
    theme_name,
    unseen_words,
)
from review.digest.words import Words

WIDTH = 78


def digest_plain(digest: Digest, words: Words) -> str:
    """Return the digest as plain text, matched words in [brackets]."""
    return "\n".join(_lines(digest, words)) + "\n"


def _lines(digest: Digest, words: Words) -> Iterator[str]:
    yield from (words.say("subject"), period(digest, words), figures(digest, words))
    if not digest.groups:
        yield from ("", f"{words.say('nothing')} {words.say('nothing_warning')}")
    for group in digest.groups:
        yield from ("", "", theme_name(group.theme, words).upper(), "=" * WIDTH)
        for country in group.countries:
            yield from ("", country_name(country.country, words), "-" * WIDTH)
            for story in country.stories:
                yield from _story(story, digest, words)
    if digest.new_copies:
        copies = words.count("new_copies", digest.new_copies)
        yield from ("", words.say("earlier", copies=copies))
    yield from _unseen(digest, words)


def _story(story: Story, digest: Digest, words: Words) -> Iterator[str]:
    verdict = f"[{words.say('accepted')}] " if story.accepted else ""
    yield from ("", *_wrapped(verdict + story.title.text))
    outlet = f"{story.outlet} ({place(story.outlet_country, story.alignment, words)})"
    yield from _wrapped(f"{outlet} · {dated(story, words)} · {facts(story, words)}", "  ")
    if story.standfirst:
        yield from _wrapped(marked_plain(story.standfirst), "  ")
    for sentence in story.sentences:
        yield from _wrapped(marked_plain(sentence), "    ", "  - ")
    for line in remarks(story, words):
        yield from _wrapped(line, "  ")
    if story.url:
        yield f"  {story.url}"
    yield from _wrapped(words.say("citation") + citation(story, words, digest.until), "  ")


def _unseen(digest: Digest, words: Words) -> Iterator[str]:
    unseen = unseen_words(digest.not_seen, words)
    yield from ("", "", words.say("unseen").upper(), "=" * WIDTH)
    for line in (words.say("unseen_lead"), *unseen.lines):
        yield from _wrapped(line)
    for kind in unseen.kinds:
        yield from ("", f"{kind.name}: {kind.help}")
        for line in kind.lines:
            yield from _wrapped(line, "    ", "  - ")


def marked_plain(sentence: Sentence) -> str:
    """Return a sentence with the matched words in brackets."""
    return "".join(f"[{p.text}]" if p.marked else p.text for p in sentence.pieces)


def _wrapped(text: str, indent: str = "", first: str | None = None) -> list[str]:
    """Break text at spaces alone: addresses stay whole, and so do no-break spaces."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
