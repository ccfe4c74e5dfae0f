"""The columns of the views are a contract, and the examples of the documents answer what is there."""

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


WHEAT, CARGO, MARKET = (
    f"https://{page}" for page in ("matin.example/1", "soir.example/2", "soir.example/3")
)
FILMS = range(5, 0, -1)
ANSWERS: tuple[list[tuple[object, ...]], ...] = (
    [
        ("2026-11-20T08:00:00Z", "Matin", 60, "Du blé russe à Bamako", "blé russe"),
        ("2025-03-01T10:00:00Z", "Soir", 40, "Un cargo au port", None),
        *[(f"2024-05-0{n}T00:00:00Z", "Relais", 30, f"Le film {n}", "film russe") for n in FILMS],
    ],
    [("2026-11", "food", 1)],
    [("2025-03-01T12:00:00Z", "soir", "AFP", 2, "Un cargo au port")],
    [("AFP", "soir", 2), ("AFP", "matin", 1)],
    [("2026-11-20T08:00:00Z", "Du blé russe à Bamako", "Le [blé] [russe] arrive.")],
    [("2025-03-03T00:00:00Z", MARKET, 0, 12)],
    [("2025-04-02T00:00:00Z", "soir", "Le marché", MARKET)],
    [("culture-film", 5, 0.6)],
    [("2026-11", "food", 1, 1), ("2025-03", "food", 1, 1), ("2024-05", "culture", 5, 5)],
    [("2026-11", "ML", 1), ("2025-03", "SN", 1), ("2024-05", "CM", 5)],
    [
        ("relais", "CM", "2024-05-05T00:00:00Z", None),
        ("soir", "SN", "2025-03-01T12:00:00Z", '{"feed_gone": 3}'),
    ],
    [
        ("2026-11-20T08:00:00Z", 60, "Du blé russe à Bamako", "ML", 2),
        ("2025-03-01T10:00:00Z", 40, "Un cargo au port", "SN", 2),
    ],
)  # fmt: skip
"""What the examples answer, in their order."""


@pytest.mark.parametrize(
    ("sql", "answer"),
    list(zip(EXAMPLES, ANSWERS, strict=True)),
    ids=[" ".join(sql.split())[:60] for sql in EXAMPLES],
)
def test_an_example_answers_what_the_archive_holds(
    archive: Archive, sql: str, answer: list[tuple[object, ...]]
) -> None:
    assert archive.db.execute(sql).fetchall() == answer


_ROWS = (
    """
    insert into sources (slug, name, country, language, url) values
        ('matin', 'Matin', 'ML', 'fr', 'https://matin.example'),
        ('soir', 'Soir', 'SN', 'fr', 'https://soir.example'),
        ('relais', 'Relais', 'CM', 'fr', 'https://relais.example')
    """,
    "insert into rule_sets values ('rules-1', '1', '2026-11-20T00:00:00Z', '[[rule]]')",
    "insert into runs (command, started_at) values ('crawl', '2026-11-21T00:00:00Z')",
    """
    insert into polls (run, source, started_at, seconds, requests, new_pages, stored, duplicate,
        refused, flagged, errors)
    values (1, 'soir', '2026-11-21T00:00:00Z', 1, 3, 0, 0, 0, 0, 0, '{"feed_gone": 3}')
    """,
    "insert into clusters values (1, '2025-03-01T12:00:00Z', 'AFP', 2)",
    # The view of silent sources counts from the present: what is new must be of yesterday.
    f"""
    insert into articles (source, url, canonical_url, title, text, published_at, first_seen,
        last_checked, language, language_confidence, digest, text_digest, cluster, agency)
    values
        ('matin', '{WHEAT}', '{WHEAT}', 'Du blé russe à Bamako', 'Le blé russe arrive.',
         '2026-11-20T08:00:00Z', strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 day'),
         '', 'fr', 1.0, '', '', 1, 'AFP'),
        ('soir', '{CARGO}', '{CARGO}', 'Un cargo au port', 'Il décharge.',
         '2025-03-01T10:00:00Z', '2025-03-01T12:00:00Z', '', 'fr', 1.0, '', '', 1, 'AFP'),
        ('soir', '{MARKET}', '{MARKET}', 'Le marché', 'Il ouvre.',
         '2025-02-01T10:00:00Z', '2025-02-01T12:00:00Z', '', 'fr', 1.0, '', '', null, 'AFP')
    """,  # noqa: S608 - addresses of this test
    """
    insert into articles (source, url, canonical_url, title, text, published_at, first_seen,
        last_checked, language, language_confidence, digest, text_digest)
    select 'relais', 'https://relais.example/' || value, 'https://relais.example/' || value,
           'Le film ' || value, 'Il passe en salle.', '2024-05-0' || value || 'T00:00:00Z',
           '2024-05-0' || value || 'T00:00:00Z', '', 'fr', 1.0, '', ''
      from json_each('[1, 2, 3, 4, 5]')
    """,
    """
    insert into flags (article, rule_set, flagged, score, themes, countries, flagged_at)
    select id, 'rules-1', source <> 'soir' or id = 2, iif(id = 1, 60, iif(id = 2, 40, 30)),
           iif(source = 'relais', '["culture"]', '["food"]'),
           json_array((select country from sources where slug = source)), ''
      from articles
    """,
    """
    insert into matches (article, rule, theme, field, start, "end", words, sentence_start,
        sentence_end)
    select id, iif(id = 1, 'food-wheat', 'culture-film'), 'food', 'text', 0, 9,
           iif(id = 1, 'blé russe', 'film russe'), 0, 20
      from articles where source <> 'soir'
    """,
    """
    insert into verdicts (article, verdict, reviewer, at)
    select id, iif(id % 2, 'irrelevant', 'relevant'), 'awa', '2026-11-21T00:00:00Z'
      from articles where source = 'relais'
    """,
    """
    insert into revisions (article, seen_at, title, text, digest, added_flagged, added_score)
    values (3, '2025-03-03T00:00:00Z', 'Le marché', 'Il ferme.', '', 0, 12)
    """,
    "insert into revisits (article, gone_at) values (3, '2025-04-02T00:00:00Z')",
)
