"""SQL at the desk: read-only, in time and in bounds."""

from __future__ import annotations

import hashlib
import time

import pytest

ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


@pytest.mark.serial
@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(ENDLESS, id="endless"),
        pytest.param("select zeroblob(1000000000)", id="gigabyte"),
        pytest.param("select replace(hex(zeroblob(4000000)), '00', 'xxxxxxxx')", id="growing-text"),
        pytest.param("delete from verdicts", id="delete"),
        pytest.param("insert into sources values (1)", id="insert"),
        pytest.param("with x as (select 1) delete from articles", id="delete-behind-with"),
        pytest.param("pragma writable_schema = on", id="pragma"),
        pytest.param("select * from pragma_journal_mode('delete')", id="pragma-function"),
        pytest.param("attach database '/tmp/stolen.db' as stolen", id="attach"),
        pytest.param("select load_extension('/tmp/x.so')", id="load-extension"),
        pytest.param("vacuum into '/tmp/stolen.db'", id="vacuum"),
        pytest.param("select 1; delete from verdicts", id="two-statements"),
    ],
)
def test_harmful_sql_is_refused_soon_and_changes_nothing(desk, sql):
    before = hashlib.sha256(desk.path.read_bytes()).hexdigest()
    start = time.monotonic()
    answer = desk.get("/archive.json", params={"sql": sql})
    assert time.monotonic() - start < 1.5
    assert answer.status_code == 400
    assert len(answer.content) < 10_000
    assert hashlib.sha256(desk.path.read_bytes()).hexdigest() == before


def test_reading_sql_is_answered(desk):
    answer = desk.get(
        "/archive.json", params={"sql": "select count(*) as n from articles", "_shape": "array"}
    )
    assert answer.json() == [{"n": 40}]


def test_every_described_view_table_and_saved_query_answers(desk):
    from review.desk.metadata import describe

    described = describe("archive")["databases"]["archive"]
    for name, table in described["tables"].items():
        answer = desk.get(f"/archive/{name}.json", params={"_size": "1"})
        assert answer.status_code == 200, name
        columns = set(answer.json()["columns"])
        assert set(table.get("columns", {})) <= columns, name
        assert set(table.get("facets", [])) <= columns, name
        assert desk.get(f"/archive/{name}").status_code == 200, name
    for name in described["queries"]:
        answer = desk.get(f"/archive/{name}.json", params={"country": "ML", "theme": "military"})
        assert answer.status_code == 200, name


def test_archive_cannot_be_downloaded(desk):
    assert desk.get("/archive.db").status_code in (403, 404)
