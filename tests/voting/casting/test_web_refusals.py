"""Ballots over HTTP that are not as they should be: each is told why, and nothing is lost."""

from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from accounts.people.rules import Role
from tests.support.people import (
    csrf_token,
    send_json,
    sign_in_account,
    sign_in_as,
)
from tests.voting.conftest import KEY, poll_for, vote

PAGE = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["entries", "idempotency_key"]),
        ({"entries": "001", "idempotency_key": KEY}, ["entries"]),
        ({"entries": [1], "idempotency_key": KEY}, ["entries"]),
        ({"entries": ["001"] * 101, "idempotency_key": KEY}, ["entries"]),
        ({"entries": ["x" * 10_000], "idempotency_key": KEY}, ["entries"]),
        ({"entries": ["001"], "idempotency_key": "k" * 10_000}, ["idempotency_key"]),
        ({"entries": ["001"], "idempotency_key": 7}, ["idempotency_key"]),
    ],
)
async def test_malformed_ballots_are_refused_with_every_error(
    client: httpx.AsyncClient, redis: Redis, body: dict[str, Any], fields: list[str]
) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    answer = await send_json(client, "POST", f"/c/{poll.contest.slug}/votes", body)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == fields


@pytest.mark.parametrize("key", ["short", "with space in it", "nul\0nul\0nul", "键键键键键键键键"])
async def test_malformed_key_is_refused(client: httpx.AsyncClient, redis: Redis, key: str) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    answer = await vote(client, poll, "001", key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_malformed")
    assert await poll.ledger() == []


async def test_another_voters_key_is_refused_and_tells_nothing(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    first = await vote(client, poll, "001")
    await sign_in_as(client, Role.VOTER)
    forged = await vote(client, poll, "001")
    assert (forged.status_code, forged.json()["code"]) == (403, "key_foreign")
    assert first.json()["receipt"] not in forged.text
    assert await poll.ledger() == [1]


async def test_bodies_that_are_no_json_are_refused(client: httpx.AsyncClient, redis: Redis) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    path = f"/c/{poll.contest.slug}/votes"
    await client.get("/healthz")
    headers = {"x-csrftoken": client.cookies["csrftoken"], "content-type": "application/json"}
    bodies = (b"", b"{", b"\xff\xfe", b"[]", b"\x00", b"[" * 200_000, b'{"a":' * 200_000)
    for body in bodies:
        answer = await client.post(path, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_json")


@pytest.mark.parametrize(
    ("codes", "status", "code"),
    [
        (["009"], 422, "unknown_entry"),
        (["001", "002"], 422, "wrong_number_of_entries"),
        (["001", "001"], 422, "repeated_entry"),
    ],
)
async def test_wrong_choices_are_refused_by_name(
    client: httpx.AsyncClient, redis: Redis, codes: list[str], status: int, code: str
) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    answer = await vote(client, poll, *codes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "code", ["\0", "00\x001", "００１", "0\u200b01", "٠٠١", "001\n", " 001", "'--", "\u202e001"]
)
async def test_code_that_only_looks_like_one_is_unknown(
    client: httpx.AsyncClient, redis: Redis, code: str
) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    answer = await vote(client, poll, code)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_entry")
    assert answer.json()["title"].isprintable()
    assert await poll.ledger() == []


async def test_key_of_a_ballot_is_not_honoured_for_a_longer_one(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis, per_day=3, entries=(1, 3))
    await sign_in_as(client, Role.VOTER)
    assert (await vote(client, poll, "001")).status_code == 201
    for codes in (("001", "099"), ("001", "002"), ("099",)):
        answer = await vote(client, poll, *codes)
        assert (answer.status_code, answer.json()["code"]) == (409, "key_reused"), codes
    assert await poll.ledger() == [1]


async def test_two_sessions_of_one_voter_share_the_quota(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis)
    me = await sign_in_as(client, Role.VOTER)
    assert (await vote(client, poll, "001", key="first-phone")).status_code == 201
    await sign_in_account(client, me.account_id)
    again = await vote(client, poll, "002", key="second-phone")
    assert (again.status_code, again.json()["code"]) == (409, "quota_used")
    same = await vote(client, poll, "001", key="first-phone")
    assert same.status_code == 201


async def test_vote_without_session_or_token_is_refused(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis)
    assert (await vote(client, poll, "001")).status_code == 401
    client.cookies.set("sid", "made-up-by-the-attacker")
    assert (await vote(client, poll, "001")).status_code == 401
    client.cookies.delete("sid")
    await sign_in_as(client, Role.VOTER)
    body = {"entries": ["001"], "idempotency_key": KEY}
    path = f"/c/{poll.contest.slug}/votes"
    assert (await client.post(path, json=body)).status_code == 403
    foreign = {"x-csrftoken": await csrf_token(client), "origin": "https://evil.example"}
    assert (await client.post(path, json=body, headers=foreign)).status_code == 403
    assert await poll.ledger() == []


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "multipart/form-data", "", "application/json/"],
)
async def test_ballot_in_another_format_is_refused(
    client: httpx.AsyncClient, redis: Redis, content_type: str
) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    headers = {"x-csrftoken": await csrf_token(client), "content-type": content_type}
    body = b'{"entries": ["001"], "idempotency_key": "key-0123456789"}'
    answer = await client.post(f"/c/{poll.contest.slug}/votes", content=body, headers=headers)
    assert answer.status_code in {400, 415, 422}, answer.text
    assert await poll.ledger() == []
