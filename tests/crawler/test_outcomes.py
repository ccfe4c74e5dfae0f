from __future__ import annotations

import pytest
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
from crawler.outcomes import class_of_error, class_of_response
from storage.reasons import REASONS

URL = "https://matin.example/a"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CannotResolveHostError("no results"), "dns"),
        (DownloadTimeoutError(), "timeout"),
        (DownloadConnectionRefusedError(), "connect"),
        (DownloadCancelledError("larger than the limit"), "too_big"),
        (ResponseDataLossError(), "data_loss"),
        (DownloadFailedError("malformed"), "bad_http"),
        (DownloadFailedError("[('SSL routines', '', 'certificate verify failed')]"), "tls_invalid"),
        (UnsupportedURLSchemeError("ftp"), "bad_redirect"),
        (IgnoreRequest("Forbidden by robots.txt"), "robots"),
        (IgnoreRequest("max redirections reached"), "redirect_loop"),
        (IgnoreRequest("Ignored response because exceeded DOWNLOAD_MAXSIZE"), "too_big"),
        (EOFError("Compressed file ended"), "decode"),
        (ValueError("invalid port"), "bad_redirect"),
        (RuntimeError("unheard of"), "bad_http"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_every_error_has_a_class_of_the_list(error: Exception, reason: str) -> None:
    assert class_of_error(error, URL) == reason
    assert reason in REASONS


def test_a_name_that_the_guard_refused_is_not_an_unknown_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(GuardedResolver, "blocked", {"inside.example"})

    assert class_of_error(CannotResolveHostError(), "http://inside.example/a") == "blocked_address"


@pytest.mark.parametrize(
    ("status", "headers", "body", "reason"),
    [
        (200, {}, b"<p>", None),
        (200, {}, b" \n", "empty"),
        (404, {}, b"x", "gone"),
        (410, {}, b"x", "gone"),
        (401, {}, b"x", "forbidden"),
        (403, {}, b"x", "forbidden"),
        (403, {"cf-mitigated": "challenge"}, b"x", "challenge"),
        (451, {}, b"x", "forbidden"),
        (429, {}, b"x", "rate_limited"),
        (503, {"Retry-After": "7"}, b"x", "rate_limited"),
        (503, {}, b"x", "server_error"),
        (500, {}, b"x", "server_error"),
        (999, {}, b"x", "forbidden"),
        (418, {}, b"x", "http_error"),
        (302, {}, b"", "bad_redirect"),
    ],
)
def test_a_response_without_a_page_has_a_class(
    status: int, headers: dict[str, str], body: bytes, reason: str | None
) -> None:
    assert class_of_response(Response(URL, status=status, headers=headers, body=body)) == reason
    assert reason is None or reason in REASONS
