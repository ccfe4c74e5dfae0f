"""An archive of invented articles, and the desk over it on a real socket."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import attrs
import pytest
from sqlite_utils import Database

from storage.archive import Archive
from storage.records import Article, Flag, Language, Link, Match, Published, Reading, SourceFacts
from storage.times import now

pytest.importorskip("datasette", reason="the extra [review] is not installed")

import httpx
import uvicorn

from review.desk.access import Access, access_for
from review.desk.app import build_app
from review.desk.server import address_of, bind

OUTLETS = (("matin", "Le Matin du Fleuve", "ML", None), ("soir", "Soir de Lagune", "CI", None),
           ("relais", "Relais du Sahel", None, "russian_network"))  # fmt: skip
PLACES = ("Ségou", "Bouaké", "Parakou", "Maradi", "Kindia", "Abéché", "Bossangoa", "Dolisie")
COUNTRIES = ("ML", "CI", "BJ", "NE", "GN", "TD", "CF", "CG")
FLAGGED, UNFLAGGED = 24, 16


@attrs.frozen(kw_only=True)
class Draft:
    """An article to be written into an archive."""

    number: int
    title: str
    text: str
    source: str = "matin"
    standfirst: str | None = None
    url: str | None = None
    author: str | None = "Awa Traoré"
    score: int = 50
    themes: tuple[str, ...] = ("military",)
    countries: tuple[str, ...] = ("ML",)
    words: tuple[tuple[str, str | None, str | None], ...] = ()
    """What is found in title and text: words, theme, mask."""
    flagged: bool = True
    fingerprint: tuple[int, ...] = ()


def matches_of(draft: Draft) -> tuple[Match, ...]:
    """Return a match for each of the draft's words that stands in its title or text."""
    found = []
    for field, text in (("title", draft.title), ("text", draft.text)):
        for words, theme, masked in draft.words:
            start = text.find(words)
            if start >= 0:
                rule = f"mask:{masked}" if masked else f"{theme or 'core'}-together"
                end = text.find(".", start) + 1 or len(text)
                begin = text.rfind(".", 0, start) + 1
                found.append(
                    Match(
                        rule=rule,
                        theme=theme,
                        field=field,
                        start=start,
                        end=start + len(words),
                        words=words,
                        sentence_start=begin,
                        sentence_end=end,
                        masked=masked,
                    )
                )
    return tuple(found)


def store(archive: Archive, draft: Draft) -> None:
    """Put a draft into an archive, through the queue as a crawl does."""
    url = draft.url or f"https://{draft.source}.example/{draft.number}"
    queued = f"https://{draft.source}.example/{draft.number}"
    at = now() - timedelta(hours=draft.number)
    archive.queue.add(draft.source, [Link(url=queued, discovered_by="feed")], at)
    article = Article(
        source=draft.source, url=url, canonical_url=queued, title=draft.title, text=draft.text,
        standfirst=draft.standfirst, authors=(draft.author,) if draft.author else (),
        published=Published(at=at, printed="hier", precision="minute", origin="meta"),
    )  # fmt: skip
    flag = Flag(
        rule_set="rules-1", flagged=draft.flagged, score=draft.score if draft.flagged else 0,
        themes=draft.themes if draft.flagged else (),
        countries=draft.countries if draft.flagged else (), mentioned=("SN",),
        matches=matches_of(draft), arithmetic=(("strength 2", 32.0), ("title", 18.0)),
        status="agreement" if draft.flagged else None, status_words="accord" if draft.flagged else None,
    )  # fmt: skip
    archive.articles.store(
        Reading(
            queued_url=queued,
            fetched_at=at,
            status=200,
            headers=(),
            article=article,
            language=Language(code="fr", confidence=0.99, certain=True),
            flag=flag,
            text_digest=f"digest {draft.number}",
            fingerprint=draft.fingerprint,
        ),
        at,
    )


def flagged_draft(number: int) -> Draft:
    """Return one of the flagged articles; 1 and 2 are copies of one text."""
    place = PLACES[number % len(PLACES)]
    theme = ("military", "health")[number % 2]
    topic = {"military": "instructeurs russes", "health": "médecins russes"}[theme]
    return Draft(
        number=number,
        title=f"{place} : des {topic} attendus, épisode {number}",
        text=f"Des {topic} sont arrivés à {place}. Un accord a été signé.\n"
        f"À lire aussi : la roulette russe.\nLa foule était là, « nombreuse ».",
        source=("matin", "soir")[number % 2] if number > 2 else ("relais", "matin")[number - 1],
        standfirst=f"Reportage à {place}.",
        score=96 - 2 * number,
        themes=(theme,),
        countries=(COUNTRIES[number % len(COUNTRIES)],),
        words=((topic, theme, None), ("accord", None, None), ("roulette russe", None, "idiom")),
        fingerprint=tuple(range(10)) if number <= 2 else (),
    )


def unflagged_draft(number: int) -> Draft:
    """Return one of the articles that no rule flags; every other one names Russia."""
    about = "La Russie" if number % 2 else "La commune"
    place = PLACES[number % len(PLACES)]
    return Draft(
        number=number,
        title=f"{about} et le marché de {place}, n° {number}",
        text=f"{about} a écrit au maire de {place}. La réponse viendra lundi.",
        flagged=False,
    )


def open_with_sources(path: Path) -> Archive:
    """Return a new archive that knows the outlets and one rule set."""
    archive = Archive.open(path)
    archive.know_sources(
        SourceFacts(
            slug=slug, name=name, country=country, language="fr", url=f"https://{slug}.example",
            outlet="press", ownership="private", alignment=alignment, active=True,
        )
        for slug, name, country, alignment in OUTLETS
    )  # fmt: skip
    archive.runs.begin("test", "rules-1", "[[rule]]", now())
    return archive


@pytest.fixture(scope="session")
def template_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of 24 flagged articles (two are copies) and 16 others."""
    path = tmp_path_factory.mktemp("desk") / "template.db"
    archive = open_with_sources(path)
    for number in range(1, FLAGGED + 1):
        store(archive, flagged_draft(number))
    for number in range(FLAGGED + 1, FLAGGED + UNFLAGGED + 1):
        store(archive, unflagged_draft(number))
    archive.checkpoint()
    archive.close()
    return path


@pytest.fixture
def archive_path(template_archive: Path, tmp_path: Path) -> Path:
    """Return a copy of the archive that the test may write to."""
    return Path(shutil.copy(template_archive, tmp_path / "vigie.db"))


@attrs.define
class RunningDesk:
    """A desk on a socket, and a browserless client of it."""

    path: Path
    url: str
    client: httpx.Client

    @property
    def origin(self) -> str:
        """Return `http://127.0.0.1:port`."""
        return self.url.removesuffix("/-/review")

    def get(self, path: str, **options: object) -> httpx.Response:
        """Get a page of the desk, `/-/review` and what follows."""
        return self.client.get(self.origin + path, **options)  # type: ignore[arg-type]

    def post(self, path: str, form: dict[str, object], **options: object) -> httpx.Response:
        """Post a form as a browser does from one of the desk's pages."""
        headers = {"origin": self.origin, "sec-fetch-site": "same-origin"}
        return self.client.post(self.origin + path, data=form, headers=headers, **options)  # type: ignore[arg-type]

    def judge(self, article: int, verdict: str, **fields: object) -> httpx.Response:
        """Give a verdict."""
        form = {"article": str(article), "verdict": verdict, **fields}
        return self.post("/-/review/verdict", form)

    def rows(self, sql: str, *values: object) -> list[dict[str, object]]:
        """Ask the archive something beside the desk."""
        db = Database(str(self.path))
        found = list(db.query(sql, list(values)))
        db.close()
        return found


@pytest.fixture
def start_desk() -> Iterator[Callable[..., RunningDesk]]:
    """Return a function that starts a desk over an archive; all of them end with the test."""
    running: list[tuple[uvicorn.Server, threading.Thread, httpx.Client]] = []

    def start(path: Path, access: Access | None = None, language: str = "fr") -> RunningDesk:
        app = build_app(path, access or access_for("127.0.0.1", None), "awa", language)
        listener = bind("127.0.0.1", 0)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        client = httpx.Client(timeout=30)
        running.append((server, thread, client))
        return RunningDesk(path=path, url=address_of(listener), client=client)

    yield start
    for server, thread, client in running:
        client.close()
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def desk(archive_path: Path, start_desk: Callable[..., RunningDesk]) -> RunningDesk:
    """Return a desk over a copy of the archive."""
    return start_desk(archive_path)


CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Return a headless Chromium; tests that need it are skipped where there is none.

    It lives for a module, not for the session: while Playwright runs, `asyncio.run` cannot.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium here (apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser) -> Iterator[Callable[..., object]]:
    """Return a function that opens a tab; the test fails when a page breaks a policy or a script."""
    contexts, complaints = [], []

    def open_one(url: str, **options: object) -> object:
        settings = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR", **options}
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        page.goto(url)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
