"""Single flight: callers who ask the same at the same time share one search for the answer."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")


class SingleFlight(Generic[Question, Answer]):
    """Wraps a search so that no two of them for one question run at the same time.

    After a restart all clients return at once and ask the same. Nothing is cached: the next
    question after the answer starts a new search.
    """

    def __init__(self, find: Callable[[Question], Awaitable[Answer]]) -> None:
        self._find = find
        self._under_way: dict[Question, asyncio.Task[Answer]] = {}

    async def __call__(self, question: Question) -> Answer:
        """The answer. Whatever the search raises is raised for everyone who waits for it."""
        task = self._under_way.get(question)
        if task is None:
            task = self._under_way[question] = asyncio.create_task(self._search(question))
            task.add_done_callback(_retrieve_error)
        # Shielded: a caller that is cancelled must not cancel the search for the others.
        return await asyncio.shield(task)

    async def _search(self, question: Question) -> Answer:
        try:
            return await self._find(question)
        finally:
            del self._under_way[question]


def _retrieve_error(task: "asyncio.Task[Answer]") -> None:
    """All callers may have been cancelled: an error that nobody waits for is not logged."""
    if not task.cancelled():
        task.exception()
