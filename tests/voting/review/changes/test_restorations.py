"""Voids undone: two people, a further leaf, and a recount that agrees."""

from collections import Counter
from datetime import UTC, datetime

import asyncpg
import pytest
from redis.asyncio import Redis

from contest.editions import service as contests
from contest.editions.rules.contest import Phase
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.problems import Conflict, Invalid, NotAllowed
from tests.support import ballot_changes
from tests.support.voting import Poll, open_poll, set_phase
from voting import phase_conditions as phase_checks
from voting.casting import service
from voting.casting.service import Count
from voting.ledger import rows as ledger_rows
from voting.ledger.rules.recount import Recount, recount
from voting.merkle_log import service as log
from voting.merkle_log.rules.proofs import proves_inclusion
from voting.review.changes import service as changes

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FIRST, SECOND = Actor(1, "甲"), Actor(2, "乙")

pytestmark = pytest.mark.usefixtures("pool")


async def voided_poll(keys: KeyRing, redis: Redis) -> tuple[Poll, int]:
    """Five ballots for 001; a void took out 2, 3 and 4."""
    poll = await open_poll(keys, redis, NOW)
    for voter in range(1, 6):
        await poll.cast(voter, "001", key=f"ballot-{voter}", now=NOW)
    void = await ballot_changes.propose_void(poll.contest, [2, 3, 4], "规则", "理由", FIRST, NOW)
    await ballot_changes.decide(
        poll.contest, void, approved=True, reason="", decider=SECOND, now=NOW
    )
    return poll, void


async def counted(poll: Poll) -> Count:
    return (await service.tally(poll.contest.id))[poll.entrants["001"]]


async def recounted(poll: Poll) -> Recount:
    """As an outsider does it: from the lines of the export alone."""
    voting = poll.contest.rulebook.voting
    assert voting is not None
    rows = [row async for row in ledger_rows.export_rows(poll.contest)]
    return recount(
        poll.contest.slug,
        voting,
        set(poll.entrants),
        [row.line for row in rows if row.kind == "ballot"],
        [row.line for row in rows if row.kind != "ballot"],
    )


async def test_restored_ballots_count_again_and_the_ledger_tells_it(
    keys: KeyRing, redis: Redis
) -> None:
    poll, void = await voided_poll(keys, redis)
    assert await counted(poll) == Count(valid=2, void=3)
    asked = await ballot_changes.propose_restoration(
        poll.contest, void, [2, 4], "规则十", "查明", FIRST, NOW
    )
    assert await counted(poll) == Count(valid=2, void=3)
    await ballot_changes.decide(
        poll.contest, asked, approved=True, reason="", decider=SECOND, now=NOW
    )
    assert await counted(poll) == Count(valid=4, void=1)
    rows = await ledger_rows.rows_between(poll.contest, 1, 20)
    assert [(row.sequence, row.kind) for row in rows[-2:]] == [(6, "void"), (7, "restore")]
    assert (
        rows[-1].line
        == (
            f'{{"approved_by":"乙","ballots":[2,4],"batch":{void},'
            f'"contest":"{poll.contest.slug}","kind":"restore","minute":"2026-03-02T01:00Z",'
            '"proposed_by":"甲","reason":"查明","rule":"规则十","sequence":7,"v":1}'
        ).encode()
    )
    again = await recounted(poll)
    assert (+again.valid, +again.voided) == (Counter({"001": 4}), Counter({"001": 1}))
    assert await ledger_rows.is_complete(poll.contest.id)
    assert (await changes.get_void(poll.contest.id, void)).restored == 2


async def test_a_restored_ballot_can_be_voided_and_restored_again(
    keys: KeyRing, redis: Redis
) -> None:
    poll, void = await voided_poll(keys, redis)
    for _round in range(2):
        asked = await ballot_changes.propose_restoration(
            poll.contest, void, [3], "规", "由", FIRST, NOW
        )
        await ballot_changes.decide(
            poll.contest, asked, approved=True, reason="", decider=SECOND, now=NOW
        )
        void = await ballot_changes.propose_void(poll.contest, [3], "规", "由", FIRST, NOW)
        await ballot_changes.decide(
            poll.contest, void, approved=True, reason="", decider=SECOND, now=NOW
        )
    assert await counted(poll) == Count(valid=2, void=3)
    again = await recounted(poll)
    assert (again.valid["001"], again.voided["001"]) == (2, 3)


async def test_rejection_changes_nothing_and_frees_the_ballots(keys: KeyRing, redis: Redis) -> None:
    poll, void = await voided_poll(keys, redis)
    asked = await ballot_changes.propose_restoration(
        poll.contest, void, [2], "规", "由", FIRST, NOW
    )
    await ballot_changes.decide(
        poll.contest, asked, approved=False, reason="证据不足", decider=SECOND, now=NOW
    )
    assert await counted(poll) == Count(valid=2, void=3)
    assert await poll.ledger() == [1, 2, 3, 4, 5, 6]
    with pytest.raises(Conflict, match="已经由乙决定"):
        await ballot_changes.decide(
            poll.contest, asked, approved=True, reason="", decider=SECOND, now=NOW
        )
    await ballot_changes.propose_restoration(poll.contest, void, [2], "规", "由", FIRST, NOW)


async def test_nobody_restores_alone_and_not_even_the_database_lets_them(
    keys: KeyRing, redis: Redis
) -> None:
    poll, void = await voided_poll(keys, redis)
    asked = await ballot_changes.propose_restoration(
        poll.contest, void, [2], "规", "由", FIRST, NOW
    )
    with pytest.raises(NotAllowed, match="恢复须由提议人以外的另一人决定"):
        await ballot_changes.decide(
            poll.contest, asked, approved=True, reason="", decider=FIRST, now=NOW
        )
    async with db.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(
                "INSERT INTO change_decision (change, proposed_by, approved, reason,"
                " decided_by, decided_by_name, decided_at) VALUES ($1, 1, true, '', 1, '', now())",
                asked,
            )


async def test_only_ballots_of_the_void_and_only_once(keys: KeyRing, redis: Redis) -> None:
    poll, void = await voided_poll(keys, redis)
    with pytest.raises(Invalid) as refusal:
        await ballot_changes.propose_restoration(
            poll.contest, void, [1, 2, 99], "规", "由", FIRST, NOW
        )
    assert "1, 99" in refusal.value.errors[0].message
    await ballot_changes.propose_restoration(poll.contest, void, [2], "规", "由", FIRST, NOW)
    with pytest.raises(Invalid, match="更正") as refusal:
        await ballot_changes.propose_restoration(
            poll.contest, void, [2, 3], "规", "由", SECOND, NOW
        )
    assert "等决定" in refusal.value.errors[0].message


async def test_database_refuses_a_restoration_of_valid_ballots(keys: KeyRing, redis: Redis) -> None:
    """Two approvals at once, as a mistake in the code might let through."""
    poll, void = await voided_poll(keys, redis)
    asked = await ballot_changes.propose_restoration(
        poll.contest, void, [2], "规", "由", FIRST, NOW
    )
    insert = "INSERT INTO changed_ballot (change_id, contest_id, sequence) VALUES ($1, $2, 1)"
    async with db.connection() as connection:
        await connection.execute(insert, asked, poll.contest.id)
    with pytest.raises(asyncpg.CheckViolationError, match="void by this void"):
        await ballot_changes.decide(
            poll.contest, asked, approved=True, reason="", decider=SECOND, now=NOW
        )
    assert await counted(poll) == Count(valid=2, void=3)


@pytest.mark.parametrize("decided", [None, False, True])
async def test_database_enters_a_restoration_once_approved_and_then_adds_no_ballot(
    keys: KeyRing, redis: Redis, decided: bool | None
) -> None:
    poll, void = await voided_poll(keys, redis)
    asked = await ballot_changes.propose_restoration(
        poll.contest, void, [2], "规", "由", FIRST, NOW
    )
    if decided is not None:
        await ballot_changes.decide(
            poll.contest, asked, approved=decided, reason="否", decider=SECOND, now=NOW
        )
    async with db.connection() as connection:
        if not decided:
            with pytest.raises(asyncpg.CheckViolationError, match="second person"):
                await connection.execute(
                    "INSERT INTO change_entry (contest_id, sequence, change, minute,"
                    " leaf_hash) VALUES ($1, 7, $2, now(), $3)",
                    poll.contest.id,
                    asked,
                    b"h" * 32,
                )
        if decided is not None:
            with pytest.raises(asyncpg.CheckViolationError, match="open change"):
                await connection.execute(
                    "INSERT INTO changed_ballot (change_id, contest_id, sequence)"
                    " VALUES ($1, $2, 3)",
                    asked,
                    poll.contest.id,
                )
    assert len(await poll.ledger()) == (7 if decided else 6)


async def test_signed_heads_cover_restorations(keys: KeyRing, redis: Redis) -> None:
    """Alone past a whole tile, and inside one: the tree has every kind of leaf."""
    poll, void = await voided_poll(keys, redis)
    asked = await ballot_changes.propose_restoration(
        poll.contest, void, [2], "规", "由", FIRST, NOW
    )
    await ballot_changes.decide(
        poll.contest, asked, approved=True, reason="", decider=SECOND, now=NOW
    )
    leaf = (await ledger_rows.rows_between(poll.contest, 7, 7))[0].leaf_hash
    for more, size in ((0, 7), (260, 267)):
        await poll.cast_many(more, NOW, first=100)
        await log.sign_new_heads(keys, NOW)
        head = await log.newest_head(poll.contest.id, poll.contest.slug)
        assert head is not None
        assert (head.size, head.root) == (size, (await recounted(poll)).root)
        assert await log.sequence_of_leaf(poll.contest.id, leaf) == 7
        proof = await log.inclusion_proof(poll.contest.id, 7, size)
        assert proves_inclusion(leaf, 6, size, proof, head.root)


async def test_while_announced_yes_when_final_no(keys: KeyRing, redis: Redis) -> None:
    poll, void = await voided_poll(keys, redis)
    await set_phase(poll.contest, Phase.PUBLIC_NOTICE)
    asked = await ballot_changes.propose_restoration(
        poll.contest, void, [2], "规", "由", FIRST, NOW
    )
    contest = await contests.contest_by_id(poll.contest.id)
    codes = [one.code for one in await phase_checks.check(contest, Phase.FINAL, NOW)]
    assert codes == ["restorations_undecided"]
    await set_phase(poll.contest, Phase.FINAL)
    with pytest.raises(Conflict):
        await ballot_changes.decide(
            contest, asked, approved=True, reason="", decider=SECOND, now=NOW
        )


async def test_proposing_a_void_before_the_first_vote_names_the_ballots(
    keys: KeyRing, redis: Redis
) -> None:
    """There is no ledger yet, and so nothing to lock."""
    poll = await open_poll(keys, redis, NOW)
    with pytest.raises(Invalid) as refusal:
        await ballot_changes.propose_void(poll.contest, [1], "规", "由", FIRST, NOW)
    assert "账本里没有这些选票" in refusal.value.errors[0].message
