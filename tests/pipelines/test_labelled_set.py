"""Labelled set: the benchmark articles keep the shape that the score command relies on."""

import json
import unicodedata
from collections import Counter
from typing import Any

import pytest

from benchmarks.flagging.__main__ import FOLDER, SETS
from storage.records import THEMES

FIELDS: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "title": str,
    "text": str,
    "outlet_country": (str, type(None)),
    "flag": bool,
    "themes": list,
    "countries": list,
    "borderline": bool,
    "pitfall": (str, type(None)),
}
CODES = (
    "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY "
    "MA MG ML MR MU MW MZ NA NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW"
)
AFRICAN_STATES = frozenset(CODES.split())

Row = dict[str, Any]


def read_rows(name: str = "labelled") -> list[Row]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_all() -> list[Row]:
    return [row for name in SETS for row in read_rows(name)]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read_rows()


@pytest.fixture(scope="module")
def positives(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["flag"] and not row["borderline"]]


@pytest.fixture(scope="module")
def negatives(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not row["flag"] and not row["borderline"]]


def test_africa_has_54_states() -> None:
    assert len(AFRICAN_STATES) == 54


@pytest.mark.parametrize("name", SETS)
def test_rows_have_exactly_the_documented_fields(name: str) -> None:
    for row in read_rows(name):
        assert list(row) == list(FIELDS), row["id"]
        assert all(isinstance(row[field], kind) for field, kind in FIELDS.items()), row["id"]


def test_ids_and_titles_are_unique() -> None:
    for field in ("id", "title"):
        counts = Counter(row[field] for row in read_all())
        repeated = [value for value, n in counts.items() if n > 1]
        assert repeated == []


def test_text_is_composed_and_has_no_empty_paragraph() -> None:
    wrong = [
        row["id"]
        for row in read_all()
        if not unicodedata.is_normalized("NFC", row["title"] + row["text"])
        or not all(part.strip() for part in [row["title"], *row["text"].split("\n")])
    ]
    assert wrong == []


def test_themes_and_countries_are_known_and_not_repeated() -> None:
    for row in read_all():
        assert set(row["themes"]) <= set(THEMES), row["id"]
        assert set(row["countries"]) <= AFRICAN_STATES, row["id"]
        assert row["outlet_country"] is None or row["outlet_country"] in AFRICAN_STATES, row["id"]
        assert len(row["themes"]) == len(set(row["themes"])), row["id"]
        assert row["countries"] == sorted(set(row["countries"])), row["id"]


def test_what_is_flagged_has_a_theme_and_what_is_not_has_no_label() -> None:
    for row in read_all():
        assert bool(row["themes"]) is row["flag"], row["id"]
        assert row["flag"] or row["countries"] == [], row["id"]


def test_every_hard_negative_names_its_pitfall(negatives: list[Row]) -> None:
    assert [row["id"] for row in negatives if row["pitfall"] is None] == []


def test_set_is_large_enough_on_both_sides(positives: list[Row], negatives: list[Row]) -> None:
    assert len(positives) >= 170
    assert len(negatives) >= 180


def test_every_theme_has_ten_positives(positives: list[Row]) -> None:
    counts = Counter(theme for row in positives for theme in row["themes"])
    assert [theme for theme in THEMES if counts[theme] < 10] == []


def test_thirty_countries_take_part(positives: list[Row]) -> None:
    assert len({code for row in positives for code in row["countries"]}) >= 30


def test_typography_of_the_press_is_kept(rows: list[Row]) -> None:
    texts = [row["title"] + row["text"] for row in rows]
    assert sum("'" in text and "’" in text for text in texts) >= 50
    assert sum("\u00a0" in text for text in texts) >= 50
    assert any("\u202f" in text for text in texts)
    assert any("\u2011" in text for text in texts)


def test_readme_states_the_counts(
    rows: list[Row], positives: list[Row], negatives: list[Row]
) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    borderline = len(rows) - len(positives) - len(negatives)
    stated = f"{len(positives)} positives, {len(negatives)} hard negatives and {borderline} border"
    assert stated in readme


def test_the_other_sets_are_of_one_kind_each() -> None:
    more, russian = read_rows("more_positives"), read_rows("other_russian_news")

    assert len(more) >= 60
    assert all(row["flag"] for row in more)
    assert len(russian) >= 60
    assert not any(row["flag"] for row in russian)
    assert all(row["pitfall"] for row in russian)
    assert all(row["outlet_country"] in AFRICAN_STATES for row in russian)


def test_the_held_out_set_has_both_sides_and_every_theme() -> None:
    rows = read_rows("heldout")

    assert sum(row["flag"] for row in rows) >= 120
    assert sum(not row["flag"] for row in rows) >= 120
    assert {theme for row in rows for theme in row["themes"]} == set(THEMES)
