"""Outcomes: the class of every way in which a request can fail."""

from __future__ import annotations

import re
import zlib
from gzip import BadGzipFile
from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response

from crawler.addresses import GuardedResolver
from crawler.manners import BAD_ADDRESS, HOST_WAITS, ROBOTS_UNAVAILABLE, is_untrusted

_CLASSES: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadTimeoutError, "timeout"),
    (DownloadConnectionRefusedError, "connect"),
    (DownloadCancelledError, "too_big"),
    (ResponseDataLossError, "data_loss"),
    (UnsupportedURLSchemeError, "bad_redirect"),
    (DownloadFailedError, "bad_http"),
    (EOFError, "decode"),
    (zlib.error, "decode"),
    (BadGzipFile, "decode"),  # an OSError too
    (ValueError, "bad_redirect"),
    (OSError, "connect"),
)
_IGNORED = (
    (ROBOTS_UNAVAILABLE, "robots_unavailable"),
    (HOST_WAITS, "rate_limited"),
    (BAD_ADDRESS, "bad_redirect"),
    ("robots.txt", "robots"),
    ("max redirections", "redirect_loop"),
    ("DOWNLOAD_MAXSIZE", "too_big"),
)
"""Scrapy says why it ignored a request in the message alone."""

_DECOMPRESSORS = ("brotli", "backports.zstd", "compression.zstd", "zstandard")

_REFUSING = 999
"""LinkedIn's own status for a robot, which others copied."""

_CHALLENGE = re.compile(
    rb"<title>\s*(?:just a moment|attention required!|un instant|ddos-guard|one moment, please)"
    rb"|_cf_chl_opt|cf-browser-verification",
    re.IGNORECASE,
)
_CHALLENGE_HEAD = 20_000

HOST_PAUSES = frozenset({"rate_limited", "robots_unavailable"})
HOST_TROUBLE = HOST_PAUSES | {"blocked_address", "connect", "dns", "tls_invalid"}
"""Classes that every address of the same host would end in."""


def class_of_error(error: BaseException, url: str) -> str:
    """Return the class of a request that brought no response; `bad_http` when nothing fits."""
    if (
        isinstance(error, CannotResolveHostError)
        and urlsplit(url).hostname in GuardedResolver.blocked
    ):
        return "blocked_address"
    if is_untrusted(error):
        return "tls_invalid"
    if type(error).__module__.startswith(_DECOMPRESSORS):
        return "decode"
    if isinstance(error, IgnoreRequest):
        return next((reason for words, reason in _IGNORED if words in str(error)), "bad_http")
    return next((reason for kind, reason in _CLASSES if isinstance(error, kind)), "bad_http")


def class_of_response(response: Response) -> str | None:
    """Return the class of a response that holds no page, None for one that may."""
    status = response.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None if response.body.strip() else "empty"
    if _is_challenge(response):
        return "challenge"
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and response.headers.get("Retry-After")
    ):
        return "rate_limited"
    return _class_of_status(status)


def _is_challenge(response: Response) -> bool:
    if response.headers.get("cf-mitigated") == b"challenge":
        return True
    return _CHALLENGE.search(response.body, 0, _CHALLENGE_HEAD) is not None


def _class_of_status(status: int) -> str:
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return "gone"
    if status in (
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
        _REFUSING,
    ):
        return "forbidden"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return "bad_redirect"
    return "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "http_error"
