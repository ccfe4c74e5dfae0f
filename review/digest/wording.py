"""Digest wording: the sentences that every format says in the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import attrs

from review.digest.citation import place
from review.digest.records import Digest, NotSeen, Story, Unseen
from review.digest.words import Words

COPIES_NAMED = 8
SOURCES_NAMED = 40
"""Sources named under one heading; a whole catalogue that was not asked is a number."""


@attrs.frozen(kw_only=True)
class UnseenKind:
    """One kind of what was not seen, in words."""

    name: str
    help: str
    lines: tuple[str, ...]


@attrs.frozen(kw_only=True)
class UnseenWords:
    """What was not seen, in words: sentences first, then lists."""

    lines: tuple[str, ...]
    kinds: tuple[UnseenKind, ...]


def period(digest: Digest, words: Words) -> str:
    """Return from when to when the digest reaches."""
    return words.say("period", since=words.minute(digest.since), until=words.minute(digest.until))


def figures(digest: Digest, words: Words) -> str:
    """Return the counts of the digest: `12 sujets · 3 retenus · 9 à relire`."""
    stories = len(digest.stories)
    parts = [words.count("stories", stories)]
    if digest.accepted:
        parts.append(words.count("accepted", digest.accepted))
    if waiting := sum(story.verdict is None for story in digest.stories):
        parts.append(words.count("unreviewed", waiting))
    return " · ".join(parts)


def theme_counts(digest: Digest, words: Words) -> list[tuple[str, int]]:
    """Return the themes the stories are listed under, with how many there are."""
    return [(theme_name(group.theme, words), group.size) for group in digest.groups]


def country_counts(digest: Digest, words: Words) -> list[tuple[str, int]]:
    """Return each country that takes part in a story, with how many there are."""
    counts = Counter(code for story in digest.stories for code in story.countries)
    return [(words.country(code), number) for code, number in counts.most_common()]


def theme_name(theme: str | None, words: Words) -> str:
    """Return the heading of a theme."""
    return words.theme(theme) if theme else words.say("no_theme")


def country_name(country: str | None, words: Words) -> str:
    """Return the heading of a country."""
    return words.country(country) if country else words.say("no_country")


def facts(story: Story, words: Words) -> str:
    """Return verdict, score and copies: `à relire · score 81 · 2 sources indépendantes sur 3 parutions`."""
    parts = [words.say("score", score=story.score)]
    if story.verdict is None:
        parts.insert(0, words.say("unreviewed"))
    elif story.verdict == "unsure":
        parts.insert(0, words.say("unsure"))
    if story.copies:
        independent = words.count("independent_sources", story.independent_sources)
        published = words.count("publications", len(story.copies) + 1)
        parts.append(words.say("independent", sources=independent, copies=published))
    if story.agency:
        parts.append(words.say("agency", agency=story.agency))
    if story.partial:
        parts.append(words.say("partial"))
    return " · ".join(parts)


def remarks(story: Story, words: Words) -> Iterator[str]:
    """Yield the lines under a story: status, countries, themes, copies, note."""
    if story.status:
        said = words.say("status", status=words.status(story.status))
        yield f"{said} ({_quoted(story.status_words, words)})" if story.status_words else said
    if len(story.countries) > 1:
        yield words.say("also_countries") + ", ".join(map(words.country, story.countries))
    if len(story.themes) > 1:
        yield words.say("also_themes") + ", ".join(map(words.theme, story.themes))
    if story.copies:
        yield words.say("also_in") + _copies(story, words)
    if story.note:
        yield words.say("note") + story.note + (f" ({story.reviewer})" if story.reviewer else "")


def unseen_words(seen: NotSeen, words: Words) -> UnseenWords:
    """Return what was not seen, in words."""
    return UnseenWords(lines=tuple(_lines(seen, words)), kinds=tuple(_kinds(seen, words)))


def _quoted(text: str, words: Words) -> str:
    return words.say("quote_open") + text + words.say("quote_close")


def _copies(story: Story, words: Words) -> str:
    named = [
        f"{copy.outlet} ({place(copy.country, copy.alignment, words)})"
        for copy in story.copies[:COPIES_NAMED]
    ]
    return ", ".join(named + _more(len(story.copies) - COPIES_NAMED, words))


def _more(number: int, words: Words) -> list[str]:
    return [words.say("and_more", n=number)] if number > 0 else []


def _lines(seen: NotSeen, words: Words) -> Iterator[str]:
    if not seen.asked:
        yield words.say("no_crawl")
        return
    flagged = words.say(
        "coverage",
        asked=seen.asked,
        sources=seen.sources,
        answered=seen.answered,
        read=seen.articles,
    )
    yield flagged
    if seen.nothing:
        yield words.say("nothing_unseen")
    if seen.too_young:
        yield words.say(
            "too_young",
            sources=words.count("sources", seen.too_young),
            weeks=words.count("weeks", seen.weeks_needed),
        )
    if seen.waiting:
        yield words.say("waiting", pages=words.count("pages", seen.waiting))


def _kinds(seen: NotSeen, words: Words) -> Iterator[UnseenKind]:
    for key, sources, line in (
        ("dark", seen.dark, _dark_line),
        ("blocked", seen.blocked, _blocked_line),
        ("quiet", seen.quiet, _quiet_line),
        ("not_asked", seen.not_asked, _plain_line),
    ):
        if sources:
            lines = [line(source, words) for source in sources[:SOURCES_NAMED]]
            lines += _more(len(sources) - SOURCES_NAMED, words)
            yield _kind(key, len(sources), lines, words)
    if seen.refused:
        lines = [
            f"{words.reason(reason)} – {words.count('pages', pages)}"
            for reason, pages in seen.refused
        ]
        yield _kind("refused", sum(pages for _, pages in seen.refused), lines, words)


def _kind(key: str, number: int, lines: Iterable[str], words: Words) -> UnseenKind:
    return UnseenKind(
        name=f"{words.say(key)} ({number})", help=words.say(f"{key}_help"), lines=tuple(lines)
    )


def _plain_line(source: Unseen, words: Words) -> str:
    return f"{source.name} ({words.country(source.country)})"


def _reasons(source: Unseen, words: Words) -> str:
    return ", ".join(map(words.reason, source.reasons))


def _since(source: Unseen, words: Words) -> str:
    if source.since is None:
        return words.say("never")
    return words.say("since_date", date=words.day(source.since))


def _dark_line(source: Unseen, words: Words) -> str:
    parts = [_plain_line(source, words), _since(source, words), _reasons(source, words)]
    return " – ".join(filter(None, parts))


def _blocked_line(source: Unseen, words: Words) -> str:
    pages = words.count("blocked_pages", source.pages) if source.pages else _since(source, words)
    return " – ".join(filter(None, [_plain_line(source, words), pages, _reasons(source, words)]))


def _quiet_line(source: Unseen, words: Words) -> str:
    count = words.count("articles", source.pages)
    date = words.day(source.since) if source.since else ""
    line = words.say("quiet_line", count=count, usual=source.usual, date=date)
    return f"{_plain_line(source, words)} – {line}"
