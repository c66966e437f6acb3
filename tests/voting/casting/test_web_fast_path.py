"""The short way for ballots in JSON: with it and without it, every request is answered alike."""

from typing import Any

import asyncpg
import httpx
import pytest
from redis.asyncio import Redis

from accounts.people.rules import Role
from tests.support.fast_paths import without
from tests.support.people import csrf_token, runtime_of, sign_in_as, sign_out
from tests.support.voting import Poll, open_poll, rulebook_text
from voting.casting.ballot_box import BallotBox
from voting.casting.web_fast_path import VoteFastPath

JSON = {"content-type": "application/json", "accept": "application/json"}


@pytest.fixture
async def poll(client: httpx.AsyncClient, redis: Redis) -> Poll:
    runtime = runtime_of(client)
    text = rulebook_text(per_day=2, per_entry=1)
    return await open_poll(runtime.keys, redis, runtime.clock.now(), text=text)


GOOD = b'{"entries":["001"],"idempotency_key":"key-000001"}'
BODIES = {
    "good": GOOD,
    "the same again": GOOD,
    "voted for": b'{"entries":["001"],"idempotency_key":"key-000002"}',
    "unknown": b'{"entries":["999"],"idempotency_key":"key-000003"}',
    "repeated": b'{"entries":["002","002"],"idempotency_key":"key-000004"}',
    "too many": b'{"entries":["001","002"],"idempotency_key":"key-000005"}',
    "odd key": b'{"entries":["002"],"idempotency_key":"a b"}',
    "long key": b'{"entries":["002"],"idempotency_key":"' + b"k" * 7000 + b'"}',
    "no key": b'{"entries":["002"]}',
    "no list": b'{"entries":"002","idempotency_key":"key-000006"}',
    "no object": b"[]",
    "no json": b"\xff{",
    "nothing": b"",
    "large": b'{"entries":["002"],"idempotency_key":"key-000007","x":"' + b"x" * 9000 + b'"}',
    "second": b'{"entries":["002"],"idempotency_key":"key-000008"}',
    "used up": b'{"entries":["003"],"idempotency_key":"key-000009"}',
}


async def told(http: httpx.AsyncClient, path: str, body: bytes, **headers: str) -> Any:
    token = {"x-csrftoken": await csrf_token(http), **JSON, **headers}
    answer = await http.post(path, content=body, headers=token)
    document = answer.json()
    for name in ("receipt", "receipt_url", "sequence"):
        document.pop(name, None)
    return answer.status_code, document, answer.headers.get("retry-after")


async def test_both_ways_answer_alike(client: httpx.AsyncClient, poll: Poll) -> None:
    path = f"/c/{poll.contest.slug}/votes"

    async def all_told(prefix: bytes) -> dict[str, Any]:
        await sign_in_as(client, Role.VOTER)
        return {
            name: await told(client, path, body.replace(b"key-", prefix))
            for name, body in BODIES.items()
        }

    short = await all_told(b"fast")
    with without(client, VoteFastPath):
        assert short == await all_told(b"long")
    assert [short[name][0] for name in ("good", "the same again", "large")] == [201] * 3
    assert short["used up"][1]["code"] == "quota_used"
    assert {short[name][0] for name in ("no key", "no list", "no object")} == {422}


async def test_who_may_not_vote_is_told_so_by_both(client: httpx.AsyncClient, poll: Poll) -> None:
    path = f"/c/{poll.contest.slug}/votes"

    async def all_told() -> list[Any]:
        sign_out(client)
        answers = [await told(client, path, GOOD)]
        await sign_in_as(client, Role.ORGANISER)
        answers.append(await told(client, path, GOOD))
        await sign_in_as(client, Role.VOTER)
        answers.append(await told(client, path, GOOD, **{"x-csrftoken": "a" * 128}))
        answers.append(await told(client, "/c/nothing/votes", GOOD))
        return answers

    short = await all_told()
    with without(client, VoteFastPath):
        assert short == await all_told()
    assert [one[0] for one in short] == [401, 403, 403, 404]
    assert await poll.ledger() == []


async def test_database_that_is_away_is_told_as_such(
    client: httpx.AsyncClient, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError("gone")

    await sign_in_as(client, Role.VOTER)
    monkeypatch.setattr(BallotBox, "cast", gone)
    status, document, retry_after = await told(client, f"/c/{poll.contest.slug}/votes", GOOD)
    assert (status, document["code"], retry_after) == (503, "engine_away", "2")
