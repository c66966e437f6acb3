"""Rows of certification: proposals and the certified results that a second person made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import db
from scoring.results.tables import Certification, CertificationProposal


@dataclass(frozen=True)
class Proposal:
    """One person's statement that this result is right; waits for another person."""

    id: int
    contest_id: int
    result_digest: str
    proposed_by: int
    proposed_by_name: str
    proposed_at: datetime


@dataclass(frozen=True)
class Certified:
    """A certified result. `result` is the engine's canonical JSON, `bundle` the SHA-256 (hex)
    of the zip in the file store; the highest version is in force."""

    contest_id: int
    version: int
    result: str
    result_digest: str
    bundle: str
    ledger_size: int
    ledger_root: str
    certified_by: tuple[str, str]
    certified_at: datetime


async def lock_certifying(contest_id: int) -> None:
    """Let one act at a time propose or approve a contest's result, until commit."""
    async with db.connection() as tx:
        await tx.execute("SELECT pg_advisory_xact_lock(hashtext('certifying'), $1)", contest_id)


async def add_proposal(contest_id: int, result_digest: str, actor: Actor, now: datetime) -> None:
    await CertificationProposal(
        contest=contest_id,
        result_digest=result_digest,
        proposed_by=actor.account_id,
        proposed_by_name=actor.name,
        proposed_at=now,
    ).save()


async def open_proposal(contest_id: int) -> Proposal | None:
    """The newest proposal, if it has not become a certified result."""
    row = await (
        CertificationProposal.select()
        .where(CertificationProposal.contest == contest_id)
        .order_by(CertificationProposal.id, ascending=False)
        .first()
    )
    if row is None or await Certification.exists().where(Certification.proposal == row["id"]):
        return None
    return Proposal(
        row["id"],
        row["contest"],
        row["result_digest"],
        row["proposed_by"],
        row["proposed_by_name"],
        row["proposed_at"],
    )


async def add_certification(
    proposal: Proposal, certified: Certified, actor: Actor, now: datetime
) -> None:
    await Certification(
        contest=proposal.contest_id,
        proposal=proposal.id,
        version=certified.version,
        result=certified.result,
        result_digest=certified.result_digest,
        bundle=certified.bundle,
        ledger_size=certified.ledger_size,
        ledger_root=certified.ledger_root,
        proposed_by=proposal.proposed_by,
        approved_by=actor.account_id,
        approved_by_name=actor.name,
        approved_at=now,
    ).save()


async def newest(contest_id: int) -> Certified | None:
    """The certified result in force."""
    row: dict[str, Any] | None = await (
        Certification.select(
            *Certification.all_columns(), Certification.proposal.proposed_by_name.as_alias("first")
        )
        .where(Certification.contest == contest_id)
        .order_by(Certification.version, ascending=False)
        .first()
    )
    if row is None:
        return None
    return Certified(
        contest_id=row["contest"],
        version=row["version"],
        result=row["result"],
        result_digest=row["result_digest"],
        bundle=row["bundle"],
        ledger_size=row["ledger_size"],
        ledger_root=row["ledger_root"],
        certified_by=(row["first"], row["approved_by_name"]),
        certified_at=row["approved_at"],
    )
