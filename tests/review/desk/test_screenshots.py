"""Pictures for the docs, taken of the demo: `VIGIE_SCREENSHOTS=1 pytest tests/review/desk/test_screenshots.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

IMAGES = Path(__file__).parents[3] / "docs" / "images"
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}

pytestmark = pytest.mark.skipif(
    os.environ.get("VIGIE_SCREENSHOTS") != "1", reason="pictures are taken with VIGIE_SCREENSHOTS=1"
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive of the bundled demo."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "crawler", "-q", "demo", "--folder", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "vigie.db"


def _judged(desk) -> None:
    """Give the verdicts that the pictures show."""
    rows = desk.rows(
        "select id, title, score from flagged_articles"
        " where title not like '%consultations%' and title not like '%FACA%' order by score desc"
    )
    for row, verdict in zip(
        rows[3:], ["relevant", "relevant", "irrelevant", "unsure"], strict=False
    ):
        desk.judge(row["id"], verdict, corrected="", note="")
    sample = desk.rows("select article from flags where flagged = 0 limit 4")
    for row in sample:
        desk.judge(row["article"], "irrelevant", asked_by="probe")


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_pictures_are_taken(demo, start_desk, open_page, look):
    desk = start_desk(demo)
    desk.post("/-/review/reviewer", {"reviewer": "Awa"})
    if look == "light":
        _judged(desk)
    (read,) = desk.rows("select id from articles where title like '%FACA%'")
    address = {
        "queue": "/-/review",
        "article": f"/-/review/article/{read['id']}",
        "quality": "/-/review/quality",
        "trends": "/-/review/charts",
    }
    options = {
        "viewport": PHONE if look == "phone" else DESKTOP,
        "color_scheme": "dark" if look == "dark" else "light",
    }
    IMAGES.mkdir(exist_ok=True)
    page = open_page(desk.url, **options)
    page.locator("details.who summary").click()
    page.locator("#reviewer").fill("Awa")
    page.locator(".pop button").click()
    for name, path in address.items():
        page.goto(desk.origin + path)
        target = IMAGES / f"{name}-{look}.png"
        page.screenshot(path=str(target))
        assert target.stat().st_size > 10_000
