"""Voids: two people, once, and every count follows."""

import asyncio
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from contest.editions.rules.contest import Phase
from core.audit import Actor
from core.crypto import KeyRing
from core.problems import Conflict, Invalid, NotAllowed, NotFound, Problem
from tests.support import ballot_changes
from tests.support.voting import Poll, open_poll, rulebook_text, set_phase
from voting.casting import service
from voting.ledger import rows as ledger_rows
from voting.ledger.rules.leaves import VoidLeaf

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PROPOSER = Actor(account_id=901, name="甲", client_address="")
OTHER = Actor(account_id=902, name="乙", client_address="")
NAMESAKE = Actor(account_id=903, name="甲", client_address="")

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture
async def poll(keys: KeyRing, redis: Redis) -> Poll:
    poll = await open_poll(keys, redis, NOW, text=rulebook_text(per_day=3))
    for voter in range(1, 6):
        await poll.cast(voter, "001", key=f"key-of-{voter}", now=NOW)
    return poll


async def counts(poll: Poll) -> tuple[int, int, int]:
    count = (await service.tally(poll.contest.id))[poll.entrants["001"]]
    return (count.valid, count.under_review, count.void)


async def propose(poll: Poll, *sequences: int) -> int:
    return await ballot_changes.propose_void(poll.contest, sequences, "规则", "理由", PROPOSER, NOW)


async def decide(poll: Poll, void: int, actor: Actor = OTHER, *, approved: bool = True) -> None:
    await ballot_changes.decide(
        poll.contest, void, approved=approved, reason="看过", decider=actor, now=NOW
    )


async def test_void_is_under_review_then_void_and_told_in_the_ledger(poll: Poll) -> None:
    void = await propose(poll, 2, 4)
    assert await counts(poll) == (3, 2, 0)
    await decide(poll, void)
    assert await counts(poll) == (3, 0, 2)
    assert await poll.ledger() == [1, 2, 3, 4, 5, 6]
    [row] = await ledger_rows.rows_between(poll.contest, 6, 6)
    assert isinstance(row.leaf, VoidLeaf)
    assert (row.leaf.ballots, row.leaf.proposed_by, row.leaf.approved_by) == ((2, 4), "甲", "乙")


async def test_rejected_void_leaves_everything_as_it_was(poll: Poll) -> None:
    void = await propose(poll, 2, 4)
    await decide(poll, void, approved=False)
    assert await counts(poll) == (5, 0, 0)
    assert await poll.ledger() == [1, 2, 3, 4, 5]
    assert await propose(poll, 2) > void


async def test_proposer_decides_nothing_alone(poll: Poll) -> None:
    void = await propose(poll, 2)
    for approved in (True, False):
        with pytest.raises(NotAllowed) as refused:
            await decide(poll, void, PROPOSER, approved=approved)
        assert refused.value.code == "second_person_needed"
    assert await counts(poll) == (4, 1, 0)


async def test_namesakes_are_told_apart_in_the_ledger(poll: Poll) -> None:
    await decide(poll, await propose(poll, 2), NAMESAKE)
    [row] = await ledger_rows.rows_between(poll.contest, 6, 6)
    assert isinstance(row.leaf, VoidLeaf)
    assert (row.leaf.proposed_by, row.leaf.approved_by) == ("甲", "甲（903）")


async def test_ten_decisions_at_once_settle_one(poll: Poll) -> None:
    void = await propose(poll, 1, 2, 3)
    outcomes = await asyncio.gather(
        *(decide(poll, void, approved=n % 2 == 0) for n in range(10)), return_exceptions=True
    )
    assert [type(one) for one in outcomes].count(type(None)) == 1
    assert {type(one) for one in outcomes} == {type(None), Conflict}
    assert await counts(poll) in {(2, 0, 3), (5, 0, 0)}


async def test_ten_proposals_at_once_for_one_ballot_hold_it_once(poll: Poll) -> None:
    outcomes = await asyncio.gather(*(propose(poll, 3) for _ in range(10)), return_exceptions=True)
    assert [type(one) for one in outcomes].count(int) == 1
    assert {type(one) for one in outcomes} == {int, Invalid}
    assert await counts(poll) == (4, 1, 0)


async def test_votes_and_voids_at_once_leave_no_gap(poll: Poll) -> None:
    async def void(sequence: int) -> None:
        await decide(poll, await propose(poll, sequence))

    await asyncio.gather(
        *(void(sequence) for sequence in range(1, 6)),
        *(poll.cast(voter, "001", key=f"rush-{voter:04}", now=NOW) for voter in range(10, 60)),
    )
    assert await poll.ledger() == list(range(1, 61))
    assert await counts(poll) == (50, 0, 5)


async def test_missing_and_held_ballots_are_named_together(poll: Poll) -> None:
    await propose(poll, 2)
    with pytest.raises(Invalid) as refused:
        await propose(poll, 1, 2, 77, 9_999_999_999)
    told = [one.message for one in refused.value.errors]
    assert told == [
        "账本里没有这些选票：77, 9999999999",
        "这些选票已在核验或已作废：2",
    ]
    assert await counts(poll) == (4, 1, 0)


@pytest.mark.parametrize("phase", [Phase.PUBLIC_NOTICE, Phase.FINAL, Phase.REVIEW])
async def test_nothing_is_struck_outside_its_phases(poll: Poll, phase: Phase) -> None:
    void = await propose(poll, 2)
    await set_phase(poll.contest, phase)
    for act in (propose(poll, 3), decide(poll, void)):
        with pytest.raises(Problem) as refused:
            await act
        assert refused.value.code == "void_not_now"
    assert await counts(poll) == (4, 1, 0)


async def test_batch_of_another_contest_is_not_there(
    poll: Poll, keys: KeyRing, redis: Redis
) -> None:
    other = await open_poll(keys, redis, NOW)
    await other.cast(1, "001", key="key-of-1", now=NOW)
    void = await propose(poll, 2)
    with pytest.raises(NotFound):
        await decide(other, void)


async def test_struck_vote_gives_no_new_one(poll: Poll, keys: KeyRing, redis: Redis) -> None:
    single = await open_poll(keys, redis, NOW)
    await single.cast(1, "001", key="first-key", now=NOW)
    await decide(single, await propose(single, 1))
    answer = await single.cast(1, "001", key="second-key", now=NOW)
    assert isinstance(answer, service.Refused)
    assert await single.ledger() == [1, 2]
