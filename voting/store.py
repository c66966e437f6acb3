"""Named queries of the cast path: set-based statements on the raw connection."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contest.rules.vocabulary import Voting
from core import db
from voting.rules.eligibility import Usage

_USED_IN_CONTEST = """
SELECT voter, day, array_agg(entrant_id) AS entrants FROM vote
WHERE contest_id = $1 AND voter = ANY($2::bytea[])
GROUP BY voter, day
"""
_USED_ON_DAYS = """
SELECT voter, day, array_agg(entrant_id) AS entrants FROM vote
WHERE contest_id = $1 AND voter = ANY($2::bytea[]) AND day = ANY($3::date[])
GROUP BY voter, day
"""


@dataclass(frozen=True)
class BoxRow:
    slug: str
    secret_sealed: bytes


@dataclass(frozen=True, slots=True)
class BallotRow:
    """One ballot as stored. The first vote takes `slot`, the next one `slot + 1` …;
    `contest_slot` counts the same way, or is None where there is no such quota."""

    sequence: int
    voter: bytes
    day: date
    slot: int
    contest_slot: int | None
    entries: tuple[int, ...]
    entry_slots: tuple[int | None, ...]
    minute: datetime
    key_digest: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The ballot that was accepted under an idempotency key."""

    voter: bytes
    sequence: int
    day: date
    slot: int
    entries: tuple[int, ...]
    minute: datetime


async def box_row(contest_id: int) -> BoxRow | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT slug, secret_sealed FROM ballot_box WHERE contest = $1", contest_id
        )
    return BoxRow(row["slug"], row["secret_sealed"]) if row else None


async def add_box(
    tx: Any, contest_id: int, slug: str, voting: Voting, sealed: bytes, now: datetime
) -> None:
    await tx.execute(
        "INSERT INTO ballot_box (contest, slug, votes_per_day, votes_per_contest,"
        " votes_per_entry_per_day, secret_sealed, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (contest) DO NOTHING",
        contest_id,
        slug,
        voting.votes_per_day,
        voting.votes_per_contest,
        voting.votes_per_entry_per_day,
        sealed,
        now,
    )


async def lock_ledger(tx: Any, contest_id: int) -> int:
    """The number of leaves; no one else can append until `tx` ends."""
    return int(await tx.fetchval("SELECT lock_ledger($1)", contest_id))


async def first_answers(
    tx: Any, contest_id: int, key_digests: Collection[bytes]
) -> dict[bytes, FirstAnswer]:
    rows = await tx.fetch(
        "SELECT key_digest, voter, sequence, day, slot, entries, minute FROM ballot"
        " WHERE contest_id = $1 AND key_digest = ANY($2::bytea[])",
        contest_id,
        list(key_digests),
    )
    return {
        row["key_digest"]: FirstAnswer(
            row["voter"],
            row["sequence"],
            row["day"],
            row["slot"],
            tuple(row["entries"]),
            row["minute"],
        )
        for row in rows
    }


async def usages(
    tx: Any, contest_id: int, voters: Collection[bytes], days: Collection[date], *, whole: bool
) -> dict[tuple[bytes, date], Usage]:
    """What each voter has used on each of the days; absent when nothing.

    `whole` also counts the votes of all other days, which only a quota over the whole
    contest asks for.
    """
    if whole:
        rows = await tx.fetch(_USED_IN_CONTEST, contest_id, list(voters))
    else:
        rows = await tx.fetch(_USED_ON_DAYS, contest_id, list(voters), list(days))
    in_contest: Counter[bytes] = Counter()
    for row in rows:
        in_contest[row["voter"]] += len(row["entrants"])
    used = {
        (row["voter"], row["day"]): Usage(
            len(row["entrants"]), in_contest[row["voter"]], Counter(row["entrants"])
        )
        for row in rows
    }
    for voter, votes in in_contest.items():
        for day in days:
            used.setdefault((voter, day), Usage(contest=votes))
    return used


async def append_ballots(tx: Any, contest_id: int, ballots: Sequence[BallotRow]) -> None:
    """Write ballots and their votes in one statement each; triggers count them."""
    await tx.execute(
        "INSERT INTO ballot (contest_id, sequence, voter, day, slot, entries, minute,"
        " key_digest, leaf_hash) SELECT $1, sequence, voter, day, slot, entries::int[], minute,"
        " key_digest, leaf_hash FROM unnest($2::bigint[], $3::bytea[], $4::date[],"
        " $5::smallint[], $6::text[], $7::timestamptz[], $8::bytea[], $9::bytea[])"
        " AS fresh (sequence, voter, day, slot, entries, minute, key_digest, leaf_hash)",
        contest_id,
        [one.sequence for one in ballots],
        [one.voter for one in ballots],
        [one.day for one in ballots],
        [one.slot for one in ballots],
        ["{" + ",".join(map(str, one.entries)) + "}" for one in ballots],
        [one.minute for one in ballots],
        [one.key_digest for one in ballots],
        [one.leaf_hash for one in ballots],
    )
    votes = [
        (
            one.voter,
            one.day,
            one.slot + place,
            None if one.contest_slot is None else one.contest_slot + place,
            entrant,
            one.entry_slots[place],
            one.sequence,
        )
        for one in ballots
        for place, entrant in enumerate(one.entries)
    ]
    await tx.execute(
        "INSERT INTO vote (contest_id, voter, day, day_slot, contest_slot, entrant_id,"
        " entry_slot, sequence) SELECT $1, fresh.* FROM unnest($2::bytea[], $3::date[],"
        " $4::smallint[], $5::smallint[], $6::int[], $7::smallint[], $8::bigint[]) AS fresh",
        contest_id,
        *(list(column) for column in zip(*votes, strict=True)),
    )


async def keys_of(contest_id: int, voters: Collection[bytes]) -> dict[bytes, frozenset[bytes]]:
    """The key digests of every ballot that each voter ever cast in this contest."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT voter, array_agg(key_digest) AS keys FROM ballot WHERE contest_id = $1"
            " AND sequence IN (SELECT sequence FROM vote WHERE contest_id = $1"
            " AND voter = ANY($2::bytea[])) GROUP BY voter",
            contest_id,
            list(voters),
        )
    return {row["voter"]: frozenset(row["keys"]) for row in rows}


async def usage_now(contest_id: int, voter: bytes, day: date) -> dict[tuple[bytes, date], Usage]:
    async with db.connection() as connection:
        return await usages(connection, contest_id, [voter], [day], whole=True)


@dataclass(frozen=True)
class TallyRow:
    entrant_id: int
    votes: int
    under_review: int
    void: int


async def tally_rows(contest_id: int) -> list[TallyRow]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT entrant_id, votes, under_review, void FROM tally WHERE contest_id = $1",
            contest_id,
        )
    return [TallyRow(**row) for row in rows]
