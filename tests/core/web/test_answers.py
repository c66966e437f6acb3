"""Numbers that name nothing, and engines that are gone: what a program is told."""

from typing import Any

import asyncpg
import httpx
import pytest
import redis.exceptions
from litestar import Request, get
from litestar.testing import create_test_client

from accounts.people.rules import Role
from core.web.answers import crash_answer
from tests.support.people import post_form, sign_in_as

NUMBERS = ("0", "-1", "2147483647", "2147483648", "9" * 30, "9" * 5000)


@pytest.mark.parametrize("number", NUMBERS, ids=[n[:12] for n in NUMBERS])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.ADMINISTRATOR, "/admin/accounts/{}"),
        (Role.TOWNSHIP_OFFICER, "/township/nominations/{}"),
        (Role.DEPARTMENT_OFFICER, "/department/nominations/{}"),
    ],
)
async def test_number_in_an_address_that_no_row_has_leads_nowhere(
    client: httpx.AsyncClient, role: Role, path: str, number: str
) -> None:
    await sign_in_as(client, role)
    assert (await client.get(path.format(number))).status_code == 404


async def test_number_beyond_any_id_is_no_fault_of_ours_when_posted(
    client: httpx.AsyncClient,
) -> None:
    await sign_in_as(client, Role.ADMINISTRATOR)
    assert (await post_form(client, f"/admin/accounts/{2**40}/unlock")).status_code == 404


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (asyncpg.ConnectionDoesNotExistError("gone"), 503, "engine_away"),
        (asyncpg.InterfaceError("connection is closed"), 503, "engine_away"),
        (asyncpg.InterfaceError("cannot perform operation"), 500, "internal_error"),
        (
            asyncpg.InternalClientError(
                "cannot switch to state 15; another operation (2) is in progress"
            ),
            503,
            "engine_away",
        ),
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
