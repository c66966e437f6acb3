"""Lists in JSON and in forms, whatever a program sends."""

import httpx
import pytest

from accounts.people.rules import Role
from core.clock import SettableClock
from tests.conftest import START
from tests.support.judging import judging_contest
from tests.support.people import csrf_token, sign_in_as


@pytest.mark.parametrize("body", [b"[1]", b"7", b"{", b'{"judges": ["' + b"9" * 5000 + b'"]}'])
async def test_odd_json_where_a_list_is_expected_is_refused_without_a_crash(
    client: httpx.AsyncClient, clock: SettableClock, body: bytes
) -> None:
    clock.set(START)
    given = await judging_contest(START)
    await sign_in_as(client, Role.ORGANISER)
    headers = {"x-csrftoken": await csrf_token(client), "content-type": "application/json"}
    path = f"/organiser/c/{given.contest.slug}/panel"
    answer = await client.post(path, content=body, headers=headers)
    assert 400 <= answer.status_code < 500
