"""Records: the frozen values that cross the borders between packages.

Times are aware and UTC.
Text is NFC from extraction on, so the offsets of a match hold.
`None` means unknown; an empty string never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import attrs

THEMES = (
    "military",
    "diplomacy",
    "nuclear",
    "energy",
    "mining",
    "food",
    "humanitarian",
    "health",
    "education",
    "culture",
    "media",
    "economy",
    "infrastructure",
    "technology",
)
"""The fourteen themes, in the order in which they are shown."""


class Outcome(StrEnum):
    """How a page ended."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@attrs.frozen(kw_only=True)
class SourceFacts:
    """What the archive keeps of a source's catalogue entry."""

    slug: str
    name: str
    country: str | None
    language: str
    url: str
    outlet: str | None
    ownership: str | None
    alignment: str | None
    """russian_state or russian_network: never to be mixed with the African press."""
    active: bool


@attrs.frozen(kw_only=True)
class Link:
    """An article page that a feed, a sitemap or a section page announces."""

    url: str
    """The address as printed, made absolute. This is what is fetched."""
    discovered_by: str
    """feed, sitemap, section, posts (WordPress), posts_text (and its text), dated_page, or ingest."""
    title: str | None = None
    published_hint: str | None = None
    """Publication date as the feed or sitemap prints it, unparsed."""
    standfirst_hint: str | None = None


@attrs.frozen(kw_only=True)
class QueuedPage:
    """An article page that is known and not settled."""

    url: str
    discovered_by: str
    attempts: int
    title: str | None = None
    published_hint: str | None = None


@attrs.frozen(kw_only=True)
class FeedState:
    """What is remembered of a feed, sitemap or section page between two polls."""

    url: str
    source: str
    kind: str
    """feed, sitemap, section or posts."""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    polls: int = 0
    """Polls so far; every tenth is asked for without conditions."""
    links: int | None = None
    """Links found at the last full reading."""
    problem: str | None = None
    """Why the last reading gave nothing: html, empty, malformed, http_404 …"""


@attrs.frozen(kw_only=True)
class Page:
    """An article page as fetched, before extraction."""

    source: str
    url: str
    """The address the answer came from, after redirects."""
    queued_url: str
    """The address that was queued; the page's row is found by it."""
    body: bytes
    fetched_at: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    """Response headers, names in lower case."""
    title_hint: str | None = None
    published_hint: str | None = None
    """Publication date announced by the feed or sitemap, unparsed."""
    country: str | None = None
    """ISO 3166-1 alpha-2 code of the source's country, None when it covers many."""
    language: str = "fr"
    """The source's language, which decides where the text is too short."""
    outlet: str | None = None
    """The source's name, which is boilerplate in its own titles and texts."""


@attrs.frozen(kw_only=True)
class Published:
    """When an article was published, and how that is known."""

    at: datetime
    """UTC."""
    printed: str
    """As the site prints it, with its offset if it has one."""
    precision: str
    """second, minute or day."""
    origin: str
    """meta, json-ld, feed, sitemap, url, markup or text."""


@attrs.frozen(kw_only=True)
class Article:
    """The article on a page, as extracted."""

    source: str
    url: str
    canonical_url: str
    """The identity of the article: what the page names as canonical, else its own address, canonicalised."""
    title: str
    text: str
    """Paragraphs separated by one newline."""
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    modified_at: datetime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    declared_language: str | None = None
    """What the page says of itself (`html lang`, `og:locale`): a hint, often wrong."""
    partial: bool = False
    """Whether the page shows only the beginning (paywall)."""


@attrs.frozen(kw_only=True)
class Language:
    """The language of an article's text."""

    code: str
    """ISO 639-1, or `und` when nothing decides."""
    confidence: float
    certain: bool


class Match(NamedTuple):
    """One place where a rule fired; a tuple, for an article has dozens of them."""

    rule: str
    """The rule's id, or `mask:<name>` for a span that was masked."""
    theme: str | None
    field: str
    """title, lead or text. The lead is the standfirst."""
    start: int
    """Offset of the first character, in the field's original text."""
    end: int
    words: str
    """Exactly `field_text[start:end]`."""
    sentence_start: int
    sentence_end: int
    term: str | None = None
    """The term of the lexicon that was found, as the rule set writes it."""
    masked: str | None = None
    """Why the match does not count (idiom, teaser, outlet, credit …), None when it counts."""


class CountryMention(NamedTuple):
    """One place where an African state is named."""

    codes: tuple[str, ...]
    """ISO 3166-1 alpha-2. More than one: undecided between them."""
    field: str
    start: int
    end: int
    words: str
    partner: bool
    """Whether the state takes part in the cooperation here, or is only mentioned."""


@attrs.frozen(kw_only=True)
class Flag:
    """A rule set's judgement of an article."""

    rule_set: str
    """Digest of the rule set."""
    flagged: bool
    score: int
    """0 to 100."""
    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    """States that take part in the cooperation, sorted."""
    mentioned: tuple[str, ...] = ()
    """African states that are named without taking part, sorted."""
    undecided: tuple[str, ...] = ()
    """Names that may mean several states, such as `CD|CG`, sorted."""
    status: str | None = None
    """Suggested status of the cooperation (pledge, talks, agreement, delivered …)."""
    status_words: str | None = None
    """The phrase the status is suggested from."""
    matches: tuple[Match, ...] = ()
    mentions: tuple[CountryMention, ...] = ()
    arithmetic: tuple[tuple[str, float], ...] = ()
    """What the score is made of: label and points, in order."""


@attrs.frozen(kw_only=True)
class StoredText:
    """What is needed of a stored article to judge it again, and how it was judged."""

    id: int
    title: str
    standfirst: str | None
    text: str
    country: str | None
    outlet: str
    flagged: bool
    score: int


@attrs.frozen(kw_only=True)
class Reading:
    """All that one trip to a worker finds out about a page that holds an article."""

    queued_url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    article: Article
    language: Language
    flag: Flag
    text_digest: str
    """SHA-256 of the folded text, which typography does not change."""
    fingerprint: tuple[int, ...] = ()
    """Hashes of folded word 8-grams, sampled; see `pipelines.fingerprint`."""
    raw: bytes | None = None
    """The body as fetched, compressed by zlib; None when it is not to be kept."""
    raw_sha256: str | None = None
    """SHA-256 of the body as fetched, before compression."""
    seconds: Mapping[str, float] = attrs.field(factory=dict, eq=False, hash=False, repr=False)
    """What each stage of the trip took; says nothing of the page."""


@attrs.frozen(kw_only=True)
class Refusal:
    """A page that ends without an article, and why."""

    source: str
    queued_url: str
    reason: str
    """One of `storage.reasons.REASONS`, such as `not_french` or `timeout`."""
    detail: str | None = None
    status: int | None = None
    seconds: Mapping[str, float] = attrs.field(factory=dict, eq=False, hash=False, repr=False)
    """What each stage of reading the page took, empty where it was not read."""
