"""Costly values: collected once, served while the next one is on its way."""

from __future__ import annotations

import asyncio

import pytest

from review.desk.kept import Kept


class Source:
    """Gives 1, 2, 3 … when told to."""

    def __init__(self) -> None:
        self.asked: list[asyncio.Future[int]] = []

    def __call__(self) -> asyncio.Future[int]:
        self.asked.append(asyncio.get_running_loop().create_future())
        return self.asked[-1]


async def _settled(waiting: asyncio.Task[int]) -> None:
    for _ in range(3):
        await asyncio.sleep(0)
    assert not waiting.done()


def test_those_who_come_first_wait_for_the_same_value():
    async def run() -> list[int]:
        source = Source()
        kept = Kept(source, 1000)
        waiting = [asyncio.ensure_future(kept.get()) for _ in range(3)]
        await _settled(waiting[0])
        source.asked[0].set_result(7)
        values = [await one for one in waiting]
        assert len(source.asked) == 1
        return [*values, await kept.get()]

    assert asyncio.run(run()) == [7, 7, 7, 7]


def test_an_old_value_serves_while_the_next_is_collected(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr("review.desk.kept.time.monotonic", lambda: clock[0])

    async def run() -> list[int]:
        source = Source()
        kept = Kept(source, 5)
        first = asyncio.ensure_future(kept.get())
        await _settled(first)
        source.asked[0].set_result(1)
        values = [await first]
        clock[0] += 6
        values += [await kept.get(), await kept.get()]
        assert len(source.asked) == 2
        source.asked[1].set_result(2)
        await asyncio.sleep(0)
        return [*values, await kept.get()]

    assert asyncio.run(run()) == [1, 1, 1, 2]


def test_after_a_long_silence_nobody_is_served_the_old_value(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr("review.desk.kept.time.monotonic", lambda: clock[0])

    async def run() -> int:
        source = Source()
        kept = Kept(source, 5)
        first = asyncio.ensure_future(kept.get())
        await _settled(first)
        source.asked[0].set_result(1)
        await first
        clock[0] += 3600
        second = asyncio.ensure_future(kept.get())
        await _settled(second)
        source.asked[1].set_result(2)
        return await second

    assert asyncio.run(run()) == 2


def test_a_failure_is_told_and_the_next_one_tries_again():
    async def run() -> int:
        source = Source()
        kept = Kept(source, 5)
        first = asyncio.ensure_future(kept.get())
        await _settled(first)
        source.asked[0].set_exception(OSError("disk"))
        with pytest.raises(OSError, match="disk"):
            await first
        second = asyncio.ensure_future(kept.get())
        await _settled(second)
        source.asked[1].set_result(3)
        return await second

    assert asyncio.run(run()) == 3
