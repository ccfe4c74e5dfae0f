"""Judging: forms become verdicts, and the reviewer goes on to the next article."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from datasette.utils.asgi import Request, Response

from review.desk.filters import PROBE, Address, read_address
from review.desk.lookup import look_up
from review.desk.session import (
    REVIEWER,
    clean_name,
    keep,
    open_session,
    whole_number,
)
from storage.desk_article import Judgement, judgement
from storage.desk_queue import neighbours
from storage.records import THEMES
from storage.times import now
from storage.verdicts import VERDICTS, Verdict

LONGEST_NOTE = 5000
QUEUE = "/-/review"

Form = Mapping[str, list[str]]


async def record(request: Request) -> Response:
    """Record a verdict and send the reviewer to the next article; only POST writes."""
    session = open_session(request)
    if request.method != "POST":
        return Response.redirect(QUEUE)
    form = await read_form(request)
    address = _address(form)
    article, word = whole_number(_first(form, "article")), _first(form, "verdict")
    if article is None or word not in VERDICTS:
        return session.page("missing.html", status=400)
    flag = await session.archive.read(lambda desk: judgement(desk.db, article))
    if flag is None:
        return session.missing()
    following = neighbours((await look_up(session, address)).order, article)[1]
    verdict = _verdict(form, article, session.reviewer, flag)
    number = await session.archive.write(lambda verdicts: verdicts.record(verdict, now()))
    if session.argument("then") == "stay":
        following = article
    return _go_on(form, address, following, number)


async def undo(request: Request) -> Response:
    """Take back a verdict of this reviewer, the latest when none is named."""
    session = open_session(request)
    if request.method != "POST":
        return Response.redirect(QUEUE)
    form = await read_form(request)
    number = whole_number(_first(form, "number"))
    article = await session.archive.write(
        lambda verdicts: verdicts.withdraw(session.reviewer, now(), number)
    )
    address = _address(form)
    if article is None:
        return Response.redirect(f"{QUEUE}{address.query()}", status=303)
    return Response.redirect(f"{QUEUE}/article/{article}{address.query(undone=1)}", status=303)


async def choose_reviewer(request: Request) -> Response:
    """Keep the name under which this browser judges."""
    session = open_session(request)
    if request.method != "POST":
        return Response.redirect(QUEUE)
    form = await read_form(request)
    response = Response.redirect(_own_page(_first(form, "back")), status=303)
    keep(response, REVIEWER, clean_name(_first(form, "reviewer") or "") or session.desk.reviewer)
    return response


async def read_form(request: Request) -> Form:
    """Return the fields of a form, empty ones too; what is not UTF-8 is replaced."""
    body = (await request.post_body()).decode("utf-8", "replace")
    return parse_qs(body, keep_blank_values=True)


def _verdict(form: Form, article: int, reviewer: str, flag: Judgement) -> Verdict:
    return Verdict(
        article=article,
        verdict=_first(form, "verdict") or "",
        reviewer=reviewer,
        note=_note(form),
        themes=_correction(form, "theme", flag.themes, THEMES),
        countries=_correction(form, "country", flag.countries, None),
        asked_by="probe" if _first(form, "asked_by") == PROBE and not flag.flagged else "queue",
    )


def _correction(
    form: Form, field: str, present: tuple[str, ...], allowed: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    """Return what the form corrects of a list, None when it asks for no other than the flag's."""
    if "corrected" not in form:
        return None
    given = [value for value in form.get(field, []) if _is_key(value, allowed)]
    chosen = tuple(dict.fromkeys(given))
    return None if set(chosen) == set(present) else chosen


def _is_key(value: str, allowed: tuple[str, ...] | None) -> bool:
    if allowed is not None:
        return value in allowed
    return len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()


def _note(form: Form) -> str | None:
    note = (_first(form, "note") or "").replace("\r\n", "\n").replace("\x00", "").strip()
    return note[:LONGEST_NOTE] or None


def _go_on(form: Form, address: Address, following: int | None, number: int) -> Response:
    if _first(form, "from") == "queue":
        anchor = f"#a{following}" if following else ""
        return Response.redirect(f"{QUEUE}{address.query(done=number)}{anchor}", status=303)
    page = f"/article/{following}" if following else ""
    return Response.redirect(f"{QUEUE}{page}{address.query(done=number)}", status=303)


def _address(form: Form) -> Address:
    query = (_first(form, "back") or "").partition("?")[2]
    return read_address({key: values[0] for key, values in parse_qs(query).items()})


def _own_page(back: str | None) -> str:
    """Return a page of the desk to go back to, whatever the form says."""
    parts = urlsplit(back or "")
    own = not parts.scheme and not parts.netloc and parts.path.startswith(QUEUE)
    return parts._replace(fragment="").geturl() if own else QUEUE


def _first(form: Form, name: str) -> str | None:
    values = form.get(name)
    return values[0] if values else None
