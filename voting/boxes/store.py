"""Named queries of the ballot boxes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.rulebooks.rules.vocabulary import Voting
from core.database import db


@dataclass(frozen=True)
class BoxRow:
    slug: str
    secret_sealed: bytes


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
