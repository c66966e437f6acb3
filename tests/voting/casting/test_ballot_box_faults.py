"""Commits that are slow, fail or never end: nothing lost, nothing doubled, nobody held up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
import pytest
from redis.asyncio import Redis

from core.crypto import KeyRing
from core.engines.embedded import Endpoints
from core.problems import Unavailable
from tests.support.eventually import PATIENCE, somebody_waits_for_a_lock, turns
from tests.support.voting import Poll, open_poll, rulebook_text, sequences, stalled
from voting.casting import ballot_box, service
from voting.casting.service import Accepted, Count

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Beijing

pytestmark = pytest.mark.usefixtures("pool")


async def test_slow_commit_holds_up_no_reader_and_overload_is_told_at_once(
    keys: KeyRing, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ballot_box, "LONGEST_QUEUE", 5)
    poll = await open_poll(keys, redis, NOW)
    await poll.cast(1, "001", key="key-00001", now=NOW)
    async with stalled(poll):
        first = asyncio.create_task(poll.cast(2, "001", key="key-00002", now=NOW))
        await somebody_waits_for_a_lock()  # it is being committed, the queue is empty
        waiting = [
            asyncio.create_task(poll.cast(n, "001", key=f"key-0000{n}", now=NOW))
            for n in range(3, 8)
        ]
        await turns()
        with pytest.raises(Unavailable) as busy:
            await poll.cast(9, "001", key="key-00009", now=NOW)
        assert (busy.value.code, busy.value.retry_after) == ("busy", 2)
        async with asyncio.timeout(PATIENCE):  # the commit is stalled for longer than that
            assert await service.tally(poll.contest.id) == {poll.entrants["001"]: Count(valid=1)}
            own = await service.voter_quota(poll.ballot_box.boxes, 2, poll.contest, NOW)
        assert own.left == 1
    answers = await asyncio.gather(first, *waiting)
    assert sequences(answers) == [2, 3, 4, 5, 6, 7]


async def test_no_answer_in_time_is_told_as_unknown_and_may_be_repeated(
    keys: KeyRing, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ballot_box, "ANSWER_WITHIN", 0.1)
    poll = await open_poll(keys, redis, NOW)
    await poll.cast(1, "001", key="key-00001", now=NOW)
    async with stalled(poll):
        with pytest.raises(Unavailable) as unknown:
            await poll.cast(2, "001", key="key-00002", now=NOW)
    monkeypatch.undo()  # however busy the machine is, the next answer comes in time
    assert unknown.value.code == "outcome_unknown"
    again = await poll.cast(2, "001", key="key-00002", now=NOW)
    assert isinstance(again, Accepted)
    assert await poll.ledger() == [1, 2]


@pytest.fixture
async def owner(database: Endpoints) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the owner of the schema, who can plant faults."""
    connection = await asyncpg.connect(database.database_url)
    yield connection
    await connection.close()


@asynccontextmanager
async def failing_commit(owner: asyncpg.Connection, voter: bytes) -> AsyncIterator[None]:
    """Every transaction with a ballot of this voter fails in COMMIT itself."""
    await owner.execute(
        f"""
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'planted'; END $$;
        CREATE CONSTRAINT TRIGGER planted AFTER INSERT ON ballot
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (NEW.voter = '\\x{voter.hex()}') EXECUTE FUNCTION fail();
        """
    )
    yield
    await owner.execute("DROP TRIGGER planted ON ballot; DROP FUNCTION fail()")


async def test_failing_commit_fails_alone_and_leaks_no_connection(
    keys: KeyRing, redis: Redis, owner: asyncpg.Connection
) -> None:
    poll = await open_poll(keys, redis, NOW, text=rulebook_text(per_day=50))
    await poll.cast(1, "001", key="key-00001", now=NOW)
    box = await poll.ballot_box.boxes.find(poll.contest.id)
    assert box is not None
    async with failing_commit(owner, box.pseudonym(13)):
        for turn in range(12):  # more often than there are connections
            outcomes = await asyncio.gather(
                *(
                    poll.cast(voter, "001", key=f"turn-{turn}-{voter}", now=NOW)
                    for voter in (11, 12, 13, 14)
                ),
                return_exceptions=True,
            )
            failed = [one for one in outcomes if isinstance(one, Unavailable)]
            assert [one.code for one in failed] == ["outcome_unknown"]
            assert len(sequences(outcomes)) == 3
    assert await poll.ledger() == list(range(1, 38))
    again = await poll.cast(13, "001", key="turn-0-13", now=NOW)
    assert isinstance(again, Accepted)
    assert again.sequence == 38


async def test_of_a_refused_batch_all_others_are_accepted_while_more_come(
    keys: KeyRing, redis: Redis, owner: asyncpg.Connection
) -> None:
    polls = [await open_poll(keys, redis, NOW) for _contest in range(ballot_box.WRITERS + 1)]
    shared = [Poll(one.contest, polls[0].ballot_box, one.entrants) for one in polls]
    await asyncio.gather(*(poll.cast(999, "001", key="key-00999", now=NOW) for poll in shared))
    box = await shared[0].ballot_box.boxes.find(shared[0].contest.id)
    assert box is not None
    async with failing_commit(owner, box.pseudonym(3)):
        outcomes = await asyncio.gather(
            *(
                service.cast(poll.ballot_box, poll.contest, voter, ["001"], f"key-{voter:05}", NOW)
                for voter in range(60)
                for poll in shared
            ),
            return_exceptions=True,
        )
        await shared[0].ballot_box.finish()
    failed = [one for one in outcomes if isinstance(one, Unavailable)]
    assert [one.code for one in failed] == ["outcome_unknown"]
    assert [len(await poll.ledger()) for poll in shared] == [60, 61, 61, 61, 61]
    assert [(await poll.ledger())[-1] for poll in shared] == [60, 61, 61, 61, 61]


async def test_finish_that_is_cancelled_gives_up_every_stalled_batch(
    keys: KeyRing, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ballot_box, "ANSWER_WITHIN", 10 * PATIENCE)
    poll = await open_poll(keys, redis, NOW)
    await poll.cast(1, "001", key="key-00001", now=NOW)
    async with stalled(poll):
        casts = [
            asyncio.ensure_future(
                service.cast(poll.ballot_box, poll.contest, n, ["001"], f"key-0000{n}", NOW)
            )
            for n in range(2, 5)
        ]
        await somebody_waits_for_a_lock()
        finishing = asyncio.create_task(poll.ballot_box.finish())
        await turns(5)  # as deep as the tasks are that wait for each other
        finishing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await finishing
        async with asyncio.timeout(PATIENCE):  # long before they are overdue
            outcomes = await asyncio.gather(*casts, return_exceptions=True)
        assert [one.code for one in outcomes if isinstance(one, Unavailable)] == [
            "outcome_unknown"
        ] * 3
    again = await poll.cast(2, "001", key="key-00002", now=NOW)
    assert isinstance(again, Accepted)
