"""A reviewer at work in a real browser."""

from __future__ import annotations

import json

import pytest


def press(page, key: str) -> None:
    """Press a key that leads to another page, and wait for that page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_reviewer_reads_twenty_flags_by_keyboard_alone(desk, open_page):
    page = open_page(desk.url)
    page.keyboard.press("j")
    page.keyboard.press("k")
    press(page, "Enter")
    assert page.locator("h1").inner_text().endswith("épisode 1")
    given = []
    for turn in range(20):
        key = "riu"[turn % 3]
        given.append({"r": "relevant", "i": "irrelevant", "u": "unsure"}[key])
        press(page, key)
    rows = desk.rows("select article, verdict from verdicts order by id")
    assert [row["verdict"] for row in rows] == given
    assert [row["article"] for row in rows] == [1, *range(3, 22)]
    assert page.locator("h1").inner_text().endswith("épisode 22")

    press(page, "z")
    assert page.locator("h1").inner_text().endswith("épisode 21")
    assert "Avis annulé" in page.locator("#notice").inner_text()
    assert len(desk.rows("select * from standing_verdicts")) == 19

    page.keyboard.press("n")
    page.keyboard.type("Le thème est l’enseignement, r i u z.")
    page.keyboard.press("Escape")
    page.locator("details.corrections summary").focus()
    page.keyboard.press("Enter")
    page.locator("input[value=education]").focus()
    page.keyboard.press("Space")
    page.locator("input[value=health]").focus()
    page.keyboard.press("Space")
    page.locator("select[name=country]").focus()
    page.keyboard.type("Togo")
    page.keyboard.press("Escape")
    press(page, "r")
    (row,) = desk.rows("select * from standing_verdicts where article = 21")
    assert row["verdict"] == "relevant"
    assert row["note"] == "Le thème est l’enseignement, r i u z."
    assert json.loads(row["themes"]) == ["education"]
    assert set(json.loads(row["countries"])) == {"TD", "TG"}

    page.goto(f"{desk.url}/article/21?state=all")
    page.reload()
    assert page.locator("#note").input_value() == "Le thème est l’enseignement, r i u z."
    assert page.locator("input[value=education]").is_checked()
    assert not page.locator("input[value=health]").is_checked()
    assert page.locator("button.chosen").get_attribute("value") == "relevant"


def test_keys_judge_on_the_queue_without_opening_anything(desk, open_page):
    page = open_page(desk.url)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator(".card[aria-current]").get_attribute("id") == "a4"
    press(page, "i")
    assert page.locator(".card[aria-current]").get_attribute("id") == "a5"
    assert page.locator("#a4").count() == 0
    press(page, "z")
    assert desk.rows("select count(*) as n from standing_verdicts") == [{"n": 0}]


def test_enter_opens_the_chosen_story_wherever_the_reader_comes_from(desk, open_page):
    page = open_page(desk.url)
    press(page, "i")
    press(page, "Enter")
    assert "/article/3" in page.url


def test_keys_do_nothing_while_somebody_types_or_holds_control(desk, open_page):
    page = open_page(desk.url)
    page.keyboard.press("/")
    page.keyboard.type("rizou")
    assert page.locator("#search").input_value() == "rizou"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+i")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("i")
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    assert desk.rows("select count(*) as n from verdicts") == [{"n": 0}]


def test_two_keys_in_one_breath_judge_one_article(desk, open_page):
    page = open_page(f"{desk.url}/article/3")
    with page.expect_navigation():
        page.evaluate(
            "for (const key of 'rrrr') document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {key, bubbles: true}))"
        )
    assert desk.rows("select article from verdicts") == [{"article": 3}]


def test_search_finds_from_any_page(desk, open_page):
    page = open_page(f"{desk.url}/article/3")
    page.keyboard.press("/")
    page.keyboard.type("episode 17")
    press(page, "Enter")
    assert page.locator(".card").count() == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_everything_can_be_done_without_javascript(desk, open_page, language):
    page = open_page(f"{desk.url}?lang={language}", java_script_enabled=False)
    words = {
        "fr": (
            "Pertinent",
            "Annuler",
            "Corriger les thèmes et les pays",
            "Enregistrer sans avancer",
        ),
        "en": ("Relevant", "Undo", "Correct themes and countries", "Save and stay"),
    }[language]
    page.locator("#a1 h2 a").click()
    page.get_by_label("Note").fill("Sans script.")
    page.get_by_text(words[2]).click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name=words[0], exact=True).click()
    assert "épisode 3" in page.locator("h1").inner_text()
    page.get_by_role("button", name=words[1]).click()
    assert "épisode 1" in page.locator("h1").inner_text()
    page.get_by_role("button", name=words[0], exact=True).click()
    page.locator("#notice a").click()
    page.get_by_role("button", name=words[3]).click()
    page.locator("a.keys").click()
    assert page.locator(".keylist").first.is_visible()
    assert desk.rows("select count(*) as n from standing_verdicts") == [{"n": 1}]


def test_reviewer_gives_a_name_and_changes_the_language(desk, open_page):
    page = open_page(desk.url)
    page.locator("details.who summary").click()
    page.locator("#reviewer").fill("Zoé Kaboré")
    page.get_by_role("button", name="Garder ce nom").click()
    assert "Zoé Kaboré" in page.locator("details.who summary").inner_text()
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto(f"{desk.url}/article/3")
    page.get_by_role("button", name="Unsure").click()
    assert "Left unsure" in page.locator("#notice").inner_text()
    assert desk.rows("select reviewer from verdicts") == [{"reviewer": "Zoé Kaboré"}]


@pytest.mark.parametrize(
    "path", ["", "/article/1", "/quality", "/charts", "/help", "/article/1/stored"]
)
@pytest.mark.parametrize("width", [390, 320])
def test_phone_scrolls_one_way_and_has_large_buttons(desk, open_page, path, width):
    desk.judge(5, "irrelevant")  # so that the tables of /quality have all their columns
    page = open_page(desk.url + path, viewport={"width": width, "height": 844}, has_touch=True)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    for button in page.locator("button.v").all()[:3]:
        box = button.bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_verdict_is_at_hand_on_a_phone_wherever_the_text_is(desk, open_page):
    page = open_page(f"{desk.url}/article/1", viewport={"width": 390, "height": 844})
    page.get_by_role("button", name="Pertinent").click()
    assert "épisode 3" in page.locator("h1").inner_text()


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("/archive", ".CodeMirror"),
        ("/archive/review_queue", ".dropdown-menu-icon"),
        ("/archive?sql=select+1+as+one", ".CodeMirror"),
    ],
)
def test_datasettes_own_scripts_run_under_the_policy(desk, open_page, path, made):
    page = open_page(desk.origin + path)
    page.locator(made).first.wait_for(state="attached")
    assert page.locator(made).count() > 0
