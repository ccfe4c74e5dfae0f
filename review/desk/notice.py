"""Notice: what just happened, told on the page that comes after it."""

from __future__ import annotations

from functools import partial

import attrs

from review.desk.session import Session
from storage.desk import Desk


@attrs.frozen(kw_only=True)
class Notice:
    """A verdict that was just given or taken back."""

    number: int
    article: int
    title: str
    verdict: str
    withdrawn: bool
    mine: bool
    others: tuple[tuple[str, str], ...]
    """Verdicts of other reviewers that differ from this one."""


async def read_notice(session: Session) -> Notice | None:
    """Return what the address says has just been done (`done=<verdict>`)."""
    number = session.number("done")
    if number is None:
        return None
    return await session.archive.read(partial(_notice, number=number, reviewer=session.reviewer))


def _notice(desk: Desk, number: int, reviewer: str) -> Notice | None:
    row = next(
        desk.db.query(
            """
            select verdicts.article, title, verdict, reviewer,
                   exists (select 1 from verdicts as undo
                            where undo.withdraws = verdicts.id) as withdrawn
              from verdicts join articles on articles.id = verdicts.article
             where verdicts.id = ?
            """,
            [number],
        ),
        None,
    )
    if row is None:
        return None
    others = desk.db.execute(
        """
        select reviewer, verdict from standing_verdicts
         where article = :article and reviewer <> :reviewer and verdict <> :verdict
        """,
        row,
    ).fetchall()
    return Notice(
        number=number,
        article=row["article"],
        title=row["title"],
        verdict=row["verdict"],
        withdrawn=bool(row["withdrawn"]),
        mine=row["reviewer"] == reviewer,
        others=tuple((other[0], other[1]) for other in others),
    )
