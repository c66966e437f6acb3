"""Which refusals a program meets when something breaks underneath."""

from typing import Any

import asyncpg
import pytest
import redis.exceptions
from litestar import Request, get
from litestar.testing import create_test_client

from core.answers import crash_answer


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (asyncpg.ConnectionDoesNotExistError("gone"), 503, "engine_away"),
        (asyncpg.InterfaceError("connection is closed"), 503, "engine_away"),
        (asyncpg.InterfaceError("cannot perform operation"), 500, "internal_error"),
        (redis.exceptions.ConnectionError("gone"), 503, "engine_away"),
        (ConnectionRefusedError(), 503, "engine_away"),
        (ZeroDivisionError(), 500, "internal_error"),
    ],
)
def test_lost_engine_is_asked_again_and_a_crash_is_not(
    error: Exception, status: int, code: str
) -> None:
    @get("/")
    async def broken(request: Request[Any, Any, Any]) -> None:
        raise error

    with create_test_client(broken, exception_handlers={Exception: crash_answer}) as client:
        answer = client.get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers.get("retry-after") == ("2" if status == 503 else None)
