"""Waiting for a condition itself, with a bound.

A sleep that is hoped to be long enough fails on a busy machine and wastes time on an idle one.
The bound is there so that a test whose condition never comes true ends and says so; it is far
longer than anything takes, and no test becomes true or false by it.
"""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

import asyncpg

from core.database import db

PATIENCE = 60.0
"""Seconds after which what a test waits for is taken never to come."""

_PAUSE = 0.01
T = TypeVar("T")

_SOMEBODY_WAITS = """
SELECT EXISTS (
    SELECT FROM pg_locks AS wanted
    WHERE NOT wanted.granted AND wanted.pid IN (
        SELECT pid FROM pg_locks
        WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
)
"""


@overload
async def eventually(
    condition: Callable[[], Awaitable[T]],
    what: str = "",
    *,
    within: float = PATIENCE,
    pause: float = _PAUSE,
) -> T: ...


@overload
async def eventually(
    condition: Callable[[], T],
    what: str = "",
    *,
    within: float = PATIENCE,
    pause: float = _PAUSE,
) -> T: ...


async def eventually(
    condition: Callable[[], Any],
    what: str = "",
    *,
    within: float = PATIENCE,
    pause: float = _PAUSE,
) -> Any:
    """Ask again and again until the answer is true, and return that answer.

    `what` is told when it does not come, and so is the last answer. A shorter `pause` (seconds
    between two questions) is for what is true only for a moment.
    """
    deadline = time.monotonic() + within
    while True:
        answer = condition()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return answer
        _give_up_after(deadline, what, answer)
        await asyncio.sleep(pause)


def wait_until(condition: Callable[[], T], what: str = "", *, within: float = PATIENCE) -> T:
    """The same for a test without an event loop."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        _give_up_after(deadline, what, answer)
        time.sleep(_PAUSE)
    return answer


def _give_up_after(deadline: float, what: str, answer: object) -> None:
    assert time.monotonic() < deadline, f"waited in vain: {what}; the last answer was {answer!r}"


async def turns(count: int = 1) -> None:
    """Let everything that is ready in the event loop run, so many times over."""
    for _turn in range(count):
        await asyncio.sleep(0)


async def somebody_waits_for_a_lock(
    connection: asyncpg.Connection | None = None, *, unless: Callable[[], bool] = lambda: False
) -> None:
    """Until a transaction on the test's database waits for another one, or `unless` is true.

    Asked on `connection`, else on the open unit of work's or one of the pool's.
    """

    async def waits(asked: Any) -> bool:
        return unless() or bool(await asked.fetchval(_SOMEBODY_WAITS))

    if connection is not None:
        await eventually(lambda: waits(connection), "a transaction that waits")
        return
    async with db.connection() as own:
        await eventually(lambda: waits(own), "a transaction that waits")
