from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import datetime

import attrs
import pytest

from storage.archive import Archive
from storage.records import Flag, Outcome, Reading

Make = Callable[..., Reading]


def test_an_article_is_stored_with_its_flag_matches_mentions_and_page(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    assert archive.articles.store(make_reading(), now) is Outcome.STORED

    (flagged,) = archive.articles.flagged(10)
    assert flagged["title"] == "Mali : l’armée accueille des instructeurs"
    assert (flagged["score"], flagged["words"]) == (64, "instructeurs russes")
    (match,) = archive.db.query("select * from matches")
    (article,) = archive.db.query("select * from articles")
    assert article["text"][match["start"] : match["end"]] == match["words"]
    assert article["published_at"] == "2026-11-22T06:30:00Z"
    assert archive.db.execute("select count(*) from mentions").fetchone() == (1,)
    (body,) = archive.db.execute("select body from raw_pages").fetchone()
    assert zlib.decompress(body).startswith(b"<html>")


def test_the_same_article_under_another_address_is_a_duplicate(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    first = make_reading()
    archive.articles.store(first, now)
    again = make_reading("https://matin.example/amp/a1", article=first.article)

    assert archive.articles.store(again, now) is Outcome.DUPLICATE
    assert archive.db.execute("select outcome, article from pages where id = 2").fetchone() == (
        "duplicate",
        1,
    )


def test_the_same_text_twice_in_one_outlet_is_a_duplicate_but_not_in_two(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    archive.articles.store(make_reading(text_digest="same"), now)

    own = make_reading("https://matin.example/a2", text_digest="same")
    other = make_reading("https://soir.example/b1", "soir", text_digest="same")

    assert archive.articles.store(own, now) is Outcome.DUPLICATE
    assert archive.articles.store(other, now) is Outcome.STORED


def test_a_failure_in_the_middle_leaves_neither_article_nor_settled_page(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    reading = make_reading()
    archive.db.execute(
        "create trigger full before insert on matches begin select raise(abort, 'disk full'); end"
    )

    with pytest.raises(Exception, match="disk full"):
        archive.articles.store(reading, now)

    assert archive.db.execute("select count(*) from articles").fetchone() == (0,)
    assert archive.queue.size() == 1


def test_judging_again_replaces_flag_and_matches(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    archive.articles.store(make_reading(), now)
    archive.runs.keep_rule_set("rules-2", "[[rule]]", now)

    archive.judgements.replace([(1, Flag(rule_set="rules-2", flagged=False, score=3))], now)

    assert archive.articles.flagged(10) == []
    assert archive.db.execute("select rule_set, score from flags").fetchall() == [("rules-2", 3)]
    assert archive.db.execute("select count(*) from matches").fetchone() == (0,)


def test_words_that_are_masked_made_no_flag(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    reading = make_reading()
    (match,) = reading.flag.matches
    masked = match._replace(words="montagnes russes", masked="idiom")
    flag = attrs.evolve(reading.flag, matches=(masked, match, match))
    archive.articles.store(attrs.evolve(reading, flag=flag), now)

    assert archive.judgements.words(1) == ("instructeurs russes",)


def test_an_article_is_found_by_number_and_by_any_of_its_addresses(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    reading = make_reading("https://matin.example/a1")
    archive.articles.store(reading, now)

    for what in ("1", "https://matin.example/a1", "http://www.matin.example/a1/?utm_source=x"):
        found = archive.articles.find(what)
        assert found is not None
        assert (found["id"], found["outlet"], found["country"]) == (1, "Matin", "ML")
    assert archive.articles.find("2") is None


@pytest.mark.parametrize("words", ["senegal", "SÉNÉGAL", "armee", "coeur", '"l armee"'])
def test_full_text_folds_accents_elisions_and_ligatures(
    archive: Archive, now: datetime, make_reading: Make, words: str
) -> None:
    reading = make_reading()
    article = attrs.evolve(reading.article, text="L’armée du Sénégal au cœur du débat.")
    archive.articles.store(attrs.evolve(reading, article=article), now)

    found = archive.db.execute(
        "select rowid from articles_fts where articles_fts match ?", [words]
    ).fetchall()

    assert found == [(1,)]


def test_the_full_text_index_follows_a_changed_and_a_deleted_text(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    archive.articles.store(make_reading(), now)
    count = "select count(*) from articles_fts where articles_fts match ?"

    archive.db.execute("update articles set text = 'Le cœur du Sahel' where id = 1")
    assert archive.db.execute(count, ["instructeurs"]).fetchone() == (1,)  # the title has it too
    assert archive.db.execute(count, ["bamako"]).fetchone() == (0,)
    assert archive.db.execute(count, ["text:coeur"]).fetchone() == (1,)


def test_verdicts_can_be_added_and_nothing_else(
    archive: Archive, now: datetime, make_reading: Make
) -> None:
    archive.articles.store(make_reading(), now)
    archive.db.execute(
        "insert into verdicts (article, verdict, reviewer, at) values (1, 'relevant', 'A', 'now')"
    )

    for sql in ("delete from verdicts", "update verdicts set verdict = 'unsure'"):
        with pytest.raises(Exception, match="append-only"):
            archive.db.execute(sql)
