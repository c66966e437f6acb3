"""A contest that takes votes, its voters and their sessions, made in bulk for a bench."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from redis.asyncio import Redis

from contest.editions import service
from contest.editions.rules.contest import Contest, Phase
from contest.entrants import importing as entrant_import
from contest.entrants.rules.entrant import NewEntrant
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from contest.rulebooks.service import BUNDLED
from core.audit import SYSTEM
from core.crypto import load_keys
from core.database import db
from core.engines.embedded import Endpoints
from voting.casting import service as voting
from voting.casting.ballot_box import BallotBox

ENTRANTS = 20
SLUG = "bench"
_LOG_FILES = 30
_RULES = (BUNDLED / "top_ten_2026.toml").read_text("utf-8")


async def open_poll(
    endpoints: Endpoints, folder: Path, voters: int, *, lived_in: bool = False
) -> None:
    """The shipped ten-spokespersons contest in its voting phase, and signed-in voters; with
    `lived_in` on a database whose log has its files already.

    Voter n has the session `token_of(n)`; sessions that can be guessed exist only in the temporary
    database of a bench.
    """
    now = datetime.now(UTC)
    await db.open_pool(endpoints.app_database_url)
    try:
        contest = await _contest(now)
        await _first_vote(endpoints, folder, contest, now)
    finally:
        await db.close_pool()
    await _voters(endpoints, voters, now)
    if lived_in:
        await _live_in(endpoints)


def token_of(voter: int) -> str:
    return f"voter{voter:08d}"


async def _contest(now: datetime) -> Contest:
    opens, closes = now - timedelta(hours=1), now + timedelta(days=10)
    text = re.sub(r"(?m)^opens_at = .*$", f"opens_at = {opens.isoformat()}", _RULES)
    text = re.sub(r"(?m)^closes_at = .*$", f"closes_at = {closes.isoformat()}", text)
    contest = await service.create_contest(SLUG, text, SYSTEM, now)
    people = [
        NewEntrant(f"候选人{n}", f"{n:03d}", "同江镇", "同江镇", "简介", "案例报告")
        for n in range(1, ENTRANTS + 1)
    ]
    await entrant_import.add_entrants(contest.id, people, SYSTEM, now)
    conditions = PhaseConditions()
    for phase in (Phase.NOMINATION, Phase.REVIEW, Phase.VOTING):
        contest = await advance(contest.id, phase, SYSTEM, now, conditions)
    return contest


async def _first_vote(endpoints: Endpoints, folder: Path, contest: Contest, now: datetime) -> None:
    """Makes the contest's box, with the keys the server will find in `folder`."""
    async with Redis.from_url(endpoints.redis_url) as redis:
        box = BallotBox(load_keys(folder), redis)
        await voting.cast(box, contest, 1, ["001"], "bench-first-vote", now)
        await box.finish()


async def _voters(endpoints: Endpoints, voters: int, now: datetime) -> None:
    connection = await asyncpg.connect(endpoints.database_url)
    try:
        first = await connection.fetchval("SELECT coalesce(max(id), 0) + 1 FROM account")
        await connection.execute(
            "INSERT INTO account (id, name, roles, township, consent_version, created_at)"
            " SELECT $1 + n, '投票人', ARRAY['voter'], '', '', $3"
            " FROM generate_series(0, $2 - 1) AS n",
            first,
            voters,
            now,
        )
        await connection.copy_records_to_table(
            "session",
            records=[
                (
                    hashlib.sha256(token_of(n).encode()).digest(),
                    first + n,
                    now,
                    now,
                    now + timedelta(days=1),
                )
                for n in range(voters)
            ],
            columns=["token_digest", "account", "opened_at", "seen_at", "expires_at"],
        )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _live_in(endpoints: Endpoints) -> None:
    """A database that has been through checkpoints reuses log files; a new one would have to create
    a file every second or so under load."""
    connection = await asyncpg.connect(endpoints.database_url)
    try:
        await connection.execute("CREATE TABLE bench_log_filler (n integer)")
        for _file in range(_LOG_FILES):
            await connection.execute("INSERT INTO bench_log_filler VALUES (1)")
            await connection.execute("SELECT pg_switch_wal()")
        await connection.execute("DROP TABLE bench_log_filler")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
