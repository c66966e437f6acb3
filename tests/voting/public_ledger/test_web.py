"""The pages of the public ledger."""

import httpx
import pytest
from redis.asyncio import Redis

from accounts.people.rules import Role
from tests.support.people import runtime_of, sign_in_as
from tests.voting.conftest import poll_for, vote
from voting.merkle_log import service as log

PAGE = {"accept": "text/html"}


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 9, "9" * 5000, "٣", "1e3", "%00"])
async def test_any_row_number_of_the_ledger_is_answered(
    client: httpx.AsyncClient, redis: Redis, number: str
) -> None:
    poll = await poll_for(client, redis)
    answer = await client.get(f"/c/{poll.contest.slug}/ledger?from={number}", headers=PAGE)
    assert answer.status_code == 200


async def test_ledger_goes_back_from_any_row_and_shows_its_signature(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis, per_day=3)
    await sign_in_as(client, Role.VOTER)
    for n in range(3):
        assert (await vote(client, poll, f"00{n + 1}", key=f"row-number-{n}")).status_code == 201
    runtime = runtime_of(client)
    await log.sign_new_heads(runtime.keys, runtime.clock.now())
    path = f"/c/{poll.contest.slug}/ledger"
    newest = (await client.get(path, headers=PAGE)).text
    assert newest.index('id="leaf-3"') < newest.index('id="leaf-2"') < newest.index('id="leaf-1"')
    head = (await client.get(f"{path}/head")).json()
    for shown in (head["root"], head["signature"], runtime.keys.public_key.hex()):
        assert shown in newest
    older = (await client.get(f"{path}?from=2", headers=PAGE)).text
    assert ('id="leaf-3"' in older, 'id="leaf-2"' in older) == (False, True)
