"""Steps: the addresses to ask on the way through a window of the past, and what they answered."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import attrs
from sqlite_utils import Database

from storage.cleaning import clean_line
from storage.connection import writing
from storage.intake import NAME, clean_address, clean_or_none
from storage.times import to_text

MAX_STEPS = 5000
"""Of one backfill; sitemaps that list sitemaps without end stop here."""
ATTEMPTS = 3
"""After so many failures that might have passed, a step is left."""


@attrs.frozen(kw_only=True)
class Answer:
    """What an address answered, as it came."""

    url: str
    """The address it came from, after redirects."""
    body: bytes
    content_type: str | None
    announced: int | None = None
    """How many pages of posts the site says there are."""


@attrs.frozen(kw_only=True)
class Step:
    """One address to ask on the way through a window."""

    id: int
    backfill: int
    way: str
    address: str
    answer: Answer | None
    """What it answered, while that is not settled."""


@attrs.frozen(kw_only=True)
class Contents:
    """What an answer leads to."""

    found: int = 0
    """Articles that may be of the window."""
    further: tuple[str, ...] = ()
    """Addresses of further steps."""
    left_out: int = 0
    """Articles it announces that are not of the window."""
    digest: str | None = None
    """Stands for the articles it announces; an answer that repeats another has the same."""


@attrs.frozen(kw_only=True)
class WayFacts:
    """How one way went so far."""

    found: int
    """Articles of the window that it announced."""
    worked: int
    """Steps that could be read."""
    failed: int
    """Steps that could not."""
    open: int
    """Steps still to go."""


class Steps:
    """The `backfill_steps` table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def facts(self, backfill: int, way: str) -> WayFacts:
        """Return how a way went so far."""
        row = self._db.execute(
            """
            select coalesce(sum(found), 0), count(*) filter (where contents is not null),
                   count(*) filter (where problem is not null),
                   count(*) filter (where state <> 'done')
              from backfill_steps where backfill = ? and way = ?
            """,
            [backfill, way],
        ).fetchone()
        return WayFacts(found=row[0], worked=row[1], failed=row[2], open=row[3])

    def next(self, backfill: int, besides: Collection[int]) -> Step | None:
        """Return the step to go on the present way: one that was answered, else the first open.

        `besides` are steps that failed in this run.
        """
        rows = self._db.query(
            """
            select backfill_steps.* from backfill_steps
              join backfills on backfills.id = backfill and backfills.way = backfill_steps.way
             where backfill = :backfill and state <> 'done'
               and backfill_steps.id not in (select value from json_each(:besides))
             order by state, backfill_steps.id limit 1
            """,
            {"backfill": backfill, "besides": json.dumps(list(besides))},
        )
        return next((_step(row) for row in rows), None)

    def add(self, backfill: int, way: str, addresses: Iterable[str]) -> None:
        """Add the steps that are not known yet."""
        values = {
            "backfill": backfill,
            "way": way,
            "addresses": json.dumps([clean_address(one) for one in addresses]),
            "most": MAX_STEPS,
        }
        with writing(self._db):
            self._db.execute(
                """
                insert into backfill_steps (backfill, way, address)
                select :backfill, :way, value from json_each(:addresses)
                 where key < :most
                     - (select count(*) from backfill_steps where backfill = :backfill)
                on conflict (backfill, way, address) do nothing
                """,
                values,
            )

    def keep_answer(self, step: Step, answer: Answer) -> None:
        """Keep what an address answered until it is settled."""
        with writing(self._db):
            self._db.execute(
                """
                update backfill_steps set state = 'answered', problem = null,
                       answered_by = :url, content_type = :content_type, announced = :announced,
                       answer = :body
                 where id = :id
                """,
                attrs.asdict(answer)
                | {
                    "id": step.id,
                    "url": clean_address(answer.url),
                    "content_type": clean_or_none(answer.content_type, NAME),
                },
            )

    def keep(self, step: Step, address: str, body: bytes) -> None:
        """Keep, until the backfill ends, the answer of another address that steps like this need."""
        with writing(self._db):
            self._db.execute(
                """
                insert into backfill_steps (backfill, way, address, state, answer)
                values (:backfill, :way, :address, 'done', :body)
                on conflict (backfill, way, address) do update set answer = excluded.answer
                """,
                {
                    "backfill": step.backfill,
                    "way": step.way,
                    "address": clean_address(address),
                    "body": body,
                },
            )

    def kept(self, step: Step, address: str) -> bytes | None:
        """Return such an answer, None where it was never asked for."""
        row = self._db.execute(
            "select answer from backfill_steps where backfill = ? and way = ? and address = ?",
            [step.backfill, step.way, clean_address(address)],
        ).fetchone()
        return row[0] if row else None

    def repeats(self, step: Step, digest: str) -> bool:
        """Whether another step of the same way had the same articles."""
        row = self._db.execute(
            """
            select 1 from backfill_steps
             where backfill = ? and way = ? and contents = ? and id <> ? limit 1
            """,
            [step.backfill, step.way, digest, step.id],
        ).fetchone()
        return row is not None

    def note(self, step: Step, contents: Contents, now: datetime) -> None:
        """Note what an answer leads to and add the further steps, in one transaction."""
        with writing(self._db):
            self.add(step.backfill, step.way, contents.further)
            self._db.execute(
                """
                update backfill_steps set found = :found, left_out = :left_out, contents = :digest
                 where id = :id
                """,
                {
                    "found": contents.found,
                    "left_out": contents.left_out,
                    "digest": contents.digest or "",
                    "id": step.id,
                },
            )
            touch(self._db, step.backfill, now)

    def replace(self, step: Step, address: str) -> bool:
        """Let a step ask another address in its place; return whether it is not known already."""
        with writing(self._db):
            changed = self._db.execute(
                "update or ignore backfill_steps set address = ? where id = ?",
                [clean_address(address), step.id],
            )
        return changed.rowcount > 0

    def finish(self, step: Step, now: datetime) -> None:
        """Note that all that a step's answer holds is settled."""
        with writing(self._db):
            self._db.execute(
                "update backfill_steps set state = 'done', answer = null where id = ?", [step.id]
            )
            touch(self._db, step.backfill, now)

    def fail(self, step: Step, problem: str, now: datetime, *, may_pass: bool) -> None:
        """Note why a step gave nothing; one that may pass by itself is tried again in later runs."""
        with writing(self._db):
            self._db.execute(
                """
                update backfill_steps
                   set attempts = attempts + 1, problem = :problem, answer = null,
                       state = iif(:may_pass and attempts + 1 < :most, 'open', 'done')
                 where id = :id
                """,
                {
                    "id": step.id,
                    "problem": clean_line(problem, NAME),
                    "may_pass": may_pass,
                    "most": ATTEMPTS,
                },
            )
            touch(self._db, step.backfill, now)

    def drop_open(self, backfill: int, way: str) -> None:
        """Forget the steps of a way that were not gone."""
        with writing(self._db):
            self._db.execute(
                "delete from backfill_steps where backfill = ? and way = ? and state = 'open'",
                [backfill, way],
            )

    def drop(self, backfill: int, addresses: Iterable[str]) -> None:
        """Forget those of some addresses that were not asked."""
        with writing(self._db):
            self._db.execute(
                """
                delete from backfill_steps where backfill = ? and state = 'open'
                   and address in (select value from json_each(?))
                """,
                [backfill, json.dumps([clean_address(one) for one in addresses])],
            )


def touch(db: Database, backfill: int, now: datetime) -> None:
    """Note that something came of a backfill, in the caller's transaction."""
    db.execute("update backfills set last_activity_at = ? where id = ?", [to_text(now), backfill])


def _step(row: dict[str, Any]) -> Step:
    answer = None
    if row["answer"] is not None:
        answer = Answer(
            url=row["answered_by"],
            body=row["answer"],
            content_type=row["content_type"],
            announced=row["announced"],
        )
    return Step(
        id=row["id"],
        backfill=row["backfill"],
        way=row["way"],
        address=row["address"],
        answer=answer,
    )
