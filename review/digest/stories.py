"""Digest stories: rows of the archive become stories, each told once."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import attrs

from review.digest.citation import web_address
from review.digest.records import Copy, Sentence, Story
from review.digest.sentences import best_sentences, mark
from storage.digest import DigestQuestions
from storage.records import THEMES
from storage.times import from_text, to_text

TITLE_WEIGHT = 3
"""A theme that fires in the title counts as often as in three sentences."""

Row = Mapping[str, Any]


@attrs.frozen(kw_only=True)
class Evidence:
    """What the archive holds about the articles that stand for the stories."""

    texts: Mapping[int, str]
    matches: Mapping[int, Sequence[Row]]
    partners: Mapping[tuple[int, str], int]


def new_stories(
    questions: DigestQuestions, since: datetime, until: datetime
) -> tuple[list[Story], int]:
    """Return the new stories, and how many new copies there are of stories reported earlier.

    Stories whose last verdict is irrelevant are left out.
    """
    rows = sorted(questions.articles_of_stories(since, until), key=lambda row: row["story"])
    members = [list(group) for _, group in groupby(rows, key=lambda row: row["story"])]
    wanted = [story for story in members if _last_verdict(story) != "irrelevant"]
    start = to_text(since)
    new = [story for story in wanted if not _reported_before(story, start)]
    evidence = _evidence(questions, [_speaker(story)["id"] for story in new])
    copies = sum(
        row["first_seen"] >= start
        for story in wanted
        if _reported_before(story, start)
        for row in story
    )
    return [_story(story, evidence) for story in new], copies


def _evidence(questions: DigestQuestions, articles: list[int]) -> Evidence:
    matches = groupby(questions.matches(articles), key=lambda row: row["article"])
    return Evidence(
        texts=questions.texts(articles),
        matches={article: list(rows) for article, rows in matches},
        partners=questions.partners(articles),
    )


def _counts(row: Row) -> bool:
    """Whether an article is reported: flagged, or accepted by a reviewer who found it otherwise."""
    return bool(row["flagged"]) or row["verdict"] == "relevant"


def _reported_before(story: Sequence[Row], since: str) -> bool:
    return any(_counts(row) and row["first_seen"] < since for row in story)


def _judged(story: Sequence[Row]) -> Row | None:
    """Return the article of a story that bears its latest verdict."""
    judged = [row for row in story if row["verdict_id"] is not None]
    return max(judged, key=lambda row: row["verdict_id"], default=None)


def _last_verdict(story: Sequence[Row]) -> str | None:
    row = _judged(story)
    return None if row is None else row["verdict"]


def _speaker(story: Sequence[Row]) -> Row:
    """Return the article that stands for a story: accepted, of the ordinary press, best scored, first."""
    return min(
        filter(_counts, story),
        key=lambda row: (
            row["verdict"] != "relevant",
            row["alignment"] is not None,
            -row["score"],
            row["id"],
        ),
    )


def _story(story: Sequence[Row], evidence: Evidence) -> Story:
    row, judged = _speaker(story), _judged(story) or {}
    matches = evidence.matches.get(row["id"], ())
    sentences, more = best_sentences(evidence.texts[row["id"]], _in_field(matches, "text"))
    themes, countries = tuple(json.loads(row["themes"])), tuple(json.loads(row["countries"]))
    return Story(
        id=row["id"],
        urn=uuid.uuid5(
            uuid.NAMESPACE_URL, min(story, key=lambda one: one["id"])["canonical_url"]
        ).urn,
        title=_whole(row["title"], _in_field(matches, "title")),
        url=web_address(row["url"]),
        outlet=row["outlet"],
        outlet_country=row["outlet_country"],
        alignment=row["alignment"],
        authors=tuple(json.loads(row["authors"])),
        published_at=from_text(row["published_at"]) if row["published_at"] else None,
        first_seen=from_text(row["first_seen"]),
        updated_at=from_text(_updated_at(story)),
        standfirst=_standfirst(row, matches),
        sentences=sentences,
        more_sentences=more,
        theme=_main_theme(themes, matches),
        themes=themes,
        country=_main_country(countries, row["id"], evidence.partners),
        countries=countries,
        score=row["score"],
        status=row["status"],
        status_words=row["status_words"],
        verdict=judged.get("verdict"),
        reviewer=judged.get("reviewer"),
        note=judged.get("note"),
        partial=bool(row["partial"]),
        copies=tuple(_copy(other) for other in story if other["id"] != row["id"]),
        independent_sources=row["independent_sources"] or 1,
        agency=row["agency"],
    )


def _in_field(matches: Sequence[Row], field: str) -> list[Row]:
    return [match for match in matches if match["field"] == field]


def _whole(text: str, matches: Sequence[Row]) -> Sentence:
    return mark(text, 0, len(text), matches)


def _standfirst(row: Row, matches: Sequence[Row]) -> Sentence | None:
    if not row["standfirst"]:
        return None
    return _whole(row["standfirst"], _in_field(matches, "lead"))


def _updated_at(story: Sequence[Row]) -> str:
    """Return when the story last had a new article or a new verdict."""
    times: list[str] = [
        row[key] for row in story for key in ("first_seen", "verdict_at") if row[key]
    ]
    return max(times)


def _copy(row: Row) -> Copy:
    return Copy(
        outlet=row["outlet"],
        country=row["outlet_country"],
        alignment=row["alignment"],
        url=web_address(row["url"]),
    )


def _main_theme(themes: Sequence[str], matches: Sequence[Row]) -> str | None:
    """Return the theme that fired in most sentences; of equals the first of `THEMES`."""
    sentences = {
        (match["theme"], match["field"], match["sentence_start"])
        for match in matches
        if match["theme"] in themes
    }
    weights = Counter[str]()
    for theme, field, _ in sentences:
        weights[theme] += TITLE_WEIGHT if field == "title" else 1
    return min(themes, key=lambda theme: (-weights[theme], _rank(theme)), default=None)


def _rank(theme: str) -> int:
    return THEMES.index(theme) if theme in THEMES else len(THEMES)


def _main_country(
    countries: Sequence[str], article: int, partners: Mapping[tuple[int, str], int]
) -> str | None:
    """Return the state that is named most as a partner; of equals the first code."""
    return min(countries, key=lambda code: (-partners.get((article, code), 0), code), default=None)
