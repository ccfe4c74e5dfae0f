"""An invented morning: the sample of docs/digest.md and its pictures come from here."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from review.digest.html_page import digest_page
from review.digest.markdown import digest_markdown
from review.digest.words import words

if TYPE_CHECKING:
    from conftest import Press
    from playwright.sync_api import Browser

DOCS = Path(__file__).parents[3] / "docs"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
FRENCH = words("fr")

OUTLETS = (
    ("aube", "L’Aube du Djoliba", "ML", None),
    ("horizon", "Faso Horizon", "BF", None),
    ("rameau", "Le Rameau de Bangui", "CF", None),
    ("perspectives", "Dakar Perspectives", "SN", None),
    ("logone", "Tribune du Logone", "TD", None),
    ("eurasie", "Relais d’Eurasie", None, "russian_network"),
)
ARMOUR = (
    "Dix véhicules blindés livrés par la Russie sont arrivés samedi à Sévaré.\n"
    "L’attaché de défense de l’ambassade de Russie a remis les clés au chef d’état-major."
)
HISTORY = (
    ("military", "ML", (4, 3, 5, 4, 6, 2, 5, 7, 4, 6, 8, 5)),
    ("mining", "BF", (1, 0, 2, 1, 0, 3, 1, 0, 2, 1, 1, 2)),
    ("energy", "NE", (0, 1, 0, 0, 2, 4, 3, 1, 0, 1, 2, 1)),
    ("education", "CF", (2, 2, 1, 0, 0, 0, 1, 3, 5, 2, 1, 0)),
    ("food", "TD", (0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 0)),
)


@pytest.fixture
def morning(press: Press) -> Press:
    """Six invented outlets with twelve weeks behind them, and this morning's three stories."""
    press.archive.db.execute("update sources set active = 0")
    for slug, name, country, alignment in OUTLETS:
        press.outlet(slug, name, country, alignment)
    _polls(press)
    _past(press)
    _today(press)
    return press


def _polls(press: Press) -> None:
    for back in range(41, 0, -1):
        for slug, *_ in OUTLETS:
            idle = slug == "horizon" and back < 4
            press.poll(slug, press.clock - back * DAY - HOUR, new=0 if idle else 8)
    press.poll("horizon", press.clock - HOUR)
    for slug in ("aube", "rameau", "eurasie"):
        press.poll(slug, press.clock - HOUR, new=8)
    press.poll("perspectives", press.clock - HOUR, {"source_failed": 1, "feed_dns": 2})
    press.poll("logone", press.clock - HOUR, {"source_failed": 1, "feed_challenge": 1})


def _past(press: Press) -> None:
    slugs = ("aube", "horizon", "rameau")
    for theme, country, weeks in HISTORY:
        for back, number in enumerate(reversed(weeks)):
            for item in range(number):
                day = press.clock - back * WEEK - (item % 5 + 1) * DAY - 2 * HOUR
                press.publish(slugs[item % 3], seen=day, themes=(theme,), countries=(country,))
    for back in range(1, 12):
        for item in range(7):
            day = press.clock - back * WEEK - 3 * HOUR
            press.publish(slugs[item % 2], seen=day + item * DAY, flagged=False)
        for _ in range(8):
            press.publish("horizon", seen=press.clock - back * WEEK - 3 * HOUR, flagged=False)
    press.publish("perspectives", seen=press.clock - 12 * DAY, flagged=False)


def _today(press: Press) -> None:
    first = press.publish(
        "aube", slug="blindes-sevare", copy_of="blindes", score=91, status="delivered",
        title="Sévaré : l’armée malienne reçoit dix blindés livrés par la Russie",
        standfirst="La cérémonie s’est tenue au camp Hamadoun-Bocari-Barry.",
        text=ARMOUR,
        mark="armée malienne|blindés|livrés par la Russie|Sévaré|ambassade de Russie|chef d’état-major",
        authors=("Oumar Kanté",),
    )  # fmt: skip
    press.archive.db.execute(
        "update flags set status_words = 'livrés par la Russie' where article = ?", [first]
    )
    press.publish("eurasie", slug="blindes-mali", text=ARMOUR, copy_of="blindes", authors=())
    press.judge(first, "relevant", note="chiffre à recouper avec le ministère")
    press.publish(
        "rameau", slug="rosatom-mission", score=74, themes=("nuclear", "energy"), countries=("CF",),
        title="Bangui : une mission de Rosatom attendue pour étudier une petite centrale",
        text="Une mission de Rosatom est attendue à Bangui avant la fin de l’année.\n"
             "Le ministère de l’Énergie parle d’« une étude, rien de plus ».",
        mark="Bangui|Rosatom|centrale|ministère de l’Énergie", authors=("Clarisse Yakité",),
    )  # fmt: skip
    press.refuse("rameau", "not_french", pages=2)
    press.refuse("aube", "gone")


def test_the_sample_in_the_documents_is_what_the_program_writes(morning: Press) -> None:
    sample = digest_markdown(morning.digest(), FRENCH)

    page = (DOCS / "digest.md").read_text(encoding="utf-8")
    _, _, rest = page.partition("````markdown\n")
    assert rest.partition("````")[0] == sample


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_the_page(morning: Press, tmp_path: Path, scheme: str) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe-core")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    path = tmp_path / "digest.html"
    path.write_text(digest_page(morning.digest(), FRENCH), encoding="utf-8")

    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(color_scheme=scheme)
        page.goto(path.as_uri())
        faults = axe.Axe().run(page).response["violations"]
        browser.close()

    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []


@pytest.mark.skipif(
    os.environ.get("VIGIE_SCREENSHOTS") != "1", reason="pictures are made with VIGIE_SCREENSHOTS=1"
)
def test_pictures_of_the_digest(morning: Press, tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    page = tmp_path / "digest.html"
    page.write_text(digest_page(morning.digest(), FRENCH), encoding="utf-8")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, scheme, width in (
            ("light", "light", 1000),
            ("dark", "dark", 1000),
            ("phone", "light", 390),
        ):
            picture = _picture(browser, page.as_uri(), f"digest-{name}", scheme, width)
            assert picture.stat().st_size > 10_000
        browser.close()


def _picture(browser: Browser, address: str, name: str, scheme: str, width: int) -> Path:
    page = browser.new_page(
        viewport={"width": width, "height": 1500},
        color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
    )
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture = DOCS / "images" / f"{name}.png"
    page.screenshot(path=picture)
    page.close()
    return picture
