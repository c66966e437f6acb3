"""Named queries of fraud cases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from core.audit import Actor
from core.database import db

# Any constant no other lock of the database uses.
_LOOKING = 0x5348_4253
_CASES = """
SELECT one.id, one.contest AS contest_id, one.entrant_id, one.first_at, one.last_at, one.ballots,
    one.urgency, one.findings, one.chart, one.opened_at, outcome.void, outcome.reason,
    outcome.closed_by_name, outcome.closed_at
FROM fraud_case one LEFT JOIN fraud_case_outcome outcome ON outcome.fraud_case = one.id
"""


@dataclass(frozen=True)
class FraudCase:
    """What was found about one entrant, and how a person closed it (`closed_at` None before).

    `chart["beginning"]` is the moment from which its seconds count.
    """

    id: int
    contest_id: int
    entrant_id: int
    first_at: datetime
    last_at: datetime
    ballots: int
    urgency: int
    findings: Sequence[Mapping[str, Any]]
    chart: Mapping[str, Any]
    opened_at: datetime
    void: int | None
    reason: str | None
    closed_by_name: str | None
    closed_at: datetime | None

    @property
    def open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class NewCase:
    entrant_id: int
    first_at: datetime
    last_at: datetime
    urgency: int
    findings: Sequence[Mapping[str, Any]]
    chart: Mapping[str, Any]
    sequences: Collection[int]


async def cases(contest_id: int) -> list[FraudCase]:
    """Every case of a contest: open ones first, the most urgent first."""
    return await _cases(
        "WHERE one.contest = $1"
        " ORDER BY outcome.closed_at IS NOT NULL, one.urgency DESC, one.id DESC",
        contest_id,
    )


async def case_by_id(case_id: int) -> FraudCase | None:
    found = await _cases("WHERE one.id = $1", case_id)
    return found[0] if found else None


async def case_of_void(void_id: int) -> FraudCase | None:
    """The case that a void was proposed from."""
    found = await _cases("WHERE outcome.void = $1", void_id)
    return found[0] if found else None


async def _cases(where: str, value: int) -> list[FraudCase]:
    async with db.connection() as connection:
        rows = await connection.fetch(f"{_CASES} {where}", value)
    return [
        FraudCase(
            **{
                **row,
                "findings": msgspec.json.decode(row["findings"]),
                "chart": msgspec.json.decode(row["chart"]),
            }
        )
        for row in rows
    ]


async def sequences_of(case_id: int) -> list[tuple[int, str | None]]:
    """The ballots of a case with their state now: None while they count."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT sequence, state FROM fraud_case_ballot"
            " LEFT JOIN ballot_mark USING (contest_id, sequence)"
            " WHERE case_id = $1 ORDER BY sequence",
            case_id,
        )
    return [(row["sequence"], row["state"]) for row in rows]


async def known_ballots(contest_id: int, entrant_id: int) -> set[int]:
    """The ballots that some case about this entrant is about already, closed ones too."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT sequence FROM fraud_case_ballot JOIN fraud_case one ON one.id = case_id"
            " WHERE one.contest = $1 AND entrant_id = $2",
            contest_id,
            entrant_id,
        )
    return {row["sequence"] for row in rows}


async def one_look_at_a_time(tx: Any, contest_id: int) -> None:
    """Keep other looks at this contest off until `tx` ends; ballots go on meanwhile."""
    await tx.execute("SELECT pg_advisory_xact_lock($1, $2)", _LOOKING, contest_id)


async def add_case(tx: Any, contest_id: int, new: NewCase, now: datetime) -> int:
    case_id = await tx.fetchval(
        "INSERT INTO fraud_case (contest, entrant_id, first_at, last_at, ballots, urgency,"
        " findings, chart, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        contest_id,
        new.entrant_id,
        new.first_at,
        new.last_at,
        len(new.sequences),
        new.urgency,
        msgspec.json.encode(new.findings).decode(),
        msgspec.json.encode(new.chart).decode(),
        now,
    )
    await tx.execute(
        "INSERT INTO fraud_case_ballot (case_id, contest_id, sequence)"
        " SELECT $1, $2, sequence FROM unnest($3::bigint[]) AS sequence",
        case_id,
        contest_id,
        list(new.sequences),
    )
    return int(case_id)


async def add_outcome(
    tx: Any, case_id: int, void_id: int | None, reason: str, actor: Actor, now: datetime
) -> bool:
    """Close a case; False when somebody else was first."""
    added = await tx.fetchval(
        "INSERT INTO fraud_case_outcome (fraud_case, void, reason, closed_by, closed_by_name,"
        " closed_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (fraud_case) DO NOTHING"
        " RETURNING id",
        case_id,
        void_id,
        reason,
        actor.account_id,
        actor.name,
        now,
    )
    return added is not None
