"""Guard: what stands before every page of the desk, Datasette's own included.

Datasette 0.65 lets a page of any other site post to it when no cookie is set, and answers to any
Host, so that a name rebound to 127.0.0.1 reads the archive. Both end here.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from typing import Any

from review.desk.access import Access

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OWN_PAGES = "/-/review"
LARGEST_BODY = 100_000
SAFE_METHODS = frozenset({"GET", "HEAD"})
METHODS = SAFE_METHODS | {"POST"}

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # `no-referrer` would make browsers send `Origin: null` with our own forms.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

nonce: ContextVar[str] = ContextVar("nonce")
"""The word of this answer that allows the inline scripts of Datasette's own templates."""


class Guard:
    """Refuse foreign hosts, foreign pages and strangers; add the security headers to the rest."""

    def __init__(self, app: App, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI wants it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        word = secrets.token_urlsafe(16)
        nonce.set(word)
        guarded = _with_headers(send, _policy(scope["path"], word))
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, guarded)
        else:
            await _answer(guarded, *refusal)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and sentence for a request that is not to be served."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        host = headers.get("host", "")
        if not self._access.allows_host(host):
            return 421, f"This desk is not called {host[:100]!r}; see vigie review --name."
        if scope["method"] not in METHODS:
            return 405, "This desk knows GET, HEAD and POST."
        if scope["method"] == "POST" and (refusal := _refused_form(headers, host)):
            return refusal
        if not self._access.allows_credentials(headers.get("authorization")):
            return 401, "The desk's password, please; any user name will do."
        return None


def _refused_form(headers: dict[str, str], host: str) -> tuple[int, str] | None:
    """Return why a form is not taken, None when it is."""
    if not _is_from_here(headers, host):
        return 403, "Verdicts are taken from the desk's own pages alone."
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()):
        return 411, "How long is it?"
    if int(length[:20]) > LARGEST_BODY:
        return 413, "Too much at once."
    return None


def _is_from_here(headers: dict[str, str], host: str) -> bool:
    """Whether the browser says that one of our own pages sent this.

    What says nothing of where it comes from is refused: every browser of today says it.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return False
    if site not in (None, "same-origin", "none"):
        return False
    return origin is None or origin in (f"http://{host}", f"https://{host}")


def _policy(path: str, word: str) -> str:
    if path == "/" or path.startswith(OWN_PAGES):
        return CSP
    # Datasette's templates have inline scripts (they carry the nonce, see `review.desk.app`),
    # inline style sheets, and style attributes for the colour of a database.
    return CSP.replace("script-src 'self'", f"script-src 'self' 'nonce-{word}'").replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    )


def _with_headers(send: Send, policy: str) -> Send:
    extra = (*HEADERS, (b"content-security-policy", policy.encode()))
    names = {name for name, _ in extra}

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
            message["headers"] = [*kept, *extra]
        await send(message)

    return guarded


async def _answer(send: Send, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Vigie", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})
