"""The guard: foreign hosts, foreign pages and strangers are refused before anything is read."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from review.desk.access import access_for

VERDICT = {"article": "3", "verdict": "relevant"}


def _count(desk) -> int:
    return desk.rows("select count(*) as n from verdicts")[0]["n"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no-origin-at-all"),
        pytest.param({"origin": "https://evil.example"}, id="evil-origin"),
        pytest.param({"origin": "null"}, id="null-origin"),
        pytest.param({"sec-fetch-site": "cross-site"}, id="cross-site"),
        pytest.param({"sec-fetch-site": "same-site"}, id="same-site"),
        pytest.param(
            {"sec-fetch-site": "cross-site", "origin": "SELF"}, id="cross-site-own-origin"
        ),
        pytest.param({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, id="lie"),
        pytest.param({"origin": "http://127.0.0.1:1"}, id="another-port"),
        pytest.param({"origin": "SELF.evil.example"}, id="prefix-of-ours"),
    ],
)
def test_verdict_from_another_page_is_refused(desk, headers):
    sent = {name: value.replace("SELF", desk.origin) for name, value in headers.items()}
    answer = desk.client.post(f"{desk.url}/verdict", data=VERDICT, headers=sent)
    assert answer.status_code == 403
    assert _count(desk) == 0


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.7", "localhost.evil.example:80", ""]
)
@pytest.mark.parametrize("path", ["/-/review", "/archive/articles.json", "/-/review/verdict"])
def test_name_rebound_to_this_machine_is_refused(desk, host, path):
    answer = desk.client.get(desk.origin + path, headers={"host": host})
    assert answer.status_code == 421
    assert "Ségou" not in answer.text


def test_post_under_a_rebound_name_is_refused_although_origin_and_host_agree(desk):
    headers = {
        "host": "evil.example",
        "origin": "http://evil.example",
        "sec-fetch-site": "same-origin",
    }
    assert desk.client.post(f"{desk.url}/verdict", data=VERDICT, headers=headers).status_code == 421
    assert _count(desk) == 0


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9999", "[::1]:8001", "LOCALHOST"])
def test_own_names_are_answered(desk, host):
    assert desk.get("/-/review/help", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_other_methods_are_refused(desk, method):
    assert desk.client.request(method, desk.url).status_code == 405


def test_large_form_is_refused(desk):
    answer = desk.judge(3, "relevant", note="x" * 200_000)
    assert answer.status_code == 413
    assert _count(desk) == 0


def test_form_of_unknown_length_is_refused(desk):
    headers = {"origin": desk.origin, "content-type": "application/x-www-form-urlencoded"}
    answer = desk.client.post(
        f"{desk.url}/verdict", content=iter([b"article=3&verdict=relevant"]), headers=headers
    )
    assert answer.status_code == 411
    assert _count(desk) == 0


PAGES = [
    "/", "/-/review", "/-/review/article/3", "/-/review/article/3/stored", "/-/review/quality",
    "/-/review/charts", "/-/review/atom.xml", "/-/review/help", "/-/review/verdict", "/-/review/undo",
    "/-/review/reviewer", "/archive", "/archive/articles", "/archive/review_queue",
    "/archive/relevant_articles", "/-/versions.json", "/-/review/article/999",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_get_never_writes_and_always_has_the_headers(desk, path):
    answer = desk.get(f"{path}?article=3&verdict=relevant&reviewer=x&number=1")
    assert answer.status_code in (200, 302, 404)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert _count(desk) == 0


@pytest.mark.parametrize("path", PAGES[:8])
def test_own_pages_have_no_inline_script_or_style(desk, path):
    answer = desk.get(path, follow_redirects=True)
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    assert "'nonce-" not in answer.headers["content-security-policy"]
    assert "<script>" not in answer.text
    assert "<style" not in answer.text
    assert "style=" not in answer.text


def test_password_is_asked_for_and_gives_the_reviewer_a_name(
    archive_path: Path, start_desk: Callable
):
    desk = start_desk(archive_path, access_for("0.0.0.0", "a long enough secret"))  # noqa: S104
    assert desk.get("/-/review").status_code == 401
    assert desk.get("/archive/articles.json").status_code == 401
    assert desk.get("/-/review", headers=_basic("awa", "a wrong one indeed")).status_code == 401
    answer = desk.get("/-/review", headers=_basic("Aïcha", "a long enough secret"))
    assert answer.status_code == 200
    assert "Aïcha" in answer.text


@pytest.mark.parametrize(
    "authorization", ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer x", "Basic /////w=="]
)
def test_garbage_for_a_password_is_no_password(archive_path, start_desk, authorization):
    desk = start_desk(archive_path, access_for("127.0.0.1", "a long enough secret"))
    assert desk.get("/-/review", headers={"authorization": authorization}).status_code == 401


def test_desk_on_a_network_answers_to_addresses_but_not_to_foreign_names():
    access = access_for("0.0.0.0", "a long enough secret", ("vigie.example",))  # noqa: S104
    assert access.allows_host("192.168.1.20:8001")
    assert access.allows_host("vigie.example")
    assert not access.allows_host("evil.example")


def _basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}
