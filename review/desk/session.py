"""Session: who asks, in which language, and how an answer is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

import attrs
from datasette.utils.asgi import Request, Response

from review.desk.access import credentials
from review.desk.desk_archive import DeskArchive
from review.desk.filters import Address, read_address
from review.desk.phrases import desk_words, preferred_language
from review.desk.rendering import render
from review.digest.words import LANGUAGES, Words

REVIEWER, LANGUAGE = "vigie_reviewer", "vigie_lang"
LONGEST_NAME = 60
A_YEAR = 365 * 24 * 3600


@attrs.frozen(kw_only=True)
class DeskState:
    """What lives as long as the desk; every request finds it in its scope."""

    archive: DeskArchive
    reviewer: str
    """Who judges when nobody gave a name."""
    language: str | None = None
    """The language of the desk, None to follow the browser."""


@attrs.frozen(kw_only=True)
class Session:
    """One request: its words, its reviewer, its filters."""

    request: Request
    desk: DeskState
    words: Words
    reviewer: str
    address: Address

    @property
    def archive(self) -> DeskArchive:
        """The archive, for questions and verdicts."""
        return self.desk.archive

    def argument(self, name: str) -> str | None:
        """Return an argument of the address, None when it is missing or empty."""
        return self.request.args.get(name) or None

    def number(self, name: str) -> int | None:
        """Return an argument that is a number SQLite can hold, else None."""
        return whole_number(self.argument(name))

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Return a page of the desk."""
        html = render(template, session=self, w=self.words, address=self.address, **values)
        response = Response.html(html, status=status, headers={"cache-control": "no-store"})
        if self.request.args.get("lang") in LANGUAGES:
            keep(response, LANGUAGE, self.words.language)
        return response

    def missing(self) -> Response:
        """Return the page that says that there is nothing at this address."""
        return self.page("missing.html", status=404)


def open_session(request: Request) -> Session:
    """Return the session of a request."""
    desk: DeskState = request.scope["vigie"]
    return Session(
        request=request,
        desk=desk,
        words=desk_words(_language(request, desk)),
        reviewer=_reviewer(request, desk),
        address=read_address(first_values(request)),
    )


def keep(response: Response, cookie: str, value: str) -> None:
    """Set a cookie of ours: never sent by another site's page, out of reach of scripts."""
    response.set_cookie(
        cookie, quote(value), max_age=A_YEAR, httponly=True, samesite="strict", path="/"
    )


def first_values(request: Request) -> Mapping[str, str]:
    """Return the arguments of an address, the first of each name."""
    return {name: request.args.get(name) for name in request.args.keys()}  # noqa: SIM118 - no mapping


def whole_number(text: str | None) -> int | None:
    """Return a number that SQLite can hold, None for anything else."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 18:
        return None
    return int(text)


def clean_name(name: str) -> str:
    """Return a reviewer's name on one line, without control characters and not too long."""
    printable = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(printable.split())[:LONGEST_NAME]


def _language(request: Request, desk: DeskState) -> str:
    for language in (request.args.get("lang"), request.cookies.get(LANGUAGE), desk.language):
        if language in LANGUAGES:
            return str(language)
    return preferred_language(request.headers.get("accept-language", ""))


def _reviewer(request: Request, desk: DeskState) -> str:
    """Return the name in the cookie, else the user name of the password, else the desk's own."""
    chosen = clean_name(unquote(request.cookies.get(REVIEWER, "")))
    given = credentials(request.headers.get("authorization"))
    return chosen or clean_name(given[0] if given else "") or desk.reviewer
