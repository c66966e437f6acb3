import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from contest.editions.rules.contest import Phase
from core.crypto import KeyRing
from core.database import db
from tests.support.eventually import somebody_waits_for_a_lock
from tests.support.voting import Poll, open_poll, rulebook_text, sequences, set_phase, stalled
from voting.casting import precheck, service
from voting.casting.ballot_box import BallotBox
from voting.casting.rules.refusal import Reason, Refused
from voting.casting.service import Accepted, Count

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Beijing

pytestmark = pytest.mark.usefixtures("pool")


def reasons(answers: list[Any]) -> set[Reason]:
    return {one.reason for one in answers if isinstance(one, Refused)}


async def test_cast_gives_a_receipt_and_counts(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW)
    answer = await poll.cast(7, "002", key="key-00001", now=NOW)
    assert isinstance(answer, Accepted), answer
    assert (answer.sequence, answer.slot, answer.codes) == (1, 1, ("002",))
    assert await service.tally(poll.contest.id) == {poll.entrants["002"]: Count(valid=1)}


async def test_hundred_at_once_with_quota_one_give_exactly_one(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW)
    answers = await asyncio.gather(
        *(poll.cast(7, "001", key=f"attempt-{n}", now=NOW) for n in range(100))
    )
    assert sequences(answers) == [1]
    assert reasons(answers) <= {Reason.QUOTA_USED, Reason.TOO_FAST}
    assert await poll.ledger() == [1]


async def test_two_boxes_at_once_keep_quota_and_sequence(keys: KeyRing, redis: Redis) -> None:
    """Two processes know nothing of each other: neither do two boxes."""
    poll = await open_poll(keys, redis, NOW)
    other = Poll(poll.contest, BallotBox(keys, redis), poll.entrants)
    answers = await asyncio.gather(
        *(
            one.cast(voter, "001", key=f"box-{place}-voter-{voter}", now=NOW)
            for voter in range(1, 101)
            for place, one in enumerate((poll, other))
        )
    )
    assert sequences(answers) == list(range(1, 101))
    assert reasons(answers) == {Reason.QUOTA_USED}
    assert await poll.ledger() == list(range(1, 101))


async def test_a_rush_of_voters_is_counted_without_gap(keys: KeyRing, redis: Redis) -> None:
    text = rulebook_text(per_day=3, per_entry=1, entries=(1, 2))
    poll = await open_poll(keys, redis, NOW, text=text)
    answers = await asyncio.gather(
        *(poll.cast(n, "001", f"00{2 + n % 2}", key=f"voter-{n:04}", now=NOW) for n in range(600))
    )
    assert sequences(answers) == list(range(1, 601))
    tally = {entrant: one.valid for entrant, one in (await service.tally(poll.contest.id)).items()}
    assert tally == await poll.recount()
    assert sorted(tally.values()) == [300, 300, 600]


async def test_repeated_key_gets_the_first_answer_from_another_process(
    keys: KeyRing, redis: Redis
) -> None:
    poll = await open_poll(keys, redis, NOW)
    first = await poll.cast(7, "001", key="key-00001", now=NOW)
    after_restart = Poll(poll.contest, BallotBox(keys, redis), poll.entrants)
    later = NOW + timedelta(days=30)  # long closed
    again = await after_restart.cast(7, "001", key="key-00001", now=later)
    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert (again.receipt_code, again.minute) == (first.receipt_code, first.minute)
    assert await poll.ledger() == [1]


async def test_repetitions_in_one_batch_count_once(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW, text=rulebook_text(per_day=3))
    answers = await asyncio.gather(
        *(poll.cast(7, "001", key="the-same-key", now=NOW) for _ in range(20))
    )
    assert {one.receipt_code for one in answers if isinstance(one, Accepted)} == {
        one.receipt_code for one in answers[:1] if isinstance(one, Accepted)
    }
    assert await poll.ledger() == [1]


async def test_key_of_another_voter_and_of_another_ballot(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW, text=rulebook_text(per_day=3))
    await poll.cast(7, "001", key="key-00001", now=NOW)
    foreign = await poll.cast(8, "001", key="key-00001", now=NOW)
    reused = await poll.cast(7, "002", key="key-00001", now=NOW)
    assert [one.reason for one in (foreign, reused) if isinstance(one, Refused)] == [
        Reason.KEY_FOREIGN,
        Reason.KEY_REUSED,
    ]
    assert await poll.ledger() == [1]


async def test_quota_per_contest_outlasts_the_day(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW, text=rulebook_text(per_day=None, per_contest=2))
    days = [NOW, NOW + timedelta(days=1), NOW + timedelta(days=2)]
    answers = [await poll.cast(7, "001", key=f"key-of-{day.day}", now=day) for day in days]
    assert sequences(answers) == [1, 2]
    assert [one.message for one in answers if isinstance(one, Refused)] == [
        "本次评选的 2 票已经用完"
    ]


async def test_quota_per_entry_is_told_apart(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW, text=rulebook_text(per_day=10, per_entry=1))
    first = await poll.cast(7, "001", key="key-00001", now=NOW)
    again = await poll.cast(7, "001", key="key-00002", now=NOW)
    other = await poll.cast(7, "002", key="key-00003", now=NOW)
    assert [type(one) for one in (first, again, other)] == [Accepted, Refused, Accepted]
    assert reasons([again]) == {Reason.ALREADY_VOTED}


async def test_standing_says_what_is_left(keys: KeyRing, redis: Redis) -> None:
    text = rulebook_text(per_day=3, per_entry=1)
    poll = await open_poll(keys, redis, NOW, text=text)
    await poll.cast(7, "002", key="key-00001", now=NOW)
    own = await service.voter_quota(poll.ballot_box.boxes, 7, poll.contest, NOW)
    assert (own.left, own.closed) == (2, None)
    assert own.full == {poll.entrants["002"]}
    tomorrow = await service.voter_quota(
        poll.ballot_box.boxes, 7, poll.contest, NOW + timedelta(days=1)
    )
    assert (tomorrow.left, tomorrow.voted) == (3, {})
    stranger = await service.voter_quota(poll.ballot_box.boxes, None, poll.contest, NOW)
    assert (stranger.left, stranger.changes_at) == (3, poll.contest.closes_at)


async def test_flushed_redis_grants_no_vote(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW)
    answers = []
    for n in range(6):
        answers.append(await poll.cast(7, "001", key=f"attempt-{n}", now=NOW))
        await redis.flushall()
    assert sequences(answers) == [1]
    assert await poll.ledger() == [1]


async def test_without_redis_the_database_decides_alone(
    keys: KeyRing, tmp_path_factory: pytest.TempPathFactory
) -> None:
    socket = tmp_path_factory.mktemp("nothing") / "redis.sock"
    async with Redis.from_url(f"unix://{socket}") as gone:
        poll = await open_poll(keys, gone, NOW)
        answers = [await poll.cast(7, "001", key=f"attempt-{n}", now=NOW) for n in range(3)]
    assert sequences(answers) == [1]
    assert reasons(answers) == {Reason.QUOTA_USED}


async def test_redis_answers_the_next_refusal_without_the_database(
    keys: KeyRing, redis: Redis
) -> None:
    poll = await open_poll(keys, redis, NOW)
    first = await poll.cast(7, "001", key="key-00001", now=NOW)
    refused = await poll.cast(7, "001", key="key-00002", now=NOW)
    async with stalled(poll):
        remembered = await poll.cast(7, "001", key="key-00003", now=NOW)
    assert remembered == refused
    # and a repetition of the accepted one still finds its first answer
    again = await poll.cast(7, "001", key="key-00001", now=NOW)
    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert again.receipt_code == first.receipt_code


async def test_too_many_tries_are_told_when_to_come_back(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW, text=rulebook_text(per_day=100))
    answers = [
        await poll.cast(7, "001", key=f"attempt-{n:03}", now=NOW) for n in range(precheck.TRIES + 1)
    ]
    assert reasons(answers) == {Reason.TOO_FAST}
    assert isinstance(answers[-1], Refused)
    assert answers[-1].retry_after == precheck.TRIES_SECONDS


async def test_memory_that_redis_cannot_make_sense_of_is_passed_over(
    keys: KeyRing, redis: Redis
) -> None:
    poll = await open_poll(keys, redis, NOW)
    for n in range(2):
        await poll.cast(1, "001", key=f"key-0000{n}", now=NOW)
    [name] = await redis.keys(f"vote:{{{poll.contest.id}}}:used:*")
    await redis.set(name, b"\xff")
    assert reasons([await poll.cast(1, "001", key="key-00003", now=NOW)]) == {Reason.QUOTA_USED}


async def test_no_ballot_follows_once_the_phase_has_moved_on(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW)
    await poll.cast(1, "001", key="key-00001", now=NOW)
    await set_phase(poll.contest, Phase.JUDGING)  # poll.contest still says voting
    answer = await poll.cast(2, "001", key="key-00002", now=NOW)
    assert reasons([answer]) == {Reason.CLOSED}


async def test_phase_waits_for_the_batch_under_way(keys: KeyRing, redis: Redis) -> None:
    poll = await open_poll(keys, redis, NOW)
    await poll.cast(1, "001", key="key-00001", now=NOW)
    assert db.ENGINE.pool is not None
    async with db.ENGINE.pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM contest WHERE id = $1 FOR UPDATE", poll.contest.id)
        cast = asyncio.create_task(poll.cast(2, "001", key="key-00002", now=NOW))
        await somebody_waits_for_a_lock(other)
        await other.execute("UPDATE contest SET phase = 'judging' WHERE id = $1", poll.contest.id)
    assert reasons([await cast]) == {Reason.CLOSED}
    assert await poll.ledger() == [1]
