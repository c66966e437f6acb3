"""Receipts as their holders see them."""

import httpx
from redis.asyncio import Redis

from accounts.people.rules import Role
from contest.editions.rules.contest import Phase
from core.audit import Actor
from tests.support import ballot_changes
from tests.support.people import runtime_of, sign_in_as
from tests.support.voting import set_phase
from tests.voting.conftest import poll_for, vote
from voting.boxes.rules.receipt_codes import receipt_code

PAGE = {"accept": "text/html"}


async def test_receipts_cannot_be_counted_through(client: httpx.AsyncClient, redis: Redis) -> None:
    """The neighbours of a genuine code have a fitting check character and are still refused."""
    poll = await poll_for(client, redis, per_day=3)
    await sign_in_as(client, Role.VOTER)
    await vote(client, poll, "001", key="first-key")
    code = (await vote(client, poll, "002", key="second-key")).json()["receipt"]
    forged = receipt_code(b"not the secret of the contest", poll.contest.id, 1)
    assert (await client.get(f"/receipts/{code}")).status_code == 200
    assert (await client.get(f"/receipts/{forged}")).status_code == 404


async def test_receipt_tells_that_its_ballot_was_voided_and_counts_again(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    poll = await poll_for(client, redis)
    await sign_in_as(client, Role.VOTER)
    code = (await vote(client, poll, "002")).json()["receipt"]
    now, contest = runtime_of(client).clock.now(), poll.contest
    void = await ballot_changes.propose_void(contest, [1], "规八", "突增", Actor(1, "甲"), now)
    await ballot_changes.decide(
        contest, void, approved=True, reason="", decider=Actor(2, "乙"), now=now
    )
    asked = await ballot_changes.propose_restoration(
        contest, void, [1], "规十", "查明", Actor(1, "甲"), now
    )
    await ballot_changes.decide(
        contest, asked, approved=True, reason="", decider=Actor(2, "乙"), now=now
    )
    page = (await client.get(f"/receipts/{code}", headers=PAGE)).text
    assert "有效" in page
    assert page.index("突增") < page.index("查明")
    ledger = (await client.get(f"/c/{contest.slug}/ledger", headers=PAGE)).text
    assert ("已全部恢复" in ledger, "选票序号" in ledger) == (True, False)
    await set_phase(contest, Phase.JUDGING)
    ledger = (await client.get(f"/c/{contest.slug}/ledger", headers=PAGE)).text
    assert "选票序号" in ledger, "told once the rows are open"


async def test_receipts_that_are_mistyped_or_made_up(client: httpx.AsyncClient) -> None:
    typo = await client.get("/receipts/ABCD", headers=PAGE)
    assert typo.status_code == 422
    assert 'value="ABCD"' in typo.text
    made_up = await client.get("/receipts/001G-0000-09F1-0EPB")
    assert (made_up.status_code, made_up.json()["code"]) == (404, "no_such_receipt")
    found = await client.get("/receipts", params={"code": "001g 0000 09f1 0epb"}, headers=PAGE)
    assert (found.status_code, found.headers["location"]) == (303, "/receipts/001g000009f10epb")
