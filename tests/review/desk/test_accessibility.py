"""Accessibility: axe-core finds nothing serious, in light and dark, wide and narrow."""

from __future__ import annotations

import pytest

PAGES = ["", "?state=probe", "/article/1", "/article/3/stored", "/quality", "/charts", "/help"]
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}},
}


@pytest.mark.parametrize("look", list(LOOKS))
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_serious_fault(desk, open_page, path, look):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    desk.judge(3, "relevant", note="Bien.", corrected="1", theme="food", country="TG")
    desk.judge(4, "irrelevant")
    desk.judge(5, "unsure")
    page = open_page(f"{desk.url}{path}{'&' if '?' in path else '?'}done=1", **LOOKS[look])
    found = axe.Axe().run(page).response["violations"]
    grave = [
        (fault["id"], [node["target"] for node in fault["nodes"]][:5])
        for fault in found
        if fault["impact"] in ("serious", "critical", "moderate")
    ]
    assert grave == []


def test_focus_is_seen_and_goes_from_the_skip_link_to_the_content(desk, open_page):
    page = open_page(desk.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_what_was_done_is_announced(desk, open_page):
    page = open_page(f"{desk.url}/article/3")
    with page.expect_navigation():
        page.keyboard.press("r")
    assert page.locator("[role=status]").text_content().strip().startswith("Jugé pertinent")


def test_marks_are_told_by_more_than_colour(desk, open_page):
    page = open_page(f"{desk.url}/article/3")
    assert "health-together" in page.locator("article mark.t-health[title]").first.get_attribute(
        "title"
    )
    assert "ne compte pas" in page.locator("article span.masked[title]").first.get_attribute(
        "title"
    )
