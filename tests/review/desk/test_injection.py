"""Sixty attempts to run a script from what others write: none runs, none breaks a page."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlite_utils import Database

from review.typography import tied
from storage.records import SourceFacts

HERE = Path(__file__).parent
PAYLOADS = (HERE / "payloads.txt").read_text(encoding="utf-8").splitlines()
LINKS = (
    "javascript:window.pwned=1//https://x.example/",
    "JaVaScRiPt:window.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    " javascript:window.pwned=1",
    "vbscript:window.pwned=1",
    'https://x.example/"onmouseover="window.pwned=1',
    "https://x.example/'><script>window.pwned=1</script>",
    "//evil.example/x",
    "http:///x",
)


def _conftest():
    """Return the module with the drafts; under importlib mode a conftest cannot be imported."""
    spec = importlib.util.spec_from_file_location("desk_drafts", HERE / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def hostile_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive whose every text is a payload."""
    drafts = _conftest()
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    archive = drafts.open_with_sources(path)
    for number, payload in enumerate(PAYLOADS, start=1):
        archive.know_sources([_hostile_source(f"source{number}", payload)])
        drafts.store(
            archive,
            drafts.Draft(
                number=number,
                source=f"source{number}",
                title=payload,
                text=f"{payload}\nAvant {payload} après.\n{payload}",
                standfirst=payload,
                author=payload,
                url=LINKS[number % len(LINKS)],
                score=99 - number,
                words=((payload, "military", None), (payload[:7], "media", None)),
            ),
        )
    archive.close()
    return path


def _hostile_source(slug: str, payload: str) -> SourceFacts:
    return SourceFacts(
        slug=slug, name=payload, country="ML", language="fr", url=f"https://{slug}.example",
        outlet=payload, ownership=payload, alignment=payload, active=True,
    )  # fmt: skip


def _spoil(path: Path) -> None:
    """Write payloads where only a program of ours should write: rules, themes, verdicts, status."""
    db = Database(str(path))
    for number, payload in enumerate(PAYLOADS, start=1):
        hostile = {"payload": payload, "list": json.dumps([payload, "ML"]), "number": number}
        db.execute("update matches set rule = :payload where article = :number", hostile)
        db.execute(
            "update matches set theme = :payload where article = :number and id % 2", hostile
        )
        db.execute(
            "update flags set themes = :list, countries = :list, mentioned = :list, status = :payload,"
            " status_words = :payload, undecided = :list where article = :number",
            hostile,
        )
        db.execute(
            "insert into verdicts (article, verdict, note, reason, themes, countries, reviewer, at)"
            " values (:number, 'relevant', :payload, :payload, :list, :list, :payload,"
            " '2026-11-22T06:30:00Z')",
            hostile,
        )
    db.close()


def test_sixty_payloads_run_nowhere(
    hostile_archive: Path, start_desk: Callable, open_page: Callable
):
    _spoil(hostile_archive)
    desk = start_desk(hostile_archive)
    page = open_page(f"{desk.url}?state=all")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    paths = [f"/-/review?state=all&page={number}" for number in (1, 2, 3)]
    paths += [f"/-/review/article/{number}?done={number}" for number in range(1, len(PAYLOADS) + 1)]
    paths += ["/-/review/article/3/stored", "/-/review/quality", "/-/review/charts"]
    for path in paths:
        page.goto(desk.origin + path)
        assert page.evaluate("window.pwned") is None, path
        assert page.locator("header.top .brand").count() == 1, path
        assert page.locator("img, iframe, object, embed, base, style").count() == 0, path
    assert {request.split("/")[2] for request in requests} == {desk.origin.split("/")[2]}


def test_payloads_are_read_as_they_were_written(hostile_archive, start_desk, open_page):
    desk = start_desk(hostile_archive)
    page = open_page(f"{desk.url}/article/1")
    for number in (1, 16, 27, 53, 59):
        page.goto(f"{desk.url}/article/{number}")
        assert page.locator("article h1").text_content() == tied(PAYLOADS[number - 1])


def test_links_lead_to_the_web_or_nowhere(hostile_archive, start_desk, open_page):
    desk = start_desk(hostile_archive)
    page = open_page(desk.url)
    hosts = set()
    for number in range(1, len(LINKS) + 1):
        page.goto(f"{desk.url}/article/{number}")
        links = page.eval_on_selector_all(
            "a[href]", "all => all.map(a => [a.protocol, a.rel, a.href])"
        )
        outward = [link for link in links if not link[2].startswith(desk.origin)]
        assert {link[0] for link in outward} <= {"http:", "https:"}
        assert all(link[1] == "noopener noreferrer nofollow" for link in outward)
        hosts |= {link[2].split("/")[2] for link in outward}
    assert "x.example" in hosts


@pytest.mark.parametrize("field", ["note", "reviewer", "q", "back", "country"])
def test_payloads_that_reviewers_send_run_nowhere(desk, open_page, field):
    page = open_page(desk.url)
    for payload in PAYLOADS[::6]:
        desk.judge(3, "relevant", note=payload, corrected="1", country=payload, theme=payload)
        desk.post("/-/review/reviewer", {"reviewer": payload, "back": f"/-/review?q={payload}"})
        for path in ("/-/review/article/3", "/-/review", "/-/review/quality"):
            page.goto(f"{desk.origin}{path}?{urlencode({field: payload})}")
            assert page.evaluate("window.pwned") is None, payload
            assert page.locator("header.top .brand").count() == 1, payload


def test_datasettes_own_pages_run_no_payload_either(hostile_archive, start_desk, open_page):
    desk = start_desk(hostile_archive)
    page = open_page(f"{desk.origin}/archive")
    for name in ("articles", "flagged_articles", "sources", "matches", "standing_verdicts"):
        answer = page.goto(f"{desk.origin}/archive/{name}?_size=100")
        assert answer.status == 200, name
        assert page.evaluate("window.pwned") is None, name


def test_feed_is_well_formed_and_holds_no_markup(hostile_archive, start_desk):
    from lxml import etree

    desk = start_desk(hostile_archive)
    feed = etree.fromstring(desk.get("/-/review/atom.xml").content)
    links = feed.xpath("//*[local-name()='link']/@href")
    assert len(feed.xpath("//*[local-name()='entry']")) == len(PAYLOADS)
    assert all(link.startswith(("http://", "https://")) for link in links)
