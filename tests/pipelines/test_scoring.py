from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from pipelines.matching.ruleset import RuleSet
from pipelines.scoring import (
    Labelled,
    ScoringError,
    Tally,
    bootstrap,
    predict,
    prediction,
    read_articles,
    score,
)
from storage.intervals import wilson
from storage.records import Flag

FLAG = Flag(rule_set="r", flagged=True, score=60, themes=("military",), countries=("ML",))
NO_FLAG = Flag(rule_set="r", flagged=False, score=3)


def labelled(name: str, *, flag: bool, **labels: object) -> Labelled:
    row = Labelled(id=name, title=f"Titre {name}", text="", flag=flag)
    return attrs.evolve(row, **labels)


ON_SUBJECT = labelled("a", flag=True, themes=frozenset({"military"}), countries=frozenset({"ML"}))


def test_right_and_wrong_answers_are_told_apart() -> None:
    report = score(
        [
            (ON_SUBJECT, FLAG),
            (labelled("b", flag=True, themes=frozenset({"food"})), NO_FLAG),
            (labelled("c", flag=False), FLAG),
            (labelled("d", flag=False), NO_FLAG),
        ]
    )

    assert report.flag == Tally(hits=1, false_alarms=1, misses=1)
    assert (report.flag.precision, report.flag.recall, report.flag.f1) == (0.5, 0.5, 0.5)
    assert report.themes == Tally(hits=1, false_alarms=0, misses=1)
    assert report.by_theme["food"] == Tally(0, 0, 1)
    assert [(one.id, one.kind) for one in report.disagreements] == [
        ("b", "miss"),
        ("c", "false alarm"),
    ]


def test_wrong_themes_and_countries_are_listed_beside_each_other() -> None:
    flag = attrs.evolve(FLAG, themes=("food",), countries=("BF", "ML"))

    report = score([(ON_SUBJECT, flag)])

    assert [(one.kind, one.expected, one.found) for one in report.disagreements] == [
        ("themes", ("military",), ("food",)),
        ("countries", ("ML",), ("BF", "ML")),
    ]
    assert report.countries == Tally(hits=1, false_alarms=1, misses=0)


def test_borderline_rows_count_only_when_asked_for_and_unlabelled_ones_never() -> None:
    judged = [
        (ON_SUBJECT, FLAG),
        (labelled("b", flag=True, borderline=True), FLAG),
        (Labelled(id="c", title="", text=""), FLAG),
    ]

    assert score(judged).rows == 1
    assert score(judged, include_borderline=True).rows == 2


def test_intervals_are_those_of_the_textbook() -> None:
    low, high = wilson(95, 100) or (0, 0)

    assert (round(low, 3), round(high, 3)) == (0.888, 0.978)
    assert Tally(0, 0, 0).as_dict()["precision_interval"] is None
    assert bootstrap([]) is None
    interval = bootstrap([(True, True)] * 90 + [(True, False)] * 10)
    assert interval is not None
    assert 0.9 < interval[0] < 2 * 90 / 190 < interval[1] < 1
    assert bootstrap([(False, False)]) is None


def test_a_file_is_read_judged_and_written(tmp_path: Path, rules: RuleSet) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(
        json.dumps({"id": 7, "title": None, "text": "Des instructeurs russes forment le Mali."})
        + "\n\n",
        encoding="utf-8",
    )

    ((article, flag),) = predict(read_articles(file), rules)

    assert (article.id, article.flag) == ("7", None)
    told = prediction(article, flag)
    assert (told["id"], told["flagged"], told["countries"]) == ("7", True, ("ML",))
    assert list(told) == ["id", "flagged", "score", "themes", "countries", "matches"]
    assert json.loads(json.dumps(told))["matches"][0]["words"]


@pytest.mark.parametrize("line", ["{", '{"id": 1}', "[]", '"text"'])
def test_a_line_that_is_no_article_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text('{"id": 1, "text": ""}\n' + line + "\n", encoding="utf-8")

    with pytest.raises(ScoringError, match=r"articles\.jsonl:2: no article"):
        read_articles(file)
