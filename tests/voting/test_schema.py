"""What the limited role of the app may not do to the ledger, whatever the app's code says."""

from datetime import UTC, datetime

import asyncpg
import pytest
from redis.asyncio import Redis

from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from tests.support import ballot_changes
from tests.support.voting import Poll, open_poll, rulebook_text
from voting.casting import service
from voting.review.changes import service as changes

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
        "INSERT INTO ballot_mark (contest_id, sequence, void_id, state) VALUES (1, 1, 1, 'void')",
        "UPDATE ballot_change SET proposed_by = 1",
        "UPDATE change_decision SET approved = true",
        "DELETE FROM change_entry",
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


async def decide_in_sql(void_id: int, *, proposed_by: int, decided_by: int) -> None:
    await run(
        "INSERT INTO change_decision (change, proposed_by, approved, reason, decided_by,"
        " decided_by_name, decided_at) VALUES ($1, $2, true, '', $3, '乙', now())",
        void_id,
        proposed_by,
        decided_by,
    )


async def test_one_person_alone_voids_nothing(poll: Poll) -> None:
    void = await ballot_changes.propose_void(poll.contest, [1], "规则", "理由", PROPOSER, NOW)
    with pytest.raises(asyncpg.CheckViolationError):
        await decide_in_sql(void, proposed_by=901, decided_by=901)
    with pytest.raises(asyncpg.ForeignKeyViolationError):  # nor by naming another proposer
        await decide_in_sql(void, proposed_by=902, decided_by=901)
    count = (await service.tally(poll.contest.id))[poll.entrants["001"]]
    assert (count.valid, count.under_review, count.void) == (1, 1, 0)


async def test_decided_void_takes_no_more_ballots(poll: Poll) -> None:
    void = await ballot_changes.propose_void(poll.contest, [1], "规则", "理由", PROPOSER, NOW)
    await ballot_changes.decide(
        poll.contest, void, approved=True, reason="", decider=OTHER, now=NOW
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await run("INSERT INTO changed_ballot VALUES ($1, $2, 2)", void, poll.contest.id)
    assert await changes.void_of_ballot(poll.contest.id, 2) is None


async def test_void_takes_no_ballot_of_another_contest(
    poll: Poll, keys: KeyRing, redis: Redis
) -> None:
    other = await open_poll(keys, redis, NOW)
    await other.cast(1, "001", key="key-of-1", now=NOW)
    void = await ballot_changes.propose_void(poll.contest, [1], "规则", "理由", PROPOSER, NOW)
    with pytest.raises((asyncpg.CheckViolationError, asyncpg.UniqueViolationError)):
        await run(
            "INSERT INTO changed_ballot (change_id, contest_id, sequence) VALUES ($1, $2, 1)",
            void,
            other.contest.id,
        )
    void = await ballot_changes.propose_void(poll.contest, [2], "规则", "理由", PROPOSER, NOW)
    with pytest.raises(asyncpg.CheckViolationError):
        await run(
            "INSERT INTO changed_ballot (change_id, contest_id, sequence) VALUES ($1, $2, 1)",
            void,
            other.contest.id,
        )


@pytest.mark.parametrize("rejected", [False, True])
async def test_void_is_entered_only_once_approved(poll: Poll, rejected: bool) -> None:
    void = await ballot_changes.propose_void(poll.contest, [1], "规则", "理由", PROPOSER, NOW)
    if rejected:
        await ballot_changes.decide(
            poll.contest, void, approved=False, reason="否", decider=OTHER, now=NOW
        )
    with pytest.raises(asyncpg.CheckViolationError):
        await run(
            "INSERT INTO change_entry (contest_id, sequence, change, minute, leaf_hash)"
            " VALUES ($1, 3, $2, now(), $3)",
            poll.contest.id,
            void,
            b"h" * 32,
        )
    assert await poll.ledger() == [1, 2]


async def propose_in_sql(contest: int, kind: str, void: int | None) -> None:
    await run(
        "INSERT INTO ballot_change (kind, contest, void, rule, reason, proposed_by,"
        " proposed_by_name, proposed_at) VALUES ($1, $2, $3, '规', '由', 1, '甲', now())",
        kind,
        contest,
        void,
    )


async def test_restoration_names_a_void_of_its_own_contest_and_a_void_names_none(
    poll: Poll, keys: KeyRing, redis: Redis
) -> None:
    void = await ballot_changes.propose_void(poll.contest, [1], "规则", "理由", PROPOSER, NOW)
    await propose_in_sql(poll.contest.id, "restore", void)
    other = await open_poll(keys, redis, NOW)
    for contest, kind, named in (
        (other.contest.id, "restore", void),
        (poll.contest.id, "restore", void + 1),  # a restoration, no void
        (poll.contest.id, "restore", None),
        (poll.contest.id, "void", void),
        (poll.contest.id, "other", None),
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await propose_in_sql(contest, kind, named)
