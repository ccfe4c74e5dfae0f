from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from pipelines.cluster.plan import Plan, PlanError, alone_in, inputs_of, read_plan, settle_plan
from storage.errors import ArchiveBusyError


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "a.warc.gz").write_bytes(b"12345")
    return Plan(
        step="sweep",
        keep="flagged",
        keep_raw="all",
        sources="s",
        rule_set="r",
        rule_text="[[rule]] # blé",
        version="1",
        inputs=inputs_of([tmp_path / "a.warc.gz"]),
        tasks=1,
    )


def test_a_plan_is_written_once_and_found_again(tmp_path: Path, plan: Plan) -> None:
    settle_plan(tmp_path / "out", plan)
    settle_plan(tmp_path / "out", plan)

    assert read_plan(tmp_path / "out") == plan
    assert plan.inputs == ((str(tmp_path / "a.warc.gz"), 5),)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("step", "flag"),
        ("keep", "all"),
        ("rule_set", "other"),
        ("version", "2"),
        ("tasks", 2),
        ("inputs", ()),
        ("sources", "other"),
    ],
)
def test_a_folder_does_no_other_work_than_it_began(
    tmp_path: Path, plan: Plan, field: str, value: object
) -> None:
    settle_plan(tmp_path, plan)

    with pytest.raises(PlanError, match=rf"holds other work \({field} differ\)"):
        settle_plan(tmp_path, attrs.evolve(plan, **{field: value}))
    assert read_plan(tmp_path) == plan


def test_a_folder_of_partitions_without_a_plan_is_not_written_to(
    tmp_path: Path, plan: Plan
) -> None:
    (tmp_path / "all.parquet").write_bytes(b"somebody's")

    with pytest.raises(PlanError, match="holds no work"):
        settle_plan(tmp_path, plan)


def test_two_runs_are_not_at_work_in_one_folder(tmp_path: Path) -> None:
    with (
        alone_in(tmp_path),
        pytest.raises(ArchiveBusyError, match="another run is at work here"),
        alone_in(tmp_path),
    ):
        pass
    with alone_in(tmp_path):
        pass
