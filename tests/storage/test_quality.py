"""Quality and probe: small samples are told as small, and misses are counted by kind."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from storage.archive import Archive
from storage.intervals import wilson
from storage.probe import daily_sample, progress
from storage.quality import measure_quality
from storage.records import Flag
from storage.verdicts import Verdict, Verdicts


@pytest.mark.parametrize(
    ("hits", "size", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0),
     (81, 263, 0.255, 0.366)],
)  # fmt: skip
def test_interval_is_wilsons(hits, size, low, high):
    assert wilson(hits, size) == pytest.approx((low, high), abs=0.0006)


@pytest.fixture
def filled(archive: Archive, make_reading, now) -> Archive:
    """Return an archive of 4 flagged articles, 12 others that name Russia and 8 that do not."""
    for number in range(24):
        reading = make_reading(f"https://matin.example/{number}", fingerprint=())
        if number >= 4:
            about = "La Russie écrit." if number < 16 else "La commune écrit."
            article = attrs.evolve(reading.article, title="Courrier", standfirst=None, text=about)
            flag = Flag(rule_set="rules-1", flagged=False, score=0)
            reading = attrs.evolve(reading, article=article, flag=flag)
        archive.articles.store(reading, now)
    return archive


def judge(archive: Archive, now, **words: str) -> None:
    verdicts = Verdicts(archive.db)
    for article, word in words.items():
        number = int(article.removeprefix("a"))
        asked_by = "queue" if number <= 4 else "probe"
        verdicts.record(
            Verdict(article=number, verdict=word, reviewer="awa", asked_by=asked_by), now
        )


def test_sample_is_the_same_all_day_and_another_the_next_day(filled, now):
    today = daily_sample(filled.db, now.date())
    assert today == daily_sample(filled.db, now.date())
    assert len(today) == 10
    assert all(5 <= article <= 16 for article in today[:7])
    assert all(article > 16 for article in today[7:])
    assert today != daily_sample(filled.db, now.date() + timedelta(days=1))


def test_what_was_judged_today_is_done_and_what_was_judged_before_is_not_drawn(filled, now):
    sample = daily_sample(filled.db, now.date())
    judge(filled, now, **{f"a{sample[0]}": "irrelevant"})
    after = progress(filled.db, daily_sample(filled.db, now.date()))
    assert after.articles == sample
    assert after.left == sample[1:]
    assert sample[0] not in daily_sample(filled.db, now.date() + timedelta(days=1))


def test_old_articles_are_not_drawn(filled, now):
    assert daily_sample(filled.db, now.date() + timedelta(days=9)) == []


def test_precision_recall_and_misses_come_from_the_verdicts(filled, now):
    judge(filled, now, a1="relevant", a2="relevant", a3="irrelevant", a4="unsure")
    judge(
        filled,
        now,
        a5="relevant",
        a6="irrelevant",
        a7="irrelevant",
        a8="irrelevant",
        a20="irrelevant",
    )
    quality = measure_quality(filled.db)
    assert (quality.flags.hits, quality.flags.size, quality.unsure) == (2, 3, 1)
    assert [(m.kind, m.articles, m.share.hits, m.share.size) for m in quality.misses] == [
        ("naming", 12, 1, 4),
        ("others", 8, 0, 1),
    ]
    caught, missed = 4 * 2 / 3, 12 * 1 / 4
    assert quality.recall == pytest.approx(caught / (caught + missed))
    (rule,) = quality.rules
    assert (rule.name, rule.hits, rule.size) == ("military-training", 2, 3)


def test_without_unflagged_articles_recall_is_unknown(filled, now):
    """As after a sweep, which stores flagged articles alone: nobody looked at what was missed."""
    judge(filled, now, a1="relevant")
    filled.db.execute("update flags set flagged = 1")

    quality = measure_quality(filled.db)

    assert (quality.flags.hits, quality.recall) == (1, None)


def test_without_a_probe_recall_is_unknown(filled, now):
    judge(filled, now, a1="relevant")
    assert measure_quality(filled.db).recall is None


def test_a_theme_that_a_reviewer_took_out_counts_as_wrong(filled, now):
    record = Verdicts(filled.db).record
    record(Verdict(article=1, verdict="relevant", reviewer="awa"), now)
    record(Verdict(article=2, verdict="relevant", reviewer="awa", themes=("food",)), now)
    (theme,) = measure_quality(filled.db).themes
    assert (theme.name, theme.hits, theme.size) == ("military", 1, 2)


def test_agreement_counts_articles_with_two_reviewers(filled, now):
    record = Verdicts(filled.db).record
    for reviewer, first in (("awa", "relevant"), ("zoé", "irrelevant")):
        record(Verdict(article=1, verdict=first, reviewer=reviewer), now)
        record(Verdict(article=2, verdict="relevant", reviewer=reviewer), now)
    record(Verdict(article=3, verdict="relevant", reviewer="awa"), now)
    agreement = measure_quality(filled.db).agreement
    assert (agreement.hits, agreement.size) == (1, 2)


def test_only_rules_that_are_surely_worse_are_to_be_tightened(filled, now):
    judge(filled, now, a1="relevant", a2="irrelevant")
    quality = measure_quality(filled.db)
    assert quality.tighten == []
    good = [attrs.evolve(quality.flags, name="good", hits=90, size=100)]
    bad = [attrs.evolve(quality.flags, name="bad", hits=5, size=60)]
    unlucky = [attrs.evolve(quality.flags, name="unlucky", hits=1, size=3)]
    worse = attrs.evolve(
        quality, rules=good + bad + unlucky, flags=attrs.evolve(quality.flags, hits=95, size=160)
    )
    assert [share.name for share in worse.tighten] == ["bad"]
