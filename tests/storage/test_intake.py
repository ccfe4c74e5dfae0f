"""Intake: hostile text through every way into the archive, and what is in the columns then."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import unquote

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.archive import Archive
from storage.intake import ADDRESS, HEADER, HEADERS, LINE, NAME, TEXT, clean_reading
from storage.records import FeedState, Link, Published, Reading, Refusal, SourceFacts
from storage.runs import Poll
from storage.steps import Answer, Step, Steps
from storage.sweeps import Progress, SweptFile
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
OF_ANY_LENGTH = {"rule_sets.text", "flags.arithmetic"}
"""Columns that hold what this program wrote itself, of any length."""
OUTSIDE = {
    "articles.title", "articles.standfirst", "articles.text", "articles.authors",
    "articles.published_printed", "articles.section", "articles.tags", "articles.image",
    "articles.url", "articles.canonical_url", "revisions.text", "revisions.title",
    "revisions.standfirst", "pages.url", "pages.canonical_url", "pages.title_hint",
    "pages.published_hint", "pages.detail", "feeds.url", "feeds.etag", "feeds.last_modified",
    "feeds.problem", "hosts.host", "hosts.reason", "revisits.etag", "revisits.last_modified",
    "revisits.problem", "raw_pages.headers", "raw_pages.url", "sources.name", "sources.outlet",
    "sources.ownership", "sources.url", "verdicts.reviewer", "verdicts.note", "verdicts.reason",
    "verdicts.themes", "verdicts.countries", "backfills.problem", "backfill_steps.address",
    "backfill_steps.answered_by", "backfill_steps.content_type", "backfill_steps.problem",
    "polls.errors", "runs.command", "runs.reason", "robots.site", "sweeps.file",
}  # fmt: skip
"""Columns that text from outside reaches."""
OURS = {
    "articles.source", "articles.published_at", "articles.published_precision",
    "articles.published_from", "articles.modified_at", "articles.first_seen",
    "articles.last_checked", "articles.language", "articles.digest", "articles.text_digest",
    "articles.agency", "revisions.seen_at", "revisions.digest", "pages.source",
    "pages.discovered_by", "pages.state", "pages.outcome", "pages.reason",
    "pages.next_attempt_at", "pages.queued_at", "pages.settled_at", "feeds.source", "feeds.kind",
    "feeds.body_hash", "feeds.last_polled_at", "feeds.last_worked_at", "feeds.last_new_at",
    "feeds.newest_at", "hosts.not_before", "hosts.noted_at", "revisits.due_at",
    "revisits.gone_at", "raw_pages.fetched_at", "raw_pages.sha256", "sources.slug",
    "sources.country", "sources.language", "sources.alignment", "verdicts.verdict",
    "verdicts.rule_set", "verdicts.at", "verdicts.asked_by", "backfills.source",
    "backfills.since", "backfills.until", "backfills.way", "backfills.begun_at",
    "backfills.last_activity_at", "backfills.ended_at", "backfill_steps.way",
    "backfill_steps.state", "backfill_steps.contents", "polls.source", "polls.started_at",
    "runs.started_at", "runs.ended_at", "runs.rule_set", "runs.profile", "robots.fetched_at",
    "sweeps.selection", "sweeps.updated_at", "schedules.source", "schedules.next_poll_at",
    "schedules.rediscover_at", "clusters.first_seen", "clusters.agency", "rule_sets.digest",
    "rule_sets.version", "rule_sets.first_used", "rule_sets.text", "flags.rule_set",
    "flags.themes", "flags.countries", "flags.mentioned", "flags.undecided", "flags.status",
    "flags.status_words", "flags.arithmetic", "flags.flagged_at", "flags.date", "matches.rule",
    "matches.theme", "matches.field", "matches.words", "matches.term", "matches.masked",
    "mentions.codes", "mentions.field", "mentions.words",
}  # fmt: skip
"""Columns that hold our own codes, digests and times, and pieces of text that is clean already."""
AS_THEY_CAME = {"raw_pages.body", "robots.body", "backfill_steps.answer"}
"""Columns of bytes, kept as a site sent them; whoever reads them decodes them anew."""
PACKED = {"fingerprints.hashes"}
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
    archive.revisits.failed(1, text, now)
    verdicts = Verdicts(archive.db)
    verdicts.record(
        Verdict(
            article=1, verdict="unsure", reviewer=text, note=text, reason=text, themes=(text,),
            countries=(text,),
        ),
        now,
    )  # fmt: skip
    verdicts.withdraw(text, now)
    _write_of_the_past(archive, text, now)
    _write_of_runs(archive, text, now)


def _write_of_the_past(archive: Archive, text: str, now: datetime) -> None:
    first, second, third, kept, fewer = (f"https://matin.example/{n}/{text}" for n in range(5))
    backfills, steps = archive.backfills, archive.backfills.steps
    backfill = backfills.begin("matin", Window(since=now - timedelta(days=9), until=now), now)
    backfills.take_way(backfill, "posts", [first, second, third], now)
    answered, failing, replaced = _next(steps, 3)
    steps.keep_answer(answered, Answer(url=first, body=b"", content_type=text))
    steps.keep(answered, kept, b"[]")
    steps.fail(failing, text, now, may_pass=False)
    steps.replace(replaced, fewer)
    ended = backfills.begin("matin", Window(since=now - timedelta(days=1), until=now), now)
    backfills.end(ended, text, now)


def _next(steps: Steps, count: int) -> list[Step]:
    """Return the open steps of the first backfill."""
    found: list[Step] = []
    for _ in range(count):
        step = steps.next(1, [one.id for one in found])
        assert step is not None
        found.append(step)
    return found


def _write_of_runs(archive: Archive, text: str, now: datetime) -> None:
    run = archive.runs.begin(text, "rules-1", "[[rule]]", now)
    errors = {text: 1, f"{text}\x00": 2}
    archive.runs.record(run, Poll(source="matin", started_at=now, seconds=1, errors=errors))
    archive.runs.end(run, 0, text, now)
    archive.robots.keep(f"https://matin.example/{text}", text.encode("utf-8", "ignore"), now)
    archive.sweeps.reach(SweptFile(f"/data/{text}.warc", 1, 1), "all", Progress(), now)


def _reading(make: Make, text: str, now: datetime) -> Reading:
    reading = make("https://matin.example/h1")
    article = attrs.evolve(
        reading.article, title=text, text=f"{text}\n{text}", standfirst=text, authors=(text,),
        section=text, tags=(text, text), image=f"https://matin.example/{text}",
        url=f"https://matin.example/{text}", canonical_url=f"https://matin.example/h1?{text}",
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
            assert (
                len(value) <= LONGEST.get(column, max(ADDRESS, LISTS)) or column in OF_ANY_LENGTH
            ), column
            for one in strings(value):
                assert not FORBIDDEN.search(one), (column, one[:80])
                assert not re.search(r"\\u(00[01]|d[89a-f]|20[0-2e])", one), (column, one[:80])
                assert unicodedata.is_normalized("NFC", one), column


def test_every_column_that_takes_outside_text_was_written_and_no_other(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    write_everywhere(archive, make_reading, "étranger", now)

    held = texts(archive)

    reached = {name for name, values in held.items() if "étranger" in unquote("".join(values))}
    assert reached == OUTSIDE
    assert set(held) - OUTSIDE == OURS


def test_bytes_from_outside_are_kept_in_three_columns(archive: Archive) -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in archive.db.tables
        for column in table.columns
        if column.type == "BLOB" and not table.name.startswith(("_", "sqlite_", "articles_fts"))
    }

    assert found == AS_THEY_CAME | PACKED


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_kept_under_a_hostile_name_is_found_by_it(
    archive: Archive, make_reading: Make, now: datetime, text: str
) -> None:
    write_everywhere(archive, make_reading, text, now)
    address = f"https://matin.example/{text}"
    (step,) = _next(archive.backfills.steps, 1)

    assert archive.robots.kept(address, now - timedelta(days=1), now) is not None
    assert archive.backfills.steps.kept(step, f"https://matin.example/3/{text}") == b"[]"
    assert archive.hosts.not_before(f"{text}.example", now) == now + timedelta(hours=1)
    assert archive.feeds.state("matin", address, "feed").body_hash == "0"


def test_error_classes_of_which_the_same_is_left_are_added_up(
    archive: Archive, make_reading: Make, now: datetime
) -> None:
    write_everywhere(archive, make_reading, "étranger", now)

    assert archive.runs.polls_of(2)[0]["errors"] == '{"étranger": 3}'


def test_a_file_whose_name_is_no_text_is_swept_once(archive: Archive, now: datetime) -> None:
    file = SweptFile(b"/data/for\xeat.warc".decode("utf-8", "surrogateescape"), 1_000, 7)

    archive.sweeps.reach(file, "all", Progress(1_000, done=True), now)

    assert archive.sweeps.progress(file, "all").done


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
