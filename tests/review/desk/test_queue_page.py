"""The queue's page: stories, filters with counts, search, order, languages."""

from __future__ import annotations

import re

import pytest

from storage.archive import Archive


def _ids(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li class="card" id="a(\d+)"', page)]


def test_copies_are_one_story_with_their_number_told(desk):
    page = desk.get("/-/review").text
    assert _ids(page)[:2] == [1, 3]
    assert "23 sujets" in page
    assert "1 copie" in page


def test_queue_is_read_page_by_page(desk):
    desk.judge(5, "relevant")
    assert len(_ids(desk.get("/-/review").text)) == 22
    assert _ids(desk.get("/-/review?page=2").text) == []


def test_order_by_date_shows_the_newest_first(desk):
    assert _ids(desk.get("/-/review?order=date").text)[0] == 1
    assert _ids(desk.get("/-/review?order=date").text)[-1] == 24


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?country=TD", [5, 13, 21]),
        ("?theme=health&source=soir&country=NE", [3, 11, 19]),
        ("?alignment=russian_network", [1]),
        ("?rule=health-together&country=CG", [7, 15, 23]),
        ("?q=épisode 17", [17]),
        ("?q=EPISODE+17", [17]),
        ("?q=%22%22%22", []),
        ("?q=OR+NEAR(", []),
        ("?since=2999-01-01", []),
        ("?until=1999-01-01", []),
        ("?since=yesterday&state=nonsense&country=CG&theme=health", [7, 15, 23]),
    ],
)
def test_filters_choose(desk, query, expected):
    assert _ids(desk.get(f"/-/review{query}").text) == expected


def test_each_facet_is_counted_as_if_it_were_not_filtered_itself(desk):
    page = desk.get("/-/review?theme=health").text
    theme = re.search(r'theme=military.*?class="n">(\d+)<', page, re.DOTALL)
    country = re.search(r'country=NE.*?class="n">(\d+)<', page, re.DOTALL)
    assert theme.group(1) == "12"
    assert country.group(1) == "3"


def test_states_count_verdicts_of_all_and_of_me(desk):
    desk.judge(3, "relevant")
    desk.post("/-/review/reviewer", {"reviewer": "Boubacar"})
    desk.judge(4, "irrelevant")
    assert _ids(desk.get("/-/review?state=mine").text) == [4]
    assert _ids(desk.get("/-/review?state=relevant").text) == [3]
    assert _ids(desk.get("/-/review?state=irrelevant").text) == [4]
    assert len(_ids(desk.get("/-/review?state=all").text)) == 23


def test_a_language_that_the_desk_does_not_speak_is_not_chosen(desk):
    answer = desk.get("/-/review?lang=xx")
    assert (answer.status_code, '<html lang="fr">' in answer.text) == (200, True)
    assert "vigie_lang" not in answer.cookies


def test_language_is_chosen_by_the_reader_and_kept(desk):
    assert 'lang="fr"' in desk.get("/-/review").text
    page = desk.get("/-/review?lang=en").text
    assert '<html lang="en">' in page
    assert "Irrelevant" in page
    assert '<html lang="en">' in desk.get("/-/review/article/3").text


def test_language_follows_the_browser_when_nobody_chose(archive_path, start_desk):
    desk = start_desk(archive_path, language=None)
    assert '<html lang="en">' in desk.get("/-/review", headers={"accept-language": "en-GB"}).text
    assert '<html lang="fr">' in desk.get("/-/review", headers={"accept-language": "de"}).text


def test_probe_offers_unflagged_articles_and_marks_their_verdicts(desk):
    page = desk.get("/-/review?state=probe").text
    sample = _ids(page)
    assert len(sample) == 10
    assert all(number > 24 for number in sample)
    answer = desk.judge(sample[0], "relevant", back="?state=probe", asked_by="probe")
    assert f"/article/{sample[1]}?state=probe" in answer.headers["location"]
    assert desk.rows("select asked_by from verdicts") == [{"asked_by": "probe"}]
    assert _ids(desk.get("/-/review?state=probe").text) == sample[1:]


def test_flagged_article_cannot_be_counted_as_a_probe(desk):
    desk.judge(3, "relevant", asked_by="probe")
    assert desk.rows("select asked_by from verdicts") == [{"asked_by": "queue"}]


def test_article_shows_highlights_masks_copies_and_the_way_out(desk):
    page = desk.get("/-/review/article/1").text
    assert '<mark class="t t-health"' in page
    assert '<span class="masked"' in page
    assert "expression figée" in page
    assert "2 sources" not in page
    assert "1 source indépendante" in page
    assert 'href="https://relais.example/1" rel="noopener noreferrer nofollow"' in page
    assert "réseau d’influence russe" in page


def test_stored_text_is_shown_as_it_is(desk):
    page = desk.get("/-/review/article/3/stored").text
    assert "À lire aussi : la roulette russe.\nLa foule était là" in page


def test_unknown_article_is_a_page_of_the_desk(desk):
    answer = desk.get("/-/review/article/99999999999999999999")
    assert answer.status_code == 404
    assert "Rien à cette adresse" in answer.text


def test_empty_archive_has_an_empty_queue(tmp_path, start_desk):
    Archive.open(tmp_path / "new.db").close()
    desk = start_desk(tmp_path / "new.db")
    for path in ("/-/review", "/-/review/quality", "/-/review/charts", "/-/review?state=probe"):
        assert desk.get(path).status_code == 200
    assert "Rien à relire" in desk.get("/-/review").text


def test_feed_holds_the_flagged_stories(desk):
    answer = desk.get("/-/review/atom.xml")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert answer.text.count("<entry>") == 23


def test_quality_page_counts_and_names_errors(desk):
    for number in range(3, 15):
        desk.judge(number, "irrelevant" if number % 2 else "relevant")
    page = desk.get("/-/review/quality").text
    assert "50\N{NO-BREAK SPACE}%" in page
    assert "health-together" in page
    assert "state=irrelevant&amp;rule=health-together" in page


@pytest.mark.parametrize(
    "words", ["\x00épisode 17", "épisode\N{NO-BREAK SPACE}17", "ÉPISODE 17 \x1f"]
)
def test_search_leaves_out_what_nobody_typed(desk, words):
    page = desk.get("/-/review", params={"q": words})

    assert (page.status_code, page.text.count('class="card"')) == (200, 1)


@pytest.mark.parametrize("path", ["/-/review/nope", "/nope", "/archive/nope"])
def test_an_address_that_leads_nowhere_is_told_in_the_language_of_the_desk(desk, path):
    answer = desk.get(path)

    assert (answer.status_code, "Rien à cette adresse." in answer.text) == (404, True)
    assert "not found" not in answer.text
