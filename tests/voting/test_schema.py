"""What the limited role of the app may not do to the ledger, whatever the app's code says."""

from datetime import UTC, datetime

import asyncpg
import pytest
from redis.asyncio import Redis

from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from tests.support.voting import Poll, open_poll, rulebook_text
from voting.casting import service
from voting.review.changes import voids

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PROPOSER = Actor(account_id=901, name="甲", client_address="")
OTHER = Actor(account_id=902, name="乙", client_address="")

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture
async def poll(keys: KeyRing, redis: Redis) -> Poll:
    poll = await open_poll(keys, redis, NOW, text=rulebook_text(per_day=3))
    for voter in (1, 2):
        await poll.cast(voter, "001", key=f"key-of-{voter}", now=NOW)
    return poll


async def run(statement: str, *arguments: object) -> None:
    async with db.connection() as connection:
        await connection.execute(statement, *arguments)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ballot SET entries = '{1}'",
        "DELETE FROM ballot",
        "TRUNCATE ballot CASCADE",
        "UPDATE vote SET entrant_id = 1",
        "DELETE FROM vote",
        "UPDATE ballot_box SET votes_per_day = 100",
        "DELETE FROM ballot_box",
        "UPDATE ledger_head SET size = 0",
        "INSERT INTO ledger_head (contest, size) VALUES (1, 0)",
        "UPDATE tally SET votes = 1000000",
        "INSERT INTO tally (contest_id, entrant_id, votes) VALUES (1, 1, 1)",
        "DELETE FROM tally",
        "DELETE FROM ballot_mark",
        "INSERT INTO ballot_mark (contest_id, sequence, batch_id, state) VALUES (1, 1, 1, 'void')",
        "UPDATE void_batch SET proposed_by = 1",
        "UPDATE void_decision SET approved = true",
        "DELETE FROM void_entry",
        "DELETE FROM migration",
        "ALTER TABLE ballot DISABLE TRIGGER ALL",
        "DROP TRIGGER vote_is_counted ON vote",
        "DROP TABLE vote",
        "SET session_replication_role = replica",
        "SET ROLE pg_database_owner",
        "CREATE TABLE own (x integer)",
        "DROP FUNCTION lock_ledger(integer)",
    ],
)
async def test_app_may_not(poll: Poll, statement: str) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedObjectError)):
        await run(statement)
    assert await poll.ledger() == [1, 2]


@pytest.mark.parametrize("sequence", [1, 2, 4, 10**12])
async def test_ballot_out_of_sequence_is_refused(poll: Poll, sequence: int) -> None:
    with pytest.raises((asyncpg.CheckViolationError, asyncpg.UniqueViolationError)):
        await run(
            "INSERT INTO ballot (contest_id, sequence, voter, day, slot, entries, minute,"
            " key_digest, leaf_hash) VALUES ($1, $2, $3, '2026-03-02', 1, '{1}', now(), $3, $4)",
            poll.contest.id,
            sequence,
            b"v" * 16,
            b"h" * 32,
        )
    assert await poll.ledger() == [1, 2]


@pytest.mark.parametrize("slot", [0, -1, 4, 32767])
async def test_vote_beyond_the_quota_is_refused(poll: Poll, slot: int) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await run(
            "INSERT INTO vote (contest_id, voter, day, day_slot, entrant_id, sequence)"
            " VALUES ($1, $2, '2026-03-02', $3, $4, 1)",
            poll.contest.id,
            b"v" * 16,
            slot,
            poll.entrants["001"],
        )


async def decide_in_sql(batch_id: int, *, proposed_by: int, decided_by: int) -> None:
    await run(
        "INSERT INTO void_decision (batch, proposed_by, approved, reason, decided_by,"
        " decided_by_name, decided_at) VALUES ($1, $2, true, '', $3, '乙', now())",
        batch_id,
        proposed_by,
        decided_by,
    )


async def test_one_person_alone_voids_nothing(poll: Poll) -> None:
    batch = await voids.propose(poll.contest, [1], "规则", "理由", PROPOSER, NOW)
    with pytest.raises(asyncpg.CheckViolationError):
        await decide_in_sql(batch, proposed_by=901, decided_by=901)
    with pytest.raises(asyncpg.ForeignKeyViolationError):  # nor by naming another proposer
        await decide_in_sql(batch, proposed_by=902, decided_by=901)
    count = (await service.tally(poll.contest.id))[poll.entrants["001"]]
    assert (count.valid, count.under_review, count.void) == (1, 1, 0)


async def test_decided_batch_takes_no_more_ballots(poll: Poll) -> None:
    batch = await voids.propose(poll.contest, [1], "规则", "理由", PROPOSER, NOW)
    await voids.decide(poll.contest, batch, approved=True, word="", actor=OTHER, now=NOW)
    with pytest.raises(asyncpg.CheckViolationError):
        await run("INSERT INTO void_batch_ballot VALUES ($1, $2, 2)", batch, poll.contest.id)
    assert await voids.batch_holding(poll.contest.id, 2) is None


async def test_batch_takes_no_ballot_of_another_contest(
    poll: Poll, keys: KeyRing, redis: Redis
) -> None:
    other = await open_poll(keys, redis, NOW)
    await other.cast(1, "001", key="key-of-1", now=NOW)
    batch = await voids.propose(poll.contest, [1], "规则", "理由", PROPOSER, NOW)
    with pytest.raises((asyncpg.CheckViolationError, asyncpg.UniqueViolationError)):
        await run(
            "INSERT INTO void_batch_ballot (batch_id, contest_id, sequence) VALUES ($1, $2, 1)",
            batch,
            other.contest.id,
        )
    batch = await voids.propose(poll.contest, [2], "规则", "理由", PROPOSER, NOW)
    with pytest.raises(asyncpg.CheckViolationError):
        await run(
            "INSERT INTO void_batch_ballot (batch_id, contest_id, sequence) VALUES ($1, $2, 1)",
            batch,
            other.contest.id,
        )


@pytest.mark.parametrize("rejected", [False, True])
async def test_void_is_entered_only_once_approved(poll: Poll, rejected: bool) -> None:
    batch = await voids.propose(poll.contest, [1], "规则", "理由", PROPOSER, NOW)
    if rejected:
        await voids.decide(poll.contest, batch, approved=False, word="否", actor=OTHER, now=NOW)
    with pytest.raises(asyncpg.CheckViolationError):
        await run(
            "INSERT INTO void_entry (contest_id, sequence, batch, minute, leaf_hash)"
            " VALUES ($1, 3, $2, now(), $3)",
            poll.contest.id,
            batch,
            b"h" * 32,
        )
    assert await poll.ledger() == [1, 2]
