from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pyarrow
import pytest
from pyarrow import parquet

from pipelines.cluster.partitions import (
    SCHEMA,
    PartitionError,
    partitions_of,
    read_partition,
    sweep_up,
    write_partition,
)
from pipelines.cluster.rows import Row, page_of, reading_of, row_of
from storage.records import Page, Reading


def test_a_reading_comes_back_from_a_partition_as_it_was(
    tmp_path: Path, full: Reading, bare: Reading, page: Page
) -> None:
    write_partition([row_of(full, page), row_of(bare, page)], tmp_path / "one.parquet")

    assert list(map(reading_of, read_partition(tmp_path / "one.parquet"))) == [full, bare]


def test_numbers_keep_their_kind_so_that_both_archives_write_the_same(
    tmp_path: Path, full: Reading, page: Page
) -> None:
    write_partition([row_of(full, page)], tmp_path / "one.parquet")

    (row,) = read_partition(tmp_path / "one.parquet")

    assert repr(reading_of(row).flag.arithmetic) == "(('strength 2', 32), ('density', 8.8))"


def test_every_column_of_the_schema_is_filled(full: Reading, page: Page) -> None:
    assert list(row_of(full, page)) != []
    assert set(row_of(full, page)) == set(SCHEMA.names)
    assert [name for name, value in row_of(full, page).items() if value in (None, [])] == []


def test_the_page_of_a_row_is_the_one_that_was_read(full: Reading, page: Page) -> None:
    assert page_of(row_of(full, page), page.body) == page


def test_equal_rows_give_equal_bytes(tmp_path: Path, full: Reading, page: Page) -> None:
    for name in ("one", "two"):
        write_partition([row_of(full, page)] * 3, tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_partition_that_fails_halfway_is_not_there_and_the_older_one_stays(
    tmp_path: Path, full: Reading, page: Page
) -> None:
    path = tmp_path / "one.parquet"
    write_partition([], path)
    before = path.read_bytes()

    def broken() -> Iterator[Row]:
        yield row_of(full, page)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_partition(broken(), path)

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_of_one_partition_do_not_meet(
    tmp_path: Path, full: Reading, page: Page
) -> None:
    path = tmp_path / "one.parquet"

    def given_up_for_lost() -> Iterator[Row]:
        yield row_of(full, page)
        write_partition([row_of(full, page)], path)
        assert len(list(read_partition(path))) == 1

    write_partition(given_up_for_lost(), path)

    assert list(map(reading_of, read_partition(path))) == [full]


def test_what_a_killed_process_left_is_swept_up(tmp_path: Path) -> None:
    (tmp_path / ".00001.parquet.abc.part").write_bytes(b"half")
    write_partition([], tmp_path / "00002.parquet")

    sweep_up(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["00002.parquet"]


def test_what_is_no_partition_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "words.parquet").write_text("no")
    parquet.write_table(pyarrow.table({"url": ["x"]}), tmp_path / "other.parquet")
    (tmp_path / "empty").mkdir()

    with pytest.raises(PartitionError, match=r"words.parquet: cannot be read as Parquet"):
        list(read_partition(tmp_path / "words.parquet"))
    with pytest.raises(PartitionError, match=r"other.parquet: neither a partition nor an export"):
        list(read_partition(tmp_path / "other.parquet"))
    with pytest.raises(PartitionError, match=r"empty: no .parquet file in it"):
        partitions_of([tmp_path / "empty"])
    with pytest.raises(PartitionError, match=r"words.parquet: is no Parquet file"):
        partitions_of([tmp_path / "words.parquet"])


def test_the_bodies_of_other_columns_are_left_out(
    tmp_path: Path, full: Reading, page: Page
) -> None:
    write_partition([row_of(full, page)], tmp_path / "one.parquet")
    table = parquet.read_table(tmp_path / "one.parquet")
    more = table.append_column("later", pyarrow.array(["x"]))
    parquet.write_table(more, tmp_path / "more.parquet")

    (row,) = read_partition(tmp_path / "more.parquet")

    assert reading_of(row) == attrs.evolve(full)
