"""One answer for all who ask the same while it is being found."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")


class AskedOnce(Generic[Question, Answer]):
    """After a restart every client is back at once, and all want to know the same.

    Nothing is kept beyond the answer: who asks later asks anew.
    """

    def __init__(self, find: Callable[[Question], Awaitable[Answer]]) -> None:
        self._find = find
        self._under_way: dict[Question, asyncio.Task[Answer]] = {}

    async def __call__(self, question: Question) -> Answer:
        """Raises what the search raises, for everyone who waits for it."""
        task = self._under_way.get(question)
        if task is None:
            task = self._under_way[question] = asyncio.create_task(self._search(question))
            task.add_done_callback(_noted)
        # a client that hangs up takes no one else's answer with it
        return await asyncio.shield(task)

    async def _search(self, question: Question) -> Answer:
        try:
            return await self._find(question)
        finally:
            del self._under_way[question]


def _noted(task: "asyncio.Task[Answer]") -> None:
    """All who waited may be gone: an error that nobody is left to hear is no fault."""
    if not task.cancelled():
        task.exception()
