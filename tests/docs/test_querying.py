"""The columns of the views are a contract, and the examples of the documents run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from storage.archive import Archive

PAGE = (Path(__file__).parents[2] / "docs" / "querying.md").read_text(encoding="utf-8")
VIEWS = {
    name: re.findall(r"`(\w+)`", columns)
    for name, columns in re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)
}
EXAMPLES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def archive() -> Archive:
    archive = Archive.open(":memory:")
    for statement in _ROWS:
        archive.db.execute(statement)
    return archive


def test_every_view_is_in_the_documents(archive: Archive) -> None:
    assert set(archive.db.view_names()) == set(VIEWS)


@pytest.mark.parametrize("view", list(VIEWS))
def test_a_view_has_the_columns_that_were_promised(archive: Archive, view: str) -> None:
    columns = [row[0] for row in archive.db.execute(f"select * from {view}").description]  # noqa: S608

    assert columns == VIEWS[view]


@pytest.mark.parametrize("sql", EXAMPLES, ids=lambda sql: " ".join(sql.split())[:60])
def test_an_example_runs(archive: Archive, sql: str) -> None:
    archive.db.execute(sql).fetchall()


def test_the_first_examples_find_what_is_there(archive: Archive) -> None:
    answers = [archive.db.execute(sql).fetchall() for sql in EXAMPLES]

    assert answers[0] == [("2026-11-20T08:00:00Z", "Matin", 60, "Du blé russe à Bamako", None)]
    assert answers[1] == [("2026-11", "food", 1)]
    assert answers[4] == [
        ("2026-11-20T08:00:00Z", "Du blé russe à Bamako", "Le [blé] [russe] arrive.")
    ]


_ROWS = (
    """
    insert into sources (slug, name, country, language, url)
    values ('matin', 'Matin', 'ML', 'fr', 'https://matin.example')
    """,
    "insert into rule_sets values ('rules-1', '1', '2026-11-20T00:00:00Z', '[[rule]]')",
    """
    insert into articles (source, url, canonical_url, title, text, published_at, first_seen,
        last_checked, language, language_confidence, digest, text_digest)
    values ('matin', 'https://matin.example/1', 'https://matin.example/1', 'Du blé russe à Bamako',
        'Le blé russe arrive.', '2026-11-20T08:00:00Z', '2026-11-21T00:00:00Z',
        '2026-11-21T00:00:00Z', 'fr', 1.0, '', '')
    """,
    """
    insert into flags (article, rule_set, flagged, score, themes, countries, flagged_at)
    values (1, 'rules-1', 1, 60, '["food"]', '["ML"]', '')
    """,
)
