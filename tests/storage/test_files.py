"""Files that are there as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.errors import StorageError, WrongInputError
from storage.files import replacing


def test_a_file_is_replaced_when_all_went_well(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")
    (tmp_path / ".a.csv.part").write_text("what a killed command left, longer than the new text")

    with replacing(tmp_path / "a.csv") as temporary:
        assert temporary.read_text() == ""
        temporary.write_text("new")
        assert (tmp_path / "a.csv").read_text() == "old"

    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.csv", "new")]


def test_a_file_that_somebody_else_writes_is_left_to_them(tmp_path: Path) -> None:
    with replacing(tmp_path / "a.csv") as temporary:
        temporary.write_text("half of ")
        with (
            pytest.raises(StorageError, match=r"a\.csv: another command is writing it"),
            replacing(tmp_path / "a.csv"),
        ):
            pass
        with temporary.open("a") as file:
            file.write("the first")

    assert (tmp_path / "a.csv").read_text() == "half of the first"


def test_a_failure_leaves_the_older_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")

    with (
        pytest.raises(StorageError, match="cannot be written"),
        replacing(tmp_path / "a.csv") as temporary,
    ):
        temporary.joinpath("..").resolve().write_text("new")

    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.csv", "old")]


def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "a.csv").symlink_to(tmp_path / "disk" / "real.csv")

    with replacing(tmp_path / "a.csv") as temporary:
        temporary.write_text("new")

    assert (tmp_path / "a.csv").is_symlink()
    assert (tmp_path / "disk" / "real.csv").read_text() == "new"


def test_a_missing_folder_and_a_device_are_told(tmp_path: Path) -> None:
    with pytest.raises(WrongInputError, match="no such folder"), replacing(tmp_path / "no" / "a"):
        pass
    with pytest.raises(StorageError, match="no ordinary file"), replacing(Path("/dev/null")):
        pass
