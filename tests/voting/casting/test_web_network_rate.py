"""Votes from a busy network: dearer, never barred, and counted once all the same."""

from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from accounts.people.rules import Role
from core.limits.network_rate import NetworkRate
from tests.support.challenges import solution
from tests.support.fast_paths import without
from tests.support.people import post_form, runtime_of, send_json, sign_in_as
from tests.support.voting import Poll, open_poll, rulebook_text
from voting.casting.web_fast_path import VoteFastPath

PAGE = {"accept": "text/html"}


@pytest.fixture
async def poll(client: httpx.AsyncClient, redis: Redis) -> Poll:
    """A contest, and a client far away whose network is busy after its second vote."""
    runtime = runtime_of(client)
    runtime.__dict__["vote_rate"] = NetworkRate("votes", redis, (6, 1_000, 2_000))
    client._transport.client = ("203.0.113.7", 1)  # type: ignore[attr-defined]
    text = rulebook_text(per_day=9)
    return await open_poll(runtime.keys, redis, runtime.clock.now(), text=text)


async def vote(client: httpx.AsyncClient, poll: Poll, key: str, **more: str) -> Any:
    body = {"entries": ["001"], "idempotency_key": key, **more}
    answer = await send_json(client, "POST", f"/c/{poll.contest.slug}/votes", body)
    return answer.status_code, answer.json()


async def crowded(client: httpx.AsyncClient, poll: Poll) -> dict[str, Any]:
    """The refusal that the network's third vote meets."""
    await sign_in_as(client, Role.VOTER)
    assert [(await vote(client, poll, f"number-{n}"))[0] for n in range(2)] == [201, 201]
    status, document = await vote(client, poll, "third-one")
    assert (status, document["code"]) == (403, "challenge_needed")
    return dict(document)


async def test_program_solves_and_votes(client: httpx.AsyncClient, poll: Poll) -> None:
    puzzle = (await crowded(client, poll))["challenge"]
    for bent in (solution(puzzle, number=-1), "nonsense"):
        assert (await vote(client, poll, "third-one", altcha=bent))[0] == 403
    solved = solution(puzzle)
    status, first = await vote(client, poll, "third-one", altcha=solved)
    assert status == 201
    assert await vote(client, poll, "third-one", altcha=solved) == (201, first), "sent again"
    assert (await vote(client, poll, "fourth-one", altcha=solved))[0] == 403, "used up"
    assert await poll.ledger() == [1, 2, 3]


async def test_ear_does_as_well(client: httpx.AsyncClient, poll: Poll) -> None:
    token = (await crowded(client, poll))["digits_token"]
    runtime = runtime_of(client)
    sound = await client.get(f"/challenge/{token}/digits.wav")
    assert (sound.status_code, sound.content[:4]) == (200, b"RIFF")
    digits = runtime.challenges.digits_of(token, runtime.clock.now())
    assert digits is not None
    status, _document = await vote(client, poll, "third-one", digits_token=token, digits=digits)
    assert status == 201


async def test_page_keeps_the_ballot_and_brings_its_challenge(
    client: httpx.AsyncClient, poll: Poll
) -> None:
    await crowded(client, poll)
    form = {"entries": "002", "idempotency_key": "by-a-form"}
    path = f"/c/{poll.contest.slug}/votes"
    shown = await post_form(client, path, form, headers=PAGE)
    assert shown.status_code == 403
    for part in ('value="002"', 'value="by-a-form"', "data-challenge=", "<audio", "challenge.js"):
        assert part in shown.text


async def test_who_misheard_the_digits_is_told_and_may_listen_again(
    client: httpx.AsyncClient, poll: Poll
) -> None:
    token = (await crowded(client, poll))["digits_token"]
    misheard = {"digits_token": token, "digits": "00 00"}
    form = {"entries": "002", "idempotency_key": "by-a-form", **misheard}
    path = f"/c/{poll.contest.slug}/votes"
    shown = await post_form(client, path, form, headers=PAGE)
    assert (shown.status_code, "听到的数字不对" in shown.text) == (403, True)
    assert "data-chosen" in shown.text
    _status, document = await vote(client, poll, "by-a-form", **misheard)
    assert [one["field"] for one in document["errors"]] == ["digits"]


async def test_without_the_fast_path_it_is_the_same(client: httpx.AsyncClient, poll: Poll) -> None:
    with without(client, VoteFastPath):
        puzzle = (await crowded(client, poll))["challenge"]
        assert (await vote(client, poll, "third-one", altcha=solution(puzzle)))[0] == 201


async def test_the_machine_itself_is_no_crowd(client: httpx.AsyncClient, poll: Poll) -> None:
    client._transport.client = ("127.0.0.1", 1)  # type: ignore[attr-defined]
    await sign_in_as(client, Role.VOTER)
    assert {(await vote(client, poll, f"key-000{n}"))[0] for n in range(6)} == {201}


@pytest.mark.parametrize("token", ["x", "AAAA", "%00", "a" * 500])
async def test_no_sound_for_what_is_no_token(client: httpx.AsyncClient, token: str) -> None:
    assert (await client.get(f"/challenge/{token}/digits.wav")).status_code == 404
