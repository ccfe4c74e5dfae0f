"""Outcomes: the class of every way in which a request can fail."""

from __future__ import annotations

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

_CLASSES: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadTimeoutError, "timeout"),
    (DownloadConnectionRefusedError, "connect"),
    (DownloadCancelledError, "too_big"),
    (ResponseDataLossError, "data_loss"),
    (UnsupportedURLSchemeError, "bad_redirect"),
    (DownloadFailedError, "bad_http"),
    (EOFError, "decode"),
    (ValueError, "bad_redirect"),
    (OSError, "connect"),
)
_IGNORED = (
    ("robots.txt", "robots"),
    ("max redirections", "redirect_loop"),
    ("DOWNLOAD_MAXSIZE", "too_big"),
)
"""Scrapy says why it ignored a request in the message alone."""


def class_of_error(error: BaseException, url: str) -> str:
    """Return the class of a request that brought no response; `bad_http` when nothing fits."""
    if (
        isinstance(error, CannotResolveHostError)
        and urlsplit(url).hostname in GuardedResolver.blocked
    ):
        return "blocked_address"
    if "certificate" in str(error).lower():
        return "tls_invalid"
    if isinstance(error, IgnoreRequest):
        return next((reason for words, reason in _IGNORED if words in str(error)), "bad_http")
    return next((reason for kind, reason in _CLASSES if isinstance(error, kind)), "bad_http")


def class_of_response(response: Response) -> str | None:
    """Return the class of a response that holds no page, None for one that may."""
    status = response.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None if response.body.strip() else "empty"
    if response.headers.get("cf-mitigated") == b"challenge":
        return "challenge"
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and response.headers.get("Retry-After")
    ):
        return "rate_limited"
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return "gone"
    if status in (
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    ):
        return "forbidden"
    return "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "http_error"
