"""Named queries of the cast path: set-based statements on the raw connection."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from contest.editions.rules.contest import Phase
from core.database import db
from core.database.pg_arrays import written, written_bytes, written_words
from core.value import Value
from voting.casting.rules.eligibility import Candidate, Usage

# Ballots and their votes in one statement; triggers count them. The first vote of a ballot
# takes its slots, the next ones those after it.
_APPEND = """
WITH fresh AS (
    SELECT * FROM unnest($2::text::bigint[], $3::text::bytea[], $4::text::date[],
        $5::text::smallint[], $6::text::smallint[], $7::text::text[], $8::text::text[],
        $9::text::bigint[], $10::text::bytea[], $11::text::bytea[])
        AS fresh (sequence, voter, day, slot, contest_slot, entries, entry_slots, minute,
            key_digest, leaf_hash)
), written AS (
    INSERT INTO ballot (contest_id, sequence, voter, day, slot, entries, minute, key_digest,
        leaf_hash)
    SELECT $1, sequence, voter, day, slot, entries::int[], to_timestamp(minute), key_digest,
        leaf_hash FROM fresh
)
INSERT INTO vote (contest_id, voter, day, day_slot, contest_slot, entrant_id, entry_slot, sequence)
SELECT $1, voter, day, slot + place - 1, contest_slot + place - 1, entrant, entry_slot, sequence
FROM fresh, unnest(entries::int[], entry_slots::smallint[])
    WITH ORDINALITY AS named (entrant, entry_slot, place)
"""


class BallotRow(Value, frozen=True):
    """One ballot as stored. The first vote takes `slot`, the next one `slot + 1` …;
    `contest_slot` counts the same way. The latter and `entry_slots` are None where there is
    no such quota."""

    sequence: int
    voter: bytes
    day: date
    slot: int
    contest_slot: int | None
    entries: tuple[int, ...]
    entry_slots: tuple[int, ...] | None
    minute: datetime
    key_digest: bytes
    leaf_hash: bytes


class FirstAnswer(Value, frozen=True):
    """The ballot that was accepted under an idempotency key."""

    voter: bytes
    sequence: int
    day: date
    slot: int
    entries: tuple[int, ...]
    minute: datetime


class OpenedBatch(NamedTuple):
    """What holds while the ledger is locked: its number of leaves and the contest's phase,
    the candidates named in the batch, the ballots already accepted under one of its keys, and
    what its voters have used."""

    size: int
    phase: Phase
    paper: dict[str, Candidate]
    answered: dict[bytes, FirstAnswer]
    used: dict[tuple[bytes, date], Usage]


async def open_batch(
    tx: Any,
    contest_id: int,
    keys: Collection[bytes],
    voters: Collection[bytes],
    days: Collection[date],
    codes: Collection[str],
    *,
    whole: bool,
) -> OpenedBatch:
    """Lock the ledger and the phase until `tx` ends, then read.

    `whole` also counts the votes of all other days, which only a quota over the whole
    contest asks for.
    """
    size, phase, known, entrants, withdrawn, answered, *used = await tx.fetchrow(
        "SELECT * FROM open_batch($1, $2::text::bytea[], $3::text::bytea[], $4::text::date[],"
        " $5::text::text[], $6)",
        contest_id,
        written_bytes(keys),
        written_bytes(voters),
        written_words(map(str, days)),
        written_words(codes),
        whole,
    )
    candidates = zip(known or (), entrants or (), withdrawn or (), strict=True)
    return OpenedBatch(
        size,
        Phase(phase),
        {code: Candidate(entrant, gone) for code, entrant, gone in candidates},
        {row["key_digest"]: _first_answer(row) for row in answered or ()},
        _used(zip(*used, strict=True) if used[0] else (), days),
    )


def _first_answer(row: Mapping[str, Any]) -> FirstAnswer:
    return FirstAnswer(
        row["voter"],
        row["sequence"],
        row["day"],
        row["slot"],
        tuple(row["entries"]),
        row["minute"],
    )


def _used(
    votes: Iterable[tuple[bytes, date, int]], days: Collection[date]
) -> dict[tuple[bytes, date], Usage]:
    """What each voter has used on each day, and in the contest by the votes at hand (voter,
    day, entrant id); absent when nothing."""
    by_day: defaultdict[tuple[bytes, date], Counter[int]] = defaultdict(Counter)
    in_contest: Counter[bytes] = Counter()
    for voter, day, entrant in votes:
        by_day[voter, day][entrant] += 1
        in_contest[voter] += 1
    used = {
        (voter, day): Usage(entrants.total(), in_contest[voter], entrants)
        for (voter, day), entrants in by_day.items()
    }
    for voter, count in in_contest.items():
        for day in days:
            used.setdefault((voter, day), Usage(contest=count))
    return used


async def append_ballots(tx: Any, contest_id: int, ballots: Sequence[BallotRow]) -> None:
    await tx.execute(
        _APPEND,
        contest_id,
        written([one.sequence for one in ballots]),
        written_bytes([one.voter for one in ballots]),
        written_words([str(one.day) for one in ballots]),
        written([one.slot for one in ballots]),
        written([one.contest_slot for one in ballots]),
        # PostgreSQL has no array of arrays of unequal lengths: each is sent as a text
        written_words([written(one.entries) for one in ballots]),
        written_words([written(one.entry_slots or (None,) * len(one.entries)) for one in ballots]),
        written([int(one.minute.timestamp()) for one in ballots]),
        written_bytes([one.key_digest for one in ballots]),
        written_bytes([one.leaf_hash for one in ballots]),
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


async def usage_now(contest_id: int, voter: bytes, day: date) -> Usage:
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT voter, day, entrant_id FROM vote WHERE contest_id = $1 AND voter = $2",
            contest_id,
            voter,
        )
    return _used(map(tuple, rows), [day]).get((voter, day), Usage())


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
