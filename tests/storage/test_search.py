from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import storage.full_text
import storage.search
from storage.archive import Archive
from storage.records import Reading
from storage.search import Filters
from storage.times import to_text
from storage.verdicts import Verdict, Verdicts

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ("coton", "barrage", "blé", "cœur", "armée", "récolte", "Sénégal")
COUNT = 400


@pytest.fixture
def press(archive: Archive) -> Archive:
    """400 articles in no order of dates, one in four flagged."""
    dice = random.Random(4)
    for number in range(1, COUNT + 1):
        at = to_text(START + timedelta(hours=dice.randrange(3000)))
        row = {
            "n": number, "source": dice.choice(("matin", "soir")), "url": f"https://x.example/{number}",
            "text": " ".join(dice.choices(WORDS, k=3)), "seen": at,
            "published": at if dice.random() < 0.8 else None,
            "flagged": int(dice.random() < 0.25),
        }  # fmt: skip
        flagged = row["flagged"]
        archive.db.execute(
            """
            insert into articles (id, source, url, canonical_url, title, text, published_at,
                first_seen, last_checked, language, language_confidence, digest, text_digest)
            values (:n, :source, :url, :url, 'Titre', :text, :published, :seen, :seen, 'fr', 1.0, '', :url)
            """,
            {k: v for k, v in row.items() if k != "flagged"},
        )
        archive.db.execute(
            """
            insert into flags (article, rule_set, flagged, score, themes, countries, flagged_at)
            values (?, 'rules-1', ?, 50, ?, ?, '')
            """,
            [
                number,
                flagged,
                json.dumps(dice.sample(("food", "energy", "mining"), 2) if flagged else []),
                json.dumps(dice.sample(("ML", "BF", "NE"), 1) if flagged else []),
            ],
        )
    Verdicts(archive.db).record(Verdict(article=7, verdict="relevant", reviewer="awa"), START)
    Verdicts(archive.db).record(Verdict(article=8, verdict="relevant", reviewer="awa"), START)
    Verdicts(archive.db).record(Verdict(article=8, verdict="irrelevant", reviewer="awa"), START)
    return archive


@pytest.fixture(
    params=[(3, 5, 0), (1000, 16_000, 0), (1000, 16_000, 1_500)],
    ids=["short stretches", "one stretch", "rare words"],
)
def _stretches(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    first, longest, rare = request.param
    monkeypatch.setattr(storage.full_text, "RARE", rare)
    monkeypatch.setattr(storage.full_text, "CROWD", 3)
    monkeypatch.setattr(storage.full_text, "GAP", 2)
    monkeypatch.setattr(storage.search, "FIRST_STRETCH", first)
    monkeypatch.setattr(storage.search, "LONGEST_STRETCH", longest)


def plainly(archive: Archive, word: str | None, where: str) -> list[int]:
    """Answer the same question by reading every article."""
    rows = archive.db.execute(
        f"""
        select articles.id from articles join flags on article = articles.id
         where {where} and (? is null or text like '%' || ? || '%')
         order by coalesce(published_at, first_seen) desc, articles.id desc
        """,  # noqa: S608 - the test's own
        [word, word],
    ).fetchall()
    return [row[0] for row in rows]


@pytest.mark.usefixtures("_stretches")
@pytest.mark.parametrize("word", [None, "coton", "barrage"])
@pytest.mark.parametrize(
    ("filters", "where"),
    [
        (Filters(), "true"),
        (Filters(flagged=True), "flagged = 1"),
        (Filters(flagged=False), "flagged = 0"),
        (Filters(country="ML"), """countries like '%"ML"%'"""),
        (Filters(theme="food", country="NE"), "themes like '%food%' and countries like '%NE%'"),
        (Filters(source="soir"), "source = 'soir'"),
        (Filters(source="soir", theme="energy"), "source = 'soir' and themes like '%energy%'"),
        (
            Filters(since="2026-02-01T00:00:00Z", until="2026-03-01T00:00:00Z"),
            "coalesce(published_at, first_seen) >= '2026-02' and coalesce(published_at, first_seen) < '2026-03'",
        ),
        (
            Filters(since="2026-03-01T00:00:00Z", flagged=True),
            "coalesce(published_at, first_seen) >= '2026-03' and flagged = 1",
        ),
        (Filters(verdict="relevant"), "articles.id = 7"),
        (Filters(verdict="irrelevant"), "articles.id = 8"),
        (Filters(verdict="irrelevant", source="soir"), "articles.id = 8 and source = 'soir'"),
        (Filters(verdict="none"), "articles.id not in (7, 8)"),
        (Filters(verdict="none", flagged=True), "articles.id not in (7, 8) and flagged = 1"),
    ],
    ids=str,
)
def test_a_search_finds_what_reading_everything_finds_in_the_same_order(
    press: Archive, word: str | None, filters: Filters, where: str
) -> None:
    expected = plainly(press, word, where)

    assert list(press.search.newest(word, filters)) == expected
    assert press.search.count(word, filters) == len(expected)


@pytest.mark.parametrize(("few", "probes"), [(0, 0), (20_000, 0), (0, 20_000)])
def test_rare_and_frequent_words_are_found_in_articles_that_lie_apart(
    press: Archive, monkeypatch: pytest.MonkeyPatch, few: int, probes: int
) -> None:
    for name, value in (("RARE", 0), ("CROWD", 500), ("FEW", few), ("PROBES", probes)):
        monkeypatch.setattr(storage.full_text, name, value)

    assert list(press.search.newest("coton", Filters())) == plainly(press, "coton", "true")


@pytest.mark.usefixtures("_stretches")
def test_a_long_query_gives_all_that_match_in_order_and_perhaps_others(
    press: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.full_text, "MANY_PHRASES", 2)
    query = '"coton" OR "barrage"'

    found = list(press.search.newest(query, Filters(country="ML")))

    one = "(text like '%coton%' or text like '%barrage%')"
    right = plainly(press, None, f"""countries like '%"ML"%' and {one}""")
    assert [number for number in found if number in set(right)] == right
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("query", ["senegal", "coeur", '"armee"', "ble"])
def test_accents_and_ligatures_do_not_matter(press: Archive, query: str) -> None:
    assert len(list(press.search.candidates(query, Filters()))) > 50


def test_candidates_are_read_as_they_are_asked_for(
    press: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.search, "FIRST_STRETCH", 50)
    statements: list[str] = []
    press.db.conn.set_trace_callback(statements.append)

    found = press.search.candidates(None, Filters())
    first = [next(found)["id"] for _ in range(5)]
    press.db.conn.set_trace_callback(None)
    assert first == plainly(press, None, "true")[:5]
    asked = [one for one in statements if "select" in one]
    assert len(asked) == 2  # one stretch of dates, one batch of articles


def test_the_best_come_first_and_of_many_the_last_stored_are_ranked(
    press: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.db.execute("update articles set title = 'Coton', text = 'coton coton' where id = 100")

    ranked = press.search.candidates("coton", Filters(), "rank")
    assert next(ranked)["id"] == 100
    Verdicts(press.db).record(Verdict(article=100, verdict="unsure", reviewer="awa"), START)
    judged = press.search.candidates("coton", Filters(verdict="unsure"), "rank")
    assert [row["id"] for row in judged] == [100]

    monkeypatch.setattr(storage.search, "RANKED", 10)
    few = [row["id"] for row in press.search.candidates("coton", Filters(), "rank")]
    assert sorted(few, reverse=True) == sorted(few)[::-1]
    assert len(few) == 10
    assert min(few) > 300


def test_a_flag_knows_its_date_and_follows_it(
    archive: Archive, now: datetime, make_reading: Callable[..., Reading]
) -> None:
    archive.articles.store(make_reading(), now)
    dates = "select flags.date, articles.date from flags join articles on id = article"
    assert archive.db.execute(dates).fetchall() == [("2026-11-22T06:30:00Z",) * 2]

    archive.db.execute("update articles set published_at = '2026-01-01T00:00:00Z'")
    archive.judgements.replace([(1, make_reading().flag)], now)

    assert archive.db.execute(dates).fetchall() == [("2026-01-01T00:00:00Z",) * 2]
