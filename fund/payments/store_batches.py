"""Named queries over batches, their checker and payer, and corrections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import db
from fund.payments.rules import batch_code
from fund.payments.tables import (
    FundBatch,
    FundBatchDecision,
    FundBatchSending,
    FundCorrection,
    FundCorrectionDecision,
)


@dataclass(frozen=True)
class Batch:
    """A batch and its three people. `approved` is None until the checker has decided; `waiting`
    counts payments that the bank has not answered; amounts in fen."""

    id: int
    note: str
    made_by: int
    made_by_name: str
    made_at: datetime
    approved: bool | None
    reason: str
    decided_by: int | None
    decided_by_name: str
    decided_at: datetime | None
    sent_by_name: str
    sent_at: datetime | None
    file_digest: str
    payments: int
    net: int
    paid: int
    failed: int
    waiting: int

    @property
    def code(self) -> str:
        return batch_code(self.id)


_BATCHES = """
SELECT b.id, b.note, b.made_by, b.made_by_name, b.made_at, d.approved,
    coalesce(d.reason, '') AS reason, d.decided_by,
    coalesce(d.decided_by_name, '') AS decided_by_name, d.decided_at,
    coalesce(t.sent_by_name, '') AS sent_by_name, t.sent_at,
    coalesce(t.file_digest, '') AS file_digest, p.*
FROM fund_batch b LEFT JOIN fund_batch_decision d ON d.batch = b.id
    LEFT JOIN fund_batch_sending t ON t.batch = b.id
    CROSS JOIN LATERAL (
        SELECT count(*) AS payments, coalesce(sum(one.net), 0)::bigint AS net,
            count(*) FILTER (WHERE o.act IN ('pay', 'confirm')) AS paid,
            count(*) FILTER (WHERE o.act IN ('fail', 'reverse')) AS failed,
            count(*) FILTER (WHERE o.act = 'send') AS waiting
        FROM fund_payment one LEFT JOIN LATERAL (
            SELECT act FROM fund_step WHERE fund_step.payment = one.id
            ORDER BY number DESC LIMIT 1
        ) o ON true WHERE one.batch = b.id
    ) p
"""


async def batches(limit: int, offset: int) -> list[Batch]:
    """Newest first."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            _BATCHES + "ORDER BY b.id DESC LIMIT $1 OFFSET $2", limit, offset
        )
    return [Batch(**dict(row)) for row in rows]


async def count_batches() -> int:
    return int(await FundBatch.count())


async def batch(number: int) -> Batch | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_BATCHES + "WHERE b.id = $1", number)
    return Batch(**dict(row)) if row else None


async def add_batch(note: str, actor: Actor, now: datetime) -> int:
    row = FundBatch(note=note, made_by=actor.account_id, made_by_name=actor.name, made_at=now)
    await row.save()
    return int(row.id)


async def decide_batch(
    found: Batch, approved: bool, reason: str, actor: Actor, now: datetime
) -> None:
    await FundBatchDecision(
        batch=found.id,
        approved=approved,
        reason=reason,
        made_by=found.made_by,
        decided_by=actor.account_id,
        decided_by_name=actor.name,
        decided_at=now,
    ).save()


async def add_sending(found: Batch, file_digest: str, actor: Actor, now: datetime) -> None:
    await FundBatchSending(
        batch=found.id,
        made_by=found.made_by,
        decided_by=found.decided_by,
        sent_by=actor.account_id,
        sent_by_name=actor.name,
        sent_at=now,
        file_digest=file_digest,
    ).save()


_CORRECTIONS = """
SELECT c.*, p.entitlement, p.attempt, p.batch, p.net, e.year, e.beneficiary, d.approved,
    d.reason AS answer, d.decided_by_name, d.decided_at
FROM fund_correction c JOIN fund_payment p ON p.id = c.payment
    JOIN fund_entitlement e ON e.id = p.entitlement
    LEFT JOIN fund_correction_decision d ON d.correction = c.id
"""


async def hold_correcting(entitlement: int) -> None:
    """Let one person at a time propose a correction of an entitlement, until commit."""
    async with db.connection() as tx:
        await tx.execute(
            "SELECT pg_advisory_xact_lock(hashtext('fund correction'), $1)", entitlement
        )


async def corrections(entitlement: int) -> list[dict[str, Any]]:
    """Of one entitlement, newest first; `approved` is None while one waits."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            _CORRECTIONS + "WHERE p.entitlement = $1 ORDER BY c.id DESC", entitlement
        )
    return [dict(row) for row in rows]


async def waiting_corrections() -> list[dict[str, Any]]:
    async with db.connection() as connection:
        rows = await connection.fetch(_CORRECTIONS + "WHERE d.id IS NULL ORDER BY c.id")
    return [dict(row) for row in rows]


async def correction(number: int) -> Mapping[str, Any] | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(_CORRECTIONS + "WHERE c.id = $1", number)
    return dict(row) if row else None


async def add_correction(payment: int, act: str, reason: str, actor: Actor, now: datetime) -> int:
    row = FundCorrection(
        payment=payment,
        act=act,
        reason=reason,
        proposed_by=actor.account_id,
        proposed_by_name=actor.name,
        proposed_at=now,
    )
    await row.save()
    return int(row.id)


async def decide_correction(
    number: int, proposed_by: int, approved: bool, reason: str, actor: Actor, now: datetime
) -> None:
    await FundCorrectionDecision(
        correction=number,
        approved=approved,
        reason=reason,
        proposed_by=proposed_by,
        decided_by=actor.account_id,
        decided_by_name=actor.name,
        decided_at=now,
    ).save()
