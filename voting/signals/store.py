"""Named queries of signals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.database import db
from core.database.pg_arrays import written, written_bytes, written_words
from voting.signals.rules.signal import Signal

_CHUNK = 5_000


async def add(signals: Sequence[Signal]) -> None:
    """Write many in one statement.

    Without waiting for the disk: a signal may be lost, and no ballot's commit waits for it.
    """
    async with db.unit_of_work() as tx:
        await tx.execute("SET LOCAL synchronous_commit = off")
        await tx.execute(
            "INSERT INTO ballot_signal (contest_id, sequence, at, prefix, device, agent,"
            " account_minutes)"
            " SELECT contest_id, sequence, to_timestamp(at), prefix, device, agent, account_minutes"
            " FROM unnest($1::text::int[], $2::text::bigint[], $3::text::bigint[],"
            " $4::text::bytea[], $5::text::bytea[], $6::text::text[], $7::text::smallint[])"
            " AS fresh (contest_id, sequence, at, prefix, device, agent, account_minutes)"
            " ON CONFLICT DO NOTHING",
            written([one.contest_id for one in signals]),
            written([one.sequence for one in signals]),
            written([int(one.at.timestamp()) for one in signals]),
            written_bytes([one.prefix for one in signals]),
            written_bytes([one.device for one in signals]),
            written_words([one.agent for one in signals]),
            written([one.account_minutes for one in signals]),
        )


async def count(contest_id: int) -> int:
    async with db.connection() as connection:
        return int(
            await connection.fetchval(
                "SELECT count(*) FROM ballot_signal WHERE contest_id = $1", contest_id
            )
        )


async def purge(tx: Any, contest_id: int) -> int:
    """Remove all signals of a contest; how many there were."""
    done = await tx.execute("DELETE FROM ballot_signal WHERE contest_id = $1", contest_id)
    return int(done.rpartition(" ")[2])


async def contests_with_signals() -> list[int]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            "WITH RECURSIVE kept AS ("
            " (SELECT contest_id FROM ballot_signal ORDER BY contest_id LIMIT 1)"
            " UNION ALL SELECT (SELECT next.contest_id FROM ballot_signal next"
            " WHERE next.contest_id > kept.contest_id ORDER BY contest_id LIMIT 1) FROM kept"
            " WHERE kept.contest_id IS NOT NULL"
            ") SELECT contest_id FROM kept WHERE contest_id IS NOT NULL"
        )
    return [row["contest_id"] for row in rows]


async def votes_with_signals(contest_id: int, since: datetime, after: int) -> list[Any]:
    """The next ballots that count, with their signals, numbered above `after`.

    A few thousand at a time, so that reading a large contest holds nobody up.
    """
    async with db.connection() as connection:
        rows: list[Any] = await connection.fetch(
            "SELECT sequence, voter, entries, coalesce(signal.at, minute) AS at, prefix, device,"
            " account_minutes FROM ballot"
            " LEFT JOIN ballot_signal signal USING (contest_id, sequence)"
            " LEFT JOIN ballot_mark mark USING (contest_id, sequence)"
            " WHERE contest_id = $1 AND sequence > $2 AND minute >= $3 AND state IS NULL"
            " ORDER BY sequence LIMIT $4",
            contest_id,
            after,
            since,
            _CHUNK,
        )
    return rows
