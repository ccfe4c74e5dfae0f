"""Verdicts without JavaScript: forms, redirects and what ends up in the archive."""

from __future__ import annotations

import json

import pytest


def _location(answer) -> str:
    assert answer.status_code == 303
    return answer.headers["location"]


def test_verdict_is_recorded_with_reviewer_score_and_rule_set(desk):
    desk.judge(3, "relevant", note="  Bien vu.\r\nÀ suivre. ")
    (row,) = desk.rows("select * from verdicts")
    assert row["verdict"] == "relevant"
    assert row["reviewer"] == "awa"
    assert row["note"] == "Bien vu.\nÀ suivre."
    assert (row["score"], row["rule_set"], row["asked_by"]) == (90, "rules-1", "queue")
    assert (row["themes"], row["countries"], row["withdraws"]) == (None, None, None)


def test_verdict_leads_to_the_next_article_of_the_same_filtered_queue(desk):
    answer = desk.judge(3, "relevant", back="?theme=health")
    assert _location(answer) == "/-/review/article/5?theme=health&done=1"


def test_verdict_on_the_last_article_leads_to_the_queue(desk):
    assert _location(desk.judge(24, "irrelevant")) == "/-/review?done=1"


def test_verdict_from_the_queue_stays_on_the_queue_at_the_next_story(desk):
    answer = desk.judge(3, "unsure", back="?order=date", **{"from": "queue"})
    assert _location(answer) == "/-/review?order=date&done=1#a4"


def test_judged_story_leaves_the_queue_with_all_its_copies(desk):
    assert "épisode 1<" in desk.get("/-/review").text.replace("</mark>", "")
    desk.judge(2, "relevant")
    page = desk.get("/-/review").text
    assert 'id="a1"' not in page
    assert 'id="a2"' not in page


def test_undo_gives_the_article_back_and_keeps_both_rows(desk):
    desk.judge(3, "irrelevant")
    answer = desk.post("/-/review/undo", {"number": "1"})
    assert _location(answer) == "/-/review/article/3?undone=1"
    assert desk.rows("select count(*) as n from standing_verdicts") == [{"n": 0}]
    kept = desk.rows("select verdict, withdraws from verdicts order by id")
    assert kept == [
        {"verdict": "irrelevant", "withdraws": None},
        {"verdict": "irrelevant", "withdraws": 1},
    ]
    assert 'id="a3"' in desk.get("/-/review").text


def test_undo_restores_the_verdict_before(desk):
    desk.judge(3, "irrelevant")
    desk.judge(3, "relevant")
    desk.post("/-/review/undo", {})
    assert desk.rows("select verdict from standing_verdicts") == [{"verdict": "irrelevant"}]


def test_undo_twice_takes_back_two_verdicts_and_a_third_time_nothing(desk):
    desk.judge(3, "irrelevant")
    desk.judge(4, "relevant")
    assert "/article/4" in _location(desk.post("/-/review/undo", {}))
    assert "/article/3" in _location(desk.post("/-/review/undo", {}))
    assert _location(desk.post("/-/review/undo", {})) == "/-/review"
    assert desk.rows("select count(*) as n from verdicts") == [{"n": 4}]


def test_nobody_takes_back_the_verdict_of_another(desk):
    desk.judge(3, "irrelevant")
    desk.post("/-/review/reviewer", {"reviewer": "Boubacar"})
    desk.post("/-/review/undo", {"number": "1"})
    assert desk.rows("select reviewer from standing_verdicts") == [{"reviewer": "awa"}]


def test_themes_and_countries_are_corrected(desk):
    fields = {"corrected": "1", "theme": ["food", "media"], "country": ["TG", ""]}
    desk.judge(3, "relevant", **fields)
    (row,) = desk.rows("select themes, countries from standing_verdicts")
    assert json.loads(row["themes"]) == ["food", "media"]
    assert json.loads(row["countries"]) == ["TG"]
    assert 'id="a3"' in desk.get("/-/review?state=all&theme=food&country=TG").text
    assert 'id="a3"' not in desk.get("/-/review?state=all&theme=health").text


def test_what_agrees_with_the_flag_is_no_correction(desk):
    desk.judge(3, "relevant", corrected="1", theme="health", country="NE")
    assert desk.rows("select themes, countries from verdicts") == [
        {"themes": None, "countries": None}
    ]


def test_all_themes_can_be_taken_away(desk):
    desk.judge(3, "relevant", corrected="1", country="NE")
    assert desk.rows("select themes from verdicts") == [{"themes": "[]"}]


def test_unknown_themes_and_countries_are_left_out(desk):
    desk.judge(3, "relevant", corrected="1", theme=["sport", "food"], country=["mali", "ml", "<b"])
    assert desk.rows("select themes, countries from verdicts") == [
        {"themes": '["food"]', "countries": "[]"}
    ]


def test_saving_without_going_on_keeps_the_article_open(desk):
    desk.judge(3, "relevant")
    form = {"article": "3", "verdict": "relevant", "note": "Encore."}
    answer = desk.post("/-/review/verdict?then=stay", form)
    assert _location(answer) == "/-/review/article/3?done=2"
    assert "Encore." in desk.get("/-/review/article/3").text


def test_second_reviewer_sees_the_first_verdict_instead_of_overwriting_it(desk):
    desk.judge(3, "irrelevant", note="Hors sujet.")
    desk.post("/-/review/reviewer", {"reviewer": "  Boubacar\u200b Sow\n"})
    page = desk.get("/-/review/article/3").text
    assert "awa · Hors sujet" in page
    assert "Hors sujet.</q>" in page
    desk.judge(3, "relevant")
    assert desk.rows("select reviewer, verdict from standing_verdicts order by reviewer") == [
        {"reviewer": "Boubacar Sow", "verdict": "relevant"},
        {"reviewer": "awa", "verdict": "irrelevant"},
    ]
    assert "awa a jugé : hors sujet." in desk.get("/-/review?done=2").text.replace("\u00a0", " ")
    assert 'id="a3"' in desk.get("/-/review?state=disputed").text


def test_reviewer_cookie_never_travels_with_a_foreign_page(desk):
    answer = desk.post("/-/review/reviewer", {"reviewer": "Zoé", "back": "/-/review/quality"})
    assert _location(answer) == "/-/review/quality"
    cookie = answer.headers["set-cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example/-/review", "/\\evil.example", "javascript:x", ""],
)
def test_form_cannot_send_the_reviewer_elsewhere(desk, back):
    answer = desk.post("/-/review/reviewer", {"reviewer": "Zoé", "back": back})
    assert _location(answer) == "/-/review"


@pytest.mark.parametrize(
    ("article", "verdict", "status"),
    [
        ("999", "relevant", 404),
        ("3", "excellent", 400),
        ("-1", "relevant", 400),
        ("1e3", "relevant", 400),
        ("99999999999999999999999", "relevant", 400),
        ("", "", 400),
        ("٣", "relevant", 400),
    ],
)
def test_senseless_form_is_refused(desk, article, verdict, status):
    answer = desk.post("/-/review/verdict", {"article": article, "verdict": verdict})
    assert answer.status_code == status
    assert desk.rows("select count(*) as n from verdicts") == [{"n": 0}]


def test_form_that_is_not_utf_8_is_read_as_well_as_can_be(desk):
    headers = {
        "origin": desk.origin,
        "content-type": "application/x-www-form-urlencoded",
    }
    body = b"article=3&verdict=relevant&note=caf%E9\xff%00"
    answer = desk.client.post(f"{desk.url}/verdict", content=body, headers=headers)
    assert answer.status_code == 303
    assert desk.rows("select note from verdicts") == [{"note": "caf��"}]


def test_form_of_thousands_of_fields_is_refused(desk):
    answer = desk.post("/-/review/verdict", {f"f{n}": "x" for n in range(9000)})
    assert answer.status_code == 400


def test_a_reviewer_who_judges_two_copies_does_not_dispute_with_herself(desk):
    desk.judge(1, "relevant")
    desk.judge(2, "irrelevant")
    assert 'id="a1"' not in desk.get("/-/review?state=disputed").text
    assert 'id="a1"' in desk.get("/-/review?state=irrelevant").text
