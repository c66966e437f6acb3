"""Many who ask the same at one moment cause one search."""

import asyncio

import pytest

from core.single_flight import SingleFlight
from tests.support.eventually import turns


class Archive:
    """Answers when it is let, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.open = asyncio.Event()
        self.once = SingleFlight(self.find)

    async def find(self, question: str) -> str:
        self.asked.append(question)
        await self.open.wait()
        if question == "missing":
            raise LookupError(question)
        return question.upper()


async def test_all_who_ask_meanwhile_share_one_search_and_later_ones_ask_anew() -> None:
    archive = Archive()
    callers = [asyncio.create_task(archive.once(one)) for one in ("a", "b", "a", "a")]
    await turns()
    archive.open.set()
    assert await asyncio.gather(*callers) == ["A", "B", "A", "A"]
    assert archive.asked == ["a", "b"]
    assert await archive.once("a") == "A"
    assert archive.asked == ["a", "b", "a"]


async def test_error_reaches_everyone_and_is_not_kept() -> None:
    archive = Archive()
    callers = [asyncio.create_task(archive.once("missing")) for _n in range(3)]
    await turns()
    archive.open.set()
    told = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(one) for one in told] == [LookupError] * 3
    with pytest.raises(LookupError):
        await archive.once("missing")
    assert archive.asked == ["missing"] * 2


async def test_who_hangs_up_takes_no_one_elses_answer_along() -> None:
    archive = Archive()
    first, second = (asyncio.create_task(archive.once("a")) for _n in range(2))
    await turns()
    first.cancel()
    await turns()
    archive.open.set()
    assert await second == "A"
    assert first.cancelled()
