"""Polls filled with days of votes and their signals, faster than by casting each."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from core.beijing import BEIJING
from core.database import db
from tests.support.voting import Poll
from voting.signals import store as store_signals
from voting.signals.rules.signal import Signal

OPENED = datetime(2026, 3, 2, 0, 0, tzinfo=BEIJING)
BURST_AT = OPENED + timedelta(days=1, hours=14)
BURST_VOTES, BURST_SECONDS = 217, 240


@dataclass(frozen=True)
class Filled:
    """`burst` are the sequence numbers of the attack's ballots, all for 002."""

    burst: list[int]
    size: int


async def fill(poll: Poll, *, burst: bool = True, hourly: int = 60) -> Filled:
    """A day and a half of an even trickle on 001 to 003, and one of the known bursts on 002.

    Every ballot has a voter, a device and nearly a network of its own; the burst comes out
    of a few proxies, on accounts just made.
    """
    rng = np.random.default_rng(1)
    n = hourly * 38
    usual = [
        (OPENED + timedelta(seconds=float(s)), f"{1 + int(e):03d}", int(p), int(age), False)
        for s, e, p, age in zip(
            rng.uniform(0, 38 * 3600, n),
            rng.integers(0, 3, n),
            rng.integers(0, 200, n),
            rng.integers(0, 9000, n),
            strict=True,
        )
    ]
    attack = [
        (BURST_AT + timedelta(seconds=float(s)), "002", 900 + int(p), 1, True)
        for s, p in zip(
            rng.uniform(0, BURST_SECONDS, BURST_VOTES),
            rng.integers(0, 5, BURST_VOTES),
            strict=True,
        )
    ]
    votes = sorted(usual + (attack if burst else []))
    await _write(poll, votes)
    return Filled([n for n, vote in enumerate(votes, start=1) if vote[4]], len(votes))


async def _write(poll: Poll, votes: list[tuple[datetime, str, int, int, bool]]) -> None:
    voting = poll.contest.rulebook.voting
    assert voting is not None
    await poll.ballot_box.boxes.make(poll.contest, voting, OPENED)
    numbers = list(range(1, len(votes) + 1))
    voters = [number.to_bytes(16, "big") for number in numbers]
    entrants = [poll.entrants[code] for _at, code, *_rest in votes]
    days = [at.astimezone(BEIJING).date() for at, *_rest in votes]
    async with db.unit_of_work() as tx:
        await tx.execute(
            "INSERT INTO ballot (contest_id, sequence, voter, day, slot, entries, minute,"
            " key_digest, leaf_hash) SELECT $1::int, n, voter, day, 1, ARRAY[entrant], minute,"
            " substring(sha256(int4send($1::int) || voter) FROM 1 FOR 16), sha256(voter)"
            " FROM unnest($2::bigint[], $3::bytea[], $4::date[], $5::int[],"
            " $6::timestamptz[]) AS fresh (n, voter, day, entrant, minute)",
            poll.contest.id,
            numbers,
            voters,
            days,
            entrants,
            [at.astimezone(UTC).replace(second=0, microsecond=0) for at, *_rest in votes],
        )
        await tx.execute(
            "INSERT INTO vote (contest_id, voter, day, day_slot, entrant_id, sequence)"
            " SELECT $1, voter, day, 1, entrant, n FROM unnest($2::bigint[], $3::bytea[],"
            " $4::date[], $5::int[]) AS fresh (n, voter, day, entrant)",
            poll.contest.id,
            numbers,
            voters,
            days,
            entrants,
        )
    await store_signals.add(
        [
            Signal(
                contest_id=poll.contest.id,
                sequence=number,
                at=at,
                prefix=prefix.to_bytes(8, "big"),
                device=number.to_bytes(8, "big"),
                agent="wechat",
                account_minutes=age,
            )
            for number, (at, _code, prefix, age, _attack) in zip(numbers, votes, strict=True)
        ]
    )
