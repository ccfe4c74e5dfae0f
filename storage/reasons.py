"""Reasons: the classes of refusal, the same in the archive, in `status` and in the documents."""

from __future__ import annotations

from datetime import timedelta

import attrs


@attrs.frozen
class Reason:
    """Why a page ends without an article."""

    meaning: str
    soft: bool = False
    """Whether it may pass by itself, so that the page is tried again in a later run."""
    host: bool = False
    """Whether the host alone is the cause: it does not count among the page's attempts."""


REASONS = {
    "not_french": Reason("the text is in another language"),
    "extract_short": Reason("no article text was found on the page"),
    "extract_timeout": Reason("reading the page took too long; the worker was stopped"),
    "extract_crash": Reason("reading the page ended the worker"),
    "extract_error": Reason("reading the page failed; the log has the trace, please report it"),
    "empty": Reason("the answer has no content"),
    "not_html": Reason("the answer is not a web page"),
    "soft_404": Reason("the page says that there is no such article"),
    "listing": Reason("the page lists articles and is none"),
    "challenge": Reason(
        "the site asks for proof of a human reader, or for consent to cookies", soft=True
    ),
    "robots": Reason("robots.txt forbids the page"),
    "robots_unavailable": Reason(
        "robots.txt cannot be read, so nothing is asked of the host", soft=True, host=True
    ),
    "other_site": Reason("the address leads to another site"),
    "gone": Reason("status 404 or 410"),
    "forbidden": Reason("status 401, 403, 451 or 999", soft=True),
    "rate_limited": Reason("status 429, or 503 with Retry-After", soft=True, host=True),
    "server_error": Reason("status 5xx", soft=True),
    "http_error": Reason("another status that is not a success"),
    "timeout": Reason("no complete answer in time", soft=True),
    "dns": Reason("the host's name has no address", soft=True, host=True),
    "connect": Reason("the host does not accept connections", soft=True, host=True),
    "tls_invalid": Reason("the host's certificate cannot be verified", soft=True, host=True),
    "bad_http": Reason("the answer is not valid HTTP", soft=True),
    "data_loss": Reason("the answer stops before its announced end", soft=True),
    "decode": Reason("the compressed answer cannot be read"),
    "too_big": Reason("the answer is larger than the limit"),
    "redirect_loop": Reason("too many redirects"),
    "bad_redirect": Reason("a redirect to an address that is not http or https"),
    "blocked_address": Reason("the address is private or local"),
}

GIVE_UP = timedelta(days=14)
"""A page whose host is still the cause after this long is settled."""

BACKOFF = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""How long a page waits after its first, second and third soft refusal; the fourth settles it."""
