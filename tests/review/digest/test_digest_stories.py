"""What is new, told once: stories, their order, their verdicts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from review.digest.sentences import best_sentences

if TYPE_CHECKING:
    from conftest import Press

DAY = timedelta(days=1)


def test_copies_are_one_story_with_its_independent_sources(press: Press) -> None:
    press.publish("matin", copy_of="x")
    press.publish("soir", copy_of="x")
    press.publish("relais", copy_of="x")

    (story,) = press.digest().stories

    assert (story.outlet, [copy.outlet for copy in story.copies]) == (
        "Matin",
        ["Soir", "Le Relais"],
    )
    assert story.independent_sources == 2


def test_a_story_is_told_by_the_ordinary_press_even_when_a_network_had_it_first(
    press: Press,
) -> None:
    press.publish("relais", copy_of="x", score=90)
    press.publish("soir", copy_of="x", score=60)

    (story,) = press.digest().stories

    assert (story.outlet, story.alignment) == ("Soir", None)
    assert [copy.alignment for copy in story.copies] == ["russian_network"]


def test_what_was_seen_before_is_not_new(press: Press) -> None:
    press.publish(seen=press.clock - 2 * DAY)

    assert press.digest().stories == ()


def test_a_new_copy_of_an_older_story_is_counted_and_not_told_again(press: Press) -> None:
    press.publish("matin", copy_of="x", seen=press.clock - 3 * DAY)
    press.publish("soir", copy_of="x")

    digest = press.digest()

    assert (digest.stories, digest.new_copies) == ((), 1)


def test_an_unflagged_article_is_no_news_unless_a_reviewer_accepts_it(press: Press) -> None:
    press.publish(flagged=False)
    missed = press.publish("soir", flagged=False)
    press.judge(missed, "relevant")

    assert [story.id for story in press.digest().stories] == [missed]


def test_an_irrelevant_story_is_left_out(press: Press) -> None:
    press.judge(press.publish(), "irrelevant")

    assert press.digest().stories == ()


def test_a_verdict_on_one_copy_stands_for_the_story(press: Press) -> None:
    press.publish("matin", copy_of="x")
    press.judge(press.publish("soir", copy_of="x"), "irrelevant")

    assert press.digest().stories == ()


def test_a_verdict_that_was_taken_back_does_not_count(press: Press) -> None:
    press.judge(press.publish(), "irrelevant")
    press.take_back()

    (story,) = press.digest().stories

    assert story.verdict is None


def test_accepted_stories_come_first_then_the_best_scored(press: Press) -> None:
    low, high, accepted = (press.publish(score=score) for score in (50, 90, 40))
    press.judge(accepted, "relevant", note="à citer")

    stories = press.digest().groups[0].countries[0].stories

    assert [story.id for story in stories] == [accepted, high, low]
    assert (stories[0].reviewer, stories[0].note) == ("awa", "à citer")


def test_stories_stand_under_the_corrected_theme_and_country(press: Press) -> None:
    article = press.publish(themes=("military",), countries=("ML",))
    press.judge(article, "relevant", themes=("energy",), countries=("NE",))

    (group,) = press.digest().groups

    assert (group.theme, group.countries[0].country) == ("energy", "NE")


def test_a_story_with_many_themes_stands_under_the_one_that_fired_most(press: Press) -> None:
    press.publish(themes=("military", "food"))
    press.archive.db.execute("update matches set theme = null where theme = 'military'")

    assert press.digest().groups[0].theme == "food"


def test_a_story_without_theme_or_country_is_told_last(press: Press) -> None:
    press.publish(themes=(), countries=())
    press.publish(themes=("technology",))

    assert [group.theme for group in press.digest().groups] == ["technology", None]


def test_the_words_that_fired_are_marked_and_overlaps_are_one_mark(press: Press) -> None:
    press.publish(text="Des instructeurs russes sont là.", mark="instructeurs russes|russes|là")

    (sentence,) = press.digest().stories[0].sentences

    assert [(piece.text, piece.marked) for piece in sentence.pieces] == [
        ("Des ", False), ("instructeurs russes", True), (" sont ", False), ("là", True),
        (".", False),
    ]  # fmt: skip


def test_only_the_strongest_sentences_are_shown_and_the_others_counted(press: Press) -> None:
    press.publish(text="\n".join(f"Moscou promet l’usine {n}." for n in range(5)), mark="Moscou")

    (story,) = press.digest().stories

    assert (len(story.sentences), story.more_sentences) == (3, 2)


def test_the_theme_of_the_title_goes_before_one_of_two_sentences(press: Press) -> None:
    press.publish(themes=("energy", "military"), mark="russes|armée")
    press.archive.db.execute("delete from matches where (theme = 'military') <> (field = 'title')")

    assert press.digest().stories[0].theme == "military"


def test_a_story_stands_under_the_state_that_is_named_most_as_a_partner(press: Press) -> None:
    press.publish(countries=("BF", "ML", "NE"))
    press.archive.db.execute(
        """
        insert into mentions (article, codes, field, start, "end", words, partner)
        values (1, '["ML"]', 'text', 3, 7, 'Mali', 1), (1, '["NE"]', 'text', 9, 14, 'Niger', 0)
        """
    )

    assert press.digest().stories[0].country == "ML"


def test_a_sentence_on_a_theme_goes_before_one_in_which_one_rule_fires_twice() -> None:
    text = "Moscou, Moscou. Moscou. Moscou. Blé."
    places = ((0, 6, 0, 15), (8, 14, 0, 15), (16, 22, 16, 23), (24, 30, 24, 31), (32, 35, 32, 36))
    matches = [
        {
            "rule": "wheat" if start == 32 else "core", "theme": "food" if start == 32 else None,
            "start": start, "end": end, "sentence_start": first, "sentence_end": last,
        }
        for start, end, first, last in places
    ]  # fmt: skip

    shown, more = best_sentences(text, matches)

    assert ([sentence.text for sentence in shown], more) == (
        ["Moscou, Moscou.", "Moscou.", "Blé."],
        1,
    )


def test_a_sentence_without_end_is_cut(press: Press) -> None:
    press.publish(text="Moscou " + "et encore " * 500, mark="Moscou")

    assert len(press.digest().stories[0].sentences[0].text) == 601


def test_the_identity_of_a_story_outlives_a_new_copy_and_a_new_verdict(press: Press) -> None:
    article = press.publish("matin", copy_of="x")
    before = press.digest().stories[0].urn
    press.publish("soir", copy_of="x", score=99)
    press.judge(article, "relevant")

    assert press.digest().stories[0].urn == before


def test_an_address_that_is_not_of_the_web_is_no_link(press: Press) -> None:
    press.publish()
    for address in ("javascript:alert(1)", "https:///sans-hote", "https://x.example/a b"):
        press.archive.db.execute("update articles set url = ?", [address])

        assert press.digest().stories[0].url is None, address
