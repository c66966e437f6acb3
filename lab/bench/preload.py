"""Fills a ballot box with millions of ballots, as after a long contest."""

import asyncpg

from lab.bench.poll import ENTRANTS
from lab.bench.report import say

_SLICE = 250_000
_BALLOTS = """
INSERT INTO ballot (contest_id, sequence, voter, day, slot, entries, minute, key_digest, leaf_hash)
SELECT $1, n, substr(sha256(('voter' || n / 10)::bytea), 1, 16), current_date - (1 + n % 9)::int,
    1 + n % 10, ARRAY[$2 + (n / 10 + n % 10)::int % $3::int], now() - interval '1 day',
    substr(sha256(('key' || n)::bytea), 1, 16), sha256(('leaf' || n)::bytea)
FROM generate_series($4::bigint, $5::bigint) AS n
"""
_VOTES = """
INSERT INTO vote (contest_id, voter, day, day_slot, contest_slot, entrant_id, entry_slot, sequence)
SELECT contest_id, voter, day, slot, NULL, entries[1], 1, sequence FROM ballot
WHERE contest_id = $1 AND sequence BETWEEN $2 AND $3
"""
_HEAD = """
UPDATE ledger_head SET size = $2 WHERE contest = $1
"""
_TALLY = """
INSERT INTO tally (contest_id, entrant_id, votes)
SELECT contest_id, entrant_id, count(*) FROM vote WHERE contest_id = $1
GROUP BY contest_id, entrant_id
ON CONFLICT (contest_id, entrant_id) DO UPDATE SET votes = excluded.votes
"""


async def preload(database_url: str, ballots: int) -> None:
    """Ten ballots a voter over the last nine days. The triggers that check and count one batch
    at a time are off meanwhile, which only the schema's owner can do."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("SET session_replication_role = replica")
        contest = await connection.fetchval("SELECT contest FROM ledger_head")
        entrant = await connection.fetchval("SELECT min(id) FROM entrant")
        size = await connection.fetchval("SELECT size FROM ledger_head")
        for first in range(size + 1, size + ballots + 1, _SLICE):
            last = min(first + _SLICE - 1, size + ballots)
            await connection.execute(_BALLOTS, contest, entrant, ENTRANTS, first, last)
            await connection.execute(_VOTES, contest, first, last)
            say(f"preloaded {last - size}/{ballots}")
        await connection.execute(_HEAD, contest, size + ballots)
        await connection.execute(_TALLY, contest)
        await connection.execute("VACUUM ANALYZE ballot, vote")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
