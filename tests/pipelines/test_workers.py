"""The pool of worker processes, with pages that harm them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from pipelines.matching.ruleset import RuleSet
from pipelines.reader import Reader
from pipelines.workers import WorkerDiedError, WorkerFailedError, Workers, WorkerTimeoutError
from storage.records import Page, Reading, Refusal

NOW = datetime(2026, 11, 22, tzinfo=UTC)
T = TypeVar("T")
SENTENCE = "Le ministre malien de la Défense a reçu à Bamako des instructeurs russes. "


@pytest.fixture(scope="module")
def workers(rules: RuleSet) -> Iterator[Workers]:
    workers = Workers(rules, size=2, task_seconds=6)
    yield workers
    workers.stop()


def page(number: int, body: str, source: str = "matin") -> Page:
    url = f"https://{source}.example/article-{number}-de-fond.html"
    return Page(
        source=source, url=url, queued_url=url, body=body.encode(), fetched_at=NOW, country="ML"
    )


def good(number: int, source: str = "matin") -> Page:
    text = "".join(f"<p>{SENTENCE}{'Le soir tombe sur la ville. ' * 9}{n}</p>" for n in range(5))
    return page(
        number, f"<html lang=fr><article><h1>Bamako {number}</h1>{text}</article></html>", source
    )


def together(*tasks: Awaitable[T]) -> list[T]:
    async def gather() -> list[T]:
        return list(await asyncio.gather(*tasks))

    return asyncio.run(gather())


def test_a_page_is_read_in_one_trip(workers: Workers, rules: RuleSet) -> None:
    (reading,) = together(Reader(workers, "flagged").read(good(1)))

    assert isinstance(reading, Reading)
    assert reading.article.title == "Bamako 1"
    assert (reading.language.code, reading.flag.flagged) == ("fr", True)
    assert reading.flag.rule_set == rules.digest
    assert reading.raw is not None
    assert len(reading.fingerprint) == 1  # the text repeats itself


ATTRIBUTES = "<html><p " + " ".join(f"a{n}='x'" for n in range(40_000)) + ">texte</p></html>"
DEPTH = "<html><body>" + "<div>" * 100_000 + "texte" + "</body></html>"


@pytest.mark.parametrize("poison", [ATTRIBUTES, DEPTH], ids=["40,000 attributes", "depth 100,000"])
def test_a_poison_page_costs_itself_alone(workers: Workers, poison: str) -> None:
    reader = Reader(workers, "none")

    bad, *others = together(
        reader.read(page(0, poison, "hostile")), *(reader.read(good(n)) for n in range(8))
    )

    assert isinstance(bad, Refusal)
    assert bad.reason in {"extract_timeout", "extract_crash", "extract_short"}
    assert [type(other) for other in others] == [Reading] * 8


def _wait(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


@pytest.fixture(scope="module")
def lanes(rules: RuleSet) -> Iterator[Workers]:
    """Workers for tasks that wait, which a busy machine does not make slower."""
    workers = Workers(rules, size=2, task_seconds=2, quick_seconds=1)
    together(workers.run(_wait, 0), workers.run(_wait, 0))
    yield workers
    workers.stop()


def test_slow_pages_hold_up_one_another_and_nobody_else(lanes: Workers) -> None:
    ended: list[str] = []

    async def read(source: str, seconds: float) -> None:
        with contextlib.suppress(WorkerTimeoutError):
            await lanes.run(_wait, seconds, of=source)
        ended.append(source)

    together(*(read(f"slow-{n}", 9) for n in range(3)), *(read("quick", 0) for _ in range(40)))

    assert ended[:40] == ["quick"] * 40
    assert sorted(ended[40:]) == ["slow-0", "slow-1", "slow-2"]


def test_a_source_leaves_the_slow_lane_with_its_first_quick_page(lanes: Workers) -> None:
    together(lanes.run(_wait, 1.3, of="soir"))
    assert "soir" in lanes.slow_sources

    together(*(lanes.run(_wait, seconds, of="soir") for seconds in (1.2, 0)))

    assert "soir" not in lanes.slow_sources


def _die(_: int) -> None:
    os._exit(9)


def _fail(_: int) -> None:
    raise LookupError("no such thing")


@pytest.mark.parametrize(
    ("task", "error"), [(_die, WorkerDiedError), (_fail, WorkerFailedError)], ids=["dies", "raises"]
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_task_that_dies_or_raises_is_told_and_the_pool_goes_on(
    workers: Workers, task: Callable[[int], None], error: type[Exception]
) -> None:
    with pytest.raises(error):
        together(workers.run(task, 1))

    (reading,) = together(Reader(workers, "none").read(good(2)))
    assert isinstance(reading, Reading)
    assert reading.raw is None
