"""A contest that takes votes, and ballots for it, without the pages that lead there."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from redis.asyncio import Redis

from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest, Phase
from contest.entrants import service as entrants
from core.audit import SYSTEM
from core.crypto import KeyRing
from core.database import db
from voting.casting import service
from voting.casting.ballot_box import BallotBox
from voting.casting.batch import Accepted, Answer

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_slugs = itertools.count(1)

RULEBOOK = """
format = 1
id = "test-vote"
version = "1.0.0"
title = "测试评选"
kind = "other"
effective_on = 2026-01-01
clause = "测试"
[voting]
{quotas}
entries_per_ballot = {{ min = {least}, max = {most} }}
count_display = {{ mode = "{display}"{at} }}
[voting.window]
opens_at = 2026-03-01T08:00:00+08:00
closes_at = 2026-03-08T18:00:00+08:00
{hours}
[[components]]
id = "vote"
name = "网络投票"
source = "votes"
weight = 100
normaliser = {{ kind = "ratio_to_max" }}
"""


def rulebook_text(
    *,
    per_day: int | None = 1,
    per_contest: int | None = None,
    per_entry: int | None = None,
    entries: tuple[int, int] = (1, 1),
    display: str = "live",
    hours: str = "",
) -> str:
    quotas = {
        "votes_per_day": per_day,
        "votes_per_contest": per_contest,
        "votes_per_entry_per_day": per_entry,
    }
    return RULEBOOK.format(
        quotas="\n".join(f"{name} = {n}" for name, n in quotas.items() if n is not None),
        least=entries[0],
        most=entries[1],
        display=display,
        at=', at = "18:00"' if display == "daily_snapshot" else "",
        hours=hours,
    )


@dataclass
class Poll:
    """One contest in its voting phase and the ballot box of this process."""

    contest: Contest
    ballot_box: BallotBox
    entrants: dict[str, int]

    async def cast(self, voter: int, *codes: str, key: str, now: datetime) -> Answer:
        """The answer, once the box has also noted it in Redis: a client that is closed
        before, as no server does, would open a connection nobody closes."""
        answer = await service.cast(self.ballot_box, self.contest, voter, codes, key, now)
        await self.ballot_box.finish()
        return answer

    async def cast_many(self, count: int, now: datetime, *, first: int = 1) -> None:
        """One ballot each by voters `first`, `first + 1` …, in this order."""
        for start in range(first, first + count, 200):
            answers = await asyncio.gather(
                *(
                    self.cast(voter, "001", key=f"many-{voter:06}", now=now)
                    for voter in range(start, min(start + 200, first + count))
                )
            )
            assert all(isinstance(one, Accepted) for one in answers), answers

    async def withdraw(self, code: str) -> None:
        await entrants.withdraw_entrant(self.entrants[code], "退出", SYSTEM, START)

    async def ledger(self) -> list[int]:
        """Every sequence number in the ledger, in order."""
        async with db.connection() as connection:
            rows = await connection.fetch(
                "SELECT sequence FROM ballot WHERE contest_id = $1"
                " UNION ALL SELECT sequence FROM change_entry WHERE contest_id = $1"
                " ORDER BY sequence",
                self.contest.id,
            )
        return [row["sequence"] for row in rows]

    async def recount(self) -> dict[int, int]:
        """Votes by entrant, counted from the ballots themselves."""
        async with db.connection() as connection:
            rows = await connection.fetch(
                "SELECT entrant, count(*) AS votes FROM ballot, unnest(entries) AS entrant"
                " WHERE contest_id = $1 GROUP BY entrant",
                self.contest.id,
            )
        return {row["entrant"]: row["votes"] for row in rows}


def sequences(answers: Sequence[object]) -> list[int]:
    """Of the accepted ballots, in order."""
    return sorted(one.sequence for one in answers if isinstance(one, Accepted))


async def set_phase(contest: Contest, phase: Phase) -> None:
    """Put a contest into a phase without the conditions on the way there."""
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE contest SET phase = $2 WHERE id = $1", contest.id, phase.value
        )


async def open_poll(
    keys: KeyRing, redis: Redis, now: datetime, *, entrants: int = 3, text: str = ""
) -> Poll:
    """A contest whose voting is open, with candidates 001, 002 … ."""
    contest = await contest_service.create_contest(
        f"poll-{next(_slugs)}", text or rulebook_text(), SYSTEM, now
    )
    async with db.connection() as connection:
        ids = await connection.fetch(
            "INSERT INTO entrant (contest, code, name, nominator, township, summary, case_report,"
            " first_time, attributes, added_at, withdrawn_reason)"
            " SELECT $1, to_char(n, 'FM000'), '候选人' || n, '', '同江镇', '', '', false, '{}', $3,"
            " ''"
            " FROM generate_series(1, $2) AS n RETURNING code, id",
            contest.id,
            entrants,
            now,
        )
    await set_phase(contest, Phase.VOTING)
    return Poll(
        await contest_service.contest_by_id(contest.id),
        BallotBox(keys, redis),
        {row["code"]: row["id"] for row in ids},
    )


@asynccontextmanager
async def stalled(poll: Poll) -> AsyncIterator[None]:
    """Someone else holds the ledger's head, as a commit with a stalled fsync would."""
    assert db.ENGINE.pool is not None
    async with db.ENGINE.pool.acquire() as other, other.transaction():
        await other.execute("SELECT lock_ledger($1)", poll.contest.id)
        yield
