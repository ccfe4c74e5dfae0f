"""The pool of worker processes, with pages that harm them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from pipelines.matching.ruleset import RuleSet
from pipelines.reader import Reader
from pipelines.workers import WorkerDiedError, WorkerFailedError, Workers
from storage.records import Page, Reading, Refusal

NOW = datetime(2026, 11, 22, tzinfo=UTC)
T = TypeVar("T")
SENTENCE = "Le ministre malien de la Défense a reçu à Bamako des instructeurs russes. "


@pytest.fixture(scope="module")
def workers(rules: RuleSet) -> Iterator[Workers]:
    workers = Workers(rules, size=2, task_seconds=3)
    yield workers
    workers.stop()


def page(number: int, body: str) -> Page:
    url = f"https://matin.example/article-{number}-de-fond.html"
    return Page(
        source="matin", url=url, queued_url=url, body=body.encode(), fetched_at=NOW, country="ML"
    )


def good(number: int) -> Page:
    text = "".join(f"<p>{SENTENCE}{'Le soir tombe sur la ville. ' * 9}{n}</p>" for n in range(5))
    return page(number, f"<html lang=fr><article><h1>Bamako {number}</h1>{text}</article></html>")


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


@pytest.mark.parametrize(
    "poison",
    [
        "<html><body><p "
        + " ".join(f"a{n}='x'" for n in range(40_000))
        + ">texte</p></body></html>",
        "<html><body>" + "<div>" * 100_000 + "texte" + "</body></html>",
    ],
    ids=["40,000 attributes", "100,000 nested divs"],
)
def test_a_poison_page_costs_itself_alone(workers: Workers, poison: str) -> None:
    reader = Reader(workers, "none")

    bad, *others = together(reader.read(page(0, poison)), *(reader.read(good(n)) for n in range(8)))

    assert isinstance(bad, Refusal)
    assert bad.reason in {"extract_timeout", "extract_crash", "extract_short"}
    assert [type(other) for other in others] == [Reading] * 8


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
