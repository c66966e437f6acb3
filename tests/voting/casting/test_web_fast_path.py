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


NOT_OURS: dict[str, dict[str, str]] = {
    "another site's page": {"origin": "https://elsewhere.example"},
    "a page without an origin": {"origin": "null"},
    "an origin that is none": {"origin": "http://[::1"},
    "a sibling's page": {"origin": "http://127.0.0.1:8001"},
    "our page": {"origin": "http://127.0.0.1:8000"},
    "no token": {"x-csrftoken": ""},
    "half a token": {"x-csrftoken": "a" * 64},
    "a forged token": {"x-csrftoken": "a" * 128},
    "a token that is not ASCII": {"x-csrftoken": "\xe9" * 128},
    "no cookie of a token": {"cookie": "sid={sid}"},
    "another token's cookie": {"cookie": "sid={sid}; csrftoken=" + "b" * 128},
    "two cookies, ours first": {"cookie": "sid={sid}; csrftoken={token}; csrftoken=b"},
    "two cookies, ours last": {"cookie": "sid={sid}; csrftoken=b; csrftoken={token}"},
    "no session": {"cookie": "csrftoken={token}"},
    "an unknown session": {"cookie": "sid=abc; csrftoken={token}"},
    "two sessions, ours last": {"cookie": "sid=abc; sid={sid}; csrftoken={token}"},
    "everything in order": {"cookie": "sid={sid}; csrftoken={token}"},
}


async def test_origin_token_and_session_are_judged_alike_by_both(
    client: httpx.AsyncClient, poll: Poll
) -> None:
    path = f"/c/{poll.contest.slug}/votes"

    async def all_told(prefix: bytes) -> dict[str, Any]:
        answers = {}
        for number, (name, headers) in enumerate(NOT_OURS.items()):
            await sign_in_as(client, Role.VOTER)
            known = {"sid": client.cookies["sid"], "token": await csrf_token(client)}
            body = GOOD.replace(b"key-", b"%b-%d-" % (prefix, number))
            sent = {"x-csrftoken": known["token"], **JSON, **headers}
            filled = [(k.encode(), v.format(**known).encode("latin-1")) for k, v in sent.items()]
            if "cookie" in headers:
                client.cookies.clear()
            answer = await client.post(path, content=body, headers=filled)
            document = answer.json()
            answers[name] = (answer.status_code, document.get("code", ""))
        return answers

    short = await all_told(b"short")
    with without(client, VoteFastPath):
        assert short == await all_told(b"long")
    taken = {name for name, (status, _code) in short.items() if status == 201}
    assert taken == {"our page", "two cookies, ours first", "everything in order"}
    assert short["another site's page"] == (403, "foreign_origin")
    assert short["no token"] == short["no cookie of a token"] == (403, "http_403")
    assert short["no session"] == short["an unknown session"] == (401, "sign_in_required")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.VOTER}))
async def test_every_other_role_is_refused_alike_by_both(
    client: httpx.AsyncClient, poll: Poll, role: Role
) -> None:
    await sign_in_as(client, role)
    path = f"/c/{poll.contest.slug}/votes"
    short = await told(client, path, GOOD)
    with without(client, VoteFastPath):
        assert short == await told(client, path, GOOD)
    assert (short[0], short[1]["code"]) == (403, "role_not_allowed")


async def test_database_that_is_away_is_told_as_such(
    client: httpx.AsyncClient, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError("gone")

    await sign_in_as(client, Role.VOTER)
    monkeypatch.setattr(BallotBox, "cast", gone)
    status, document, retry_after = await told(client, f"/c/{poll.contest.slug}/votes", GOOD)
    assert (status, document["code"], retry_after) == (503, "engine_away", "2")
