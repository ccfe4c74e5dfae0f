"""Digest JSON: the digest for programs; its shape is documented in docs/digest.md."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import attrs

from review.digest.citation import citation
from review.digest.records import Digest, NotSeen, Sentence, Series, Story, Trends
from review.digest.words import Words
from storage.times import to_text

FORMAT = 1
"""Raised when a key changes its meaning or goes; new keys may come at any time."""


def digest_json(digest: Digest, words: Words) -> str:
    """Return the digest as JSON."""
    document = {
        "format": FORMAT,
        "language": words.language,
        "since": to_text(digest.since),
        "until": to_text(digest.until),
        "counts": {
            "stories": len(digest.stories),
            "accepted": digest.accepted,
            "new_copies_of_earlier_stories": digest.new_copies,
        },
        "stories": [_story(story, digest, words) for story in digest.stories],
        "not_seen": _not_seen(digest.not_seen),
        "trends": _trends(digest.trends),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _story(story: Story, digest: Digest, words: Words) -> dict[str, Any]:
    return _plain(attrs.asdict(story, recurse=False)) | {
        "title": story.title.text,
        "title_marks": _marks(story.title),
        "standfirst": story.standfirst.text if story.standfirst else None,
        "sentences": [
            {"text": sentence.text, "marks": _marks(sentence)} for sentence in story.sentences
        ],
        "copies": [attrs.asdict(copy) for copy in story.copies],
        "citation": citation(story, words, digest.until),
    }


def _marks(sentence: Sentence) -> list[dict[str, Any]]:
    """Return the marked places: start and end in the text, and the theme."""
    marks, position = [], 0
    for piece in sentence.pieces:
        end = position + len(piece.text)
        if piece.marked:
            marks.append({"start": position, "end": end, "theme": piece.theme})
        position = end
    return marks


def _not_seen(seen: NotSeen) -> dict[str, Any]:
    kinds = {
        name: [_plain(attrs.asdict(source)) for source in getattr(seen, name)]
        for name in ("dark", "blocked", "quiet", "not_asked")
    }
    plain = attrs.asdict(seen, recurse=False)
    return plain | kinds | {"refused": dict(seen.refused)}


def _trends(trends: Trends) -> dict[str, Any]:
    return {
        "weeks": [week.isoformat() for week in trends.weeks],
        "themes": _series(trends.themes),
        "countries": _series(trends.countries),
    }


def _series(rows: tuple[Series, ...]) -> dict[str, list[int]]:
    return {row.name: list(row.values) for row in rows}


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {key: _value(value) for key, value in record.items()}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_text(value)
    return value.isoformat() if isinstance(value, date) else value
