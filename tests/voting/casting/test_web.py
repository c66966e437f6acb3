"""Voting over HTTP: JSON for programs, forms for people without scripts."""

import asyncio
import json

import httpx
import pytest
from redis.asyncio import Redis

from accounts.people.rules import Role
from contest.editions.rules.contest import Phase
from core.clock import SettableClock
from tests.support.eventually import PATIENCE
from tests.support.people import post_form, sign_in_as
from tests.support.voting import set_phase, stalled
from tests.voting.conftest import KEY, poll_for, vote
from voting.casting import ballot_box

PAGE = {"accept": "text/html"}


async def test_json_vote_gives_a_receipt_that_can_be_looked_up(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    answer = await vote(client, poll, "002")
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert (receipt["sequence"], receipt["entries"], receipt["slot"]) == (1, ["002"], 1)
    client.cookies.clear()
    found = (await client.get(f"/receipts/{receipt['receipt']}")).json()
    leaf = json.loads(found["leaf"])
    assert (found["state"], leaf["entries"], leaf["sequence"]) == ("valid", ["002"], 1)


async def test_repeated_key_gets_the_same_answer(client: httpx.AsyncClient, redis: Redis) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    first, again = [await vote(client, poll, "002") for _ in range(2)]
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert await poll.ledger() == [1]


async def test_form_vote_leads_to_the_receipt_page(client: httpx.AsyncClient, redis: Redis) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    answer = await post_form(
        client,
        f"/c/{poll.contest.slug}/votes",
        {"entries": "001", "idempotency_key": KEY},
        headers=PAGE,
    )
    assert answer.status_code == 303
    page = await client.get(answer.headers["location"], headers=PAGE)
    assert page.status_code == 200
    assert "投票成功" in page.text
    mine = await client.get(f"/c/{poll.contest.slug}/my-votes", headers=PAGE)
    code = answer.headers["location"].split("/")[-1].partition("?")[0]
    assert mine.status_code == 200
    assert code in mine.text


async def test_form_refusal_keeps_what_was_chosen(client: httpx.AsyncClient, redis: Redis) -> None:
    poll = await poll_for(client, redis, per_day=3, entries=(3, 3))
    await sign_in_as(client, Role.VOTER)
    answer = await post_form(
        client,
        f"/c/{poll.contest.slug}/votes",
        {"entries": ["001", "003"], "idempotency_key": KEY},
        headers=PAGE,
    )
    assert answer.status_code == 422
    assert "每张选票须选 3 位，现在选了 2 位" in answer.text
    assert f"/c/{poll.contest.slug}?entry=001&amp;entry=003" in answer.text


async def test_what_a_stranger_typed_is_shown_as_text(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis, per_day=3)
    await sign_in_as(client, Role.VOTER)
    fields = {"entries": "<script>1</script>", "idempotency_key": '"><script>alert(1)</script>'}
    path = f"/c/{poll.contest.slug}/votes"
    answer = await post_form(client, path, fields, headers=PAGE)
    assert answer.status_code == 422
    assert "<script>1" not in answer.text
    assert "<script>alert" not in answer.text


async def test_address_of_a_refused_vote_leads_back_to_the_candidates(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis)
    answer = await client.get(f"/c/{poll.contest.slug}/votes", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{poll.contest.slug}")


async def test_stalled_commit_holds_up_no_reader_and_overload_says_when_to_return(
    client: httpx.AsyncClient, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await poll_for(client, redis, per_day=50)
    await sign_in_as(client, Role.VOTER)
    assert (await vote(client, poll, "001", key="before-the-stall")).status_code == 201
    monkeypatch.setattr(ballot_box, "LONGEST_QUEUE", 5)
    monkeypatch.setattr(ballot_box, "ANSWER_WITHIN", 2)
    async with stalled(poll):
        answers = await asyncio.gather(
            *(vote(client, poll, "001", key=f"during-the-stall-{n}") for n in range(20))
        )
        async with asyncio.timeout(PATIENCE):  # the commit is stalled for longer than that
            for path in ("", "/ledger", "/my-votes"):
                page = await client.get(f"/c/{poll.contest.slug}{path}", headers=PAGE)
                assert page.status_code == 200
    assert {(one.status_code, one.headers["retry-after"]) for one in answers} == {(503, "2")}
    codes = [one.json()["code"] for one in answers]
    assert set(codes) == {"busy", "outcome_unknown"}
    assert codes.count("busy") >= 10
    monkeypatch.undo()
    again = [await vote(client, poll, "001", key=f"during-the-stall-{n}") for n in range(20)]
    assert [one.status_code for one in again] == [201] * 20
    assert await poll.ledger() == list(range(1, 22))


@pytest.mark.parametrize(
    ("phase", "code"), [(Phase.REVIEW, "not_open_yet"), (Phase.JUDGING, "closed")]
)
async def test_phase_decides_at_once(
    client: httpx.AsyncClient, redis: Redis, phase: Phase, code: str
) -> None:
    poll = await poll_for(client, redis, per_day=5)
    await sign_in_as(client, Role.VOTER)
    assert (await vote(client, poll, "001")).status_code == 201
    await set_phase(poll.contest, phase)
    answer = await vote(client, poll, "001", key="another-key")
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert (await vote(client, poll, "001")).status_code == 201  # the first answer, still


async def test_withdrawn_entrant_gets_no_more_votes(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis, per_day=5)
    await sign_in_as(client, Role.VOTER)
    assert (await vote(client, poll, "001")).status_code == 201
    await poll.withdraw("001")
    answer = await vote(client, poll, "001", key="another-key")
    assert (answer.status_code, answer.json()["code"]) == (409, "withdrawn_entry")


async def test_second_day_brings_new_votes(
    client: httpx.AsyncClient, redis: Redis, clock: SettableClock
) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    start = clock.now()
    try:
        assert (await vote(client, poll, "001", key="day-one-1")).status_code == 201
        used = await vote(client, poll, "001", key="day-one-2")
        assert (used.status_code, used.json()["code"]) == (409, "quota_used")
        # 15:59:59 UTC is still the same day in Beijing; 16:00 is the next
        clock.set(start.replace(hour=15, minute=59, second=59))
        assert (await vote(client, poll, "001", key="day-one-3")).status_code == 409
        clock.set(start.replace(hour=16))
        assert (await vote(client, poll, "001", key="day-two-1")).status_code == 201
    finally:
        clock.set(start)


async def test_draft_contest_is_not_there(client: httpx.AsyncClient, redis: Redis) -> None:
    poll = await poll_for(client, redis)
    await set_phase(poll.contest, Phase.DRAFT)
    await sign_in_as(client, Role.VOTER)
    assert (await vote(client, poll, "001")).status_code == 404
