"""Intake: hostile text through every way into the archive, and what is in the columns then."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.archive import Archive
from storage.intake import ADDRESS, HEADER, HEADERS, LINE, NAME, TEXT, clean_reading
from storage.records import FeedState, Link, Published, Reading, Refusal, SourceFacts
from storage.steps import Answer
from storage.verdicts import NOTE, Verdict, Verdicts
from storage.window import Window

Make = Callable[..., Reading]
HOSTILE = {
    "NUL": "a\x00b",
    "controls": "a\x07b\x1b[31mc\x9bd",
    "lone surrogates": "a\ud83db\udfffc",
    "direction overrides": "a\u202eb\u2066c\u200f",
    "invisible": "ru\u200bss\u00adie\ufeff\u2060",
    "non-characters": "a\ufffeb\uffffc",
    "decomposed": "Se\u0301ne\u0301gal",
    "line breaks": "a\r\nb\x85c\u2028d",
    "over-long": "é " * 15_000,
    "nothing but controls": "\x00\u202e",
}
FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069"
    r"\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
OURS = {"rule_sets.text", "flags.arithmetic"}
"""Columns that hold what this program wrote itself, of any length."""
LONGEST = {"articles.text": TEXT, "revisions.text": TEXT, "raw_pages.headers": HEADERS * (HEADER + NAME),
           "verdicts.note": NOTE}  # fmt: skip
"""Characters in a column at most; the others hold lines, addresses, or lists of names."""
LISTS = LINE * 10


def write_everywhere(archive: Archive, make: Make, text: str, now: datetime) -> None:
    """Bring one hostile text into every column that text from outside reaches."""
    address = f"https://matin.example/{text}"
    archive.know_sources([
        SourceFacts(
            slug="hostile", name=text, country="ML", language="fr", url=address, outlet=text,
            ownership=text, alignment=None, active=True,
        )
    ])  # fmt: skip
    link = Link(url=address, discovered_by="feed", title=text, published_hint=text)
    archive.queue.add("matin", [link], now)
    state = FeedState(
        url=address, source="matin", kind="feed", etag=text, last_modified=text, body_hash="0",
        problem=text,
    )  # fmt: skip
    archive.feeds.remember(state, [link], now)
    refusal = Refusal(source="matin", queued_url=address, reason="timeout", detail=text)
    archive.queue.refuse(refusal, now)
    archive.hosts.wait(f"{text}.example", now + timedelta(hours=1), text, now)
    archive.articles.store(_reading(make, text, now), now)
    archive.revisions.revise(1, _reading(make, f"{text} de plus", now), None, now)
    verdicts = Verdicts(archive.db)
    verdicts.record(
        Verdict(
            article=1, verdict="unsure", reviewer=text, note=text, reason=text, themes=(text,),
            countries=(text,),
        ),
        now,
    )  # fmt: skip
    verdicts.withdraw(text, now)
    backfill = archive.backfills.begin(
        "matin", Window(since=now - timedelta(days=9), until=now), now
    )
    steps = archive.backfills.steps
    archive.backfills.take_way(backfill, "posts", [address], now)
    step = steps.next(backfill, ())
    assert step is not None
    steps.keep_answer(step, Answer(url=address, body=b"", content_type=text))


def _reading(make: Make, text: str, now: datetime) -> Reading:
    reading = make("https://matin.example/h1")
    article = attrs.evolve(
        reading.article, title=text, text=f"{text}\n{text}", standfirst=text, authors=(text,),
        section=text, tags=(text, text), image=f"https://matin.example/{text}",
        url=f"https://matin.example/{text}",
        published=Published(at=now, printed=text, precision="day", origin="meta"),
    )  # fmt: skip
    headers = (("content-type", text), ("etag", text), ("last-modified", text), (text, text))
    return attrs.evolve(reading, article=article, headers=headers * 30, flag=attrs.evolve(
        reading.flag, matches=(), mentions=()))  # fmt: skip


def texts(archive: Archive) -> dict[str, list[str]]:
    """Return the values of every text column of every table."""
    found = {}
    for table in archive.db.tables:
        if table.name.startswith(("_", "sqlite_", "articles_fts")):
            continue
        for column in table.columns:
            if column.type == "TEXT":
                rows = archive.db.execute(
                    f'select "{column.name}" from "{table.name}" where "{column.name}" is not null'  # noqa: S608 - names of the schema
                )
                found[f"{table.name}.{column.name}"] = [value for (value,) in rows]
    return found


def strings(value: str) -> list[str]:
    """Return a text, or the texts of the list that it spells."""
    if not value.startswith(("[", "{")):
        return [value]
    try:
        held = json.loads(value)
    except ValueError:
        return [value]
    return re.findall(r'"((?:[^"\\]|\\.)*)"', json.dumps(held, ensure_ascii=False))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_hostile_text_reaches_a_column(
    archive: Archive, make_reading: Make, now: datetime, text: str
) -> None:
    write_everywhere(archive, make_reading, text, now)

    for column, values in texts(archive).items():
        for value in values:
            assert len(value) <= LONGEST.get(column, max(ADDRESS, LISTS)) or column in OURS, column
            for one in strings(value):
                assert not FORBIDDEN.search(one), (column, one[:80])
                assert not re.search(r"\\u(00[01]|d[89a-f]|20[0-2e])", one), (column, one[:80])
                assert unicodedata.is_normalized("NFC", one), column


def test_every_text_column_that_takes_outside_text_was_written(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    write_everywhere(archive, make_reading, "étranger", now)

    reached = {column for column, values in texts(archive).items() if "étranger" in "".join(values)}
    assert reached >= {
        "articles.title", "articles.standfirst", "articles.text", "articles.authors",
        "articles.published_printed", "articles.section", "articles.tags", "articles.image",
        "articles.url", "revisions.text", "revisions.title", "pages.url", "pages.title_hint",
        "pages.published_hint", "pages.detail", "feeds.url", "feeds.etag", "feeds.last_modified",
        "feeds.problem", "hosts.host", "hosts.reason", "revisits.etag", "revisits.last_modified",
        "raw_pages.headers", "raw_pages.url", "sources.name", "sources.outlet",
        "verdicts.reviewer", "verdicts.note", "verdicts.reason", "verdicts.themes",
        "verdicts.countries", "backfill_steps.address", "backfill_steps.answered_by",
        "backfill_steps.content_type",
    }  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(text=st.text(st.characters(), min_size=1, max_size=40))
def test_what_is_clean_stays_as_it_is(make_reading: Make, now: datetime, text: str) -> None:
    once = clean_reading(_reading(make_reading, text, now))

    assert clean_reading(once) == once
    assert all(len(name) <= NAME for name in once.article.authors)


def test_a_text_is_cut_at_its_limit(make_reading: Make) -> None:
    reading = make_reading()
    article = attrs.evolve(reading.article, text="é" * (TEXT + 5))

    kept = clean_reading(attrs.evolve(reading, article=article)).article.text

    assert len(kept) == TEXT
