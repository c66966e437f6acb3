"""Named queries over bank accounts, payments and result files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from fund.payments.rules import BankAccount
from fund.payments.tables import FundPayee, FundPayment, FundResultFile
from fund.rules.entitlement import entitlement_code

_FIELD = "fund.payee"


@dataclass(frozen=True)
class Payee:
    """One version of the account that an entitlement is paid to."""

    id: int
    entitlement: int
    version: int
    account: BankAccount
    entered_by_name: str
    entered_at: datetime


@dataclass(frozen=True)
class Line:
    """One payment of a batch: whom, how much, where to, and where it stands. `current` is
    whether it is the entitlement's newest payment; `outcome` the newest act on it."""

    payment: int
    entitlement: int
    code: str
    beneficiary: str
    title: str
    gross: int
    tax: int
    net: int
    attempt: int
    account: BankAccount
    changed_from: BankAccount | None
    shared_with: tuple[str, ...]
    state: str
    held: bool
    current: bool
    outcome: str
    reason: str


async def hold_batch(batch: int) -> None:
    """Let one act at a time change a batch, until commit."""
    async with db.connection() as tx:
        await tx.execute("SELECT pg_advisory_xact_lock(hashtext('fund batch'), $1)", batch)


async def add_payee(
    entitlement: int, account: BankAccount, keys: KeyRing, actor: Actor, now: datetime
) -> None:
    version = await FundPayee.count().where(FundPayee.entitlement == entitlement)
    await FundPayee(
        entitlement=entitlement,
        version=int(version) + 1,
        sealed=keys.seal(_FIELD, msgspec.json.encode(account).decode()),
        number_index=keys.blind(_FIELD, account.number),
        entered_by=actor.account_id,
        entered_by_name=actor.name,
        entered_at=now,
    ).save()


def _account(sealed: bytes, keys: KeyRing) -> BankAccount:
    return msgspec.json.decode(keys.unseal(_FIELD, sealed), type=BankAccount)


async def payees(entitlements: Sequence[int], keys: KeyRing) -> dict[int, Payee]:
    """The account in force of each entitlement that has one."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT DISTINCT ON (entitlement) * FROM fund_payee WHERE entitlement = ANY($1::int[])"
            " ORDER BY entitlement, version DESC",
            list(entitlements),
        )
    return {
        row["entitlement"]: Payee(
            row["id"],
            row["entitlement"],
            row["version"],
            _account(row["sealed"], keys),
            row["entered_by_name"],
            row["entered_at"],
        )
        for row in rows
    }


async def attempts(entitlements: Sequence[int]) -> dict[int, int]:
    """How many payments each entitlement has had, of those that had any."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT entitlement, count(*) AS n FROM fund_payment"
            " WHERE entitlement = ANY($1::int[]) GROUP BY 1",
            list(entitlements),
        )
    return {row["entitlement"]: row["n"] for row in rows}


async def add_payments(batch: int, payments: Sequence[tuple[int, int, int, int]]) -> dict[int, int]:
    """Payments as (entitlement, payee, attempt, net); returns the id of each entitlement's."""
    rows = [
        FundPayment(batch=batch, entitlement=one, payee=payee, attempt=attempt, net=net)
        for one, payee, attempt, net in payments
    ]
    added = await FundPayment.insert(*rows).returning(FundPayment.id, FundPayment.entitlement)
    return {row["entitlement"]: row["id"] for row in added}


_LINES = """
SELECT p.id, p.entitlement, p.net, p.attempt, e.year, e.beneficiary, e.title, e.gross, e.tax,
    payee.sealed, s.state, s.held, s.payment = p.id AS current,
    coalesce(o.act, '') AS outcome, coalesce(o.reason, '') AS reason,
    (SELECT old_payee.sealed FROM fund_payment old
        JOIN fund_payee old_payee ON old_payee.id = old.payee
        WHERE old.entitlement = p.entitlement AND old.attempt = p.attempt - 1
            AND old_payee.number_index <> payee.number_index) AS old_sealed,
    ARRAY(SELECT DISTINCT twin_owner.beneficiary FROM fund_payee twin
        JOIN fund_entitlement twin_owner ON twin_owner.id = twin.entitlement
        WHERE twin.number_index = payee.number_index
            AND twin_owner.beneficiary <> e.beneficiary ORDER BY 1) AS shared_with
FROM fund_payment p JOIN fund_entitlement e ON e.id = p.entitlement
    JOIN fund_payee payee ON payee.id = p.payee
    JOIN fund_standing s ON s.entitlement = p.entitlement
    LEFT JOIN LATERAL (
        SELECT act, reason FROM fund_step one
        WHERE one.payment = p.id ORDER BY number DESC LIMIT 1
    ) o ON true
"""


def _line(row: Mapping[str, Any], keys: KeyRing) -> Line:
    return Line(
        payment=row["id"],
        entitlement=row["entitlement"],
        code=entitlement_code(row["year"], row["entitlement"]),
        beneficiary=row["beneficiary"],
        title=row["title"],
        gross=row["gross"],
        tax=row["tax"],
        net=row["net"],
        attempt=row["attempt"],
        account=_account(row["sealed"], keys),
        changed_from=_account(row["old_sealed"], keys) if row["old_sealed"] else None,
        shared_with=tuple(row["shared_with"]),
        state=row["state"],
        held=row["held"],
        current=row["current"],
        outcome=row["outcome"],
        reason=row["reason"],
    )


async def lines(batch: int, keys: KeyRing) -> list[Line]:
    """The payments of a batch, in the order of their entitlements."""
    async with db.connection() as connection:
        rows = await connection.fetch(_LINES + "WHERE p.batch = $1 ORDER BY p.entitlement", batch)
    return [_line(row, keys) for row in rows]


async def result_file(digest: str) -> dict[str, Any] | None:
    row = await FundResultFile.select().where(FundResultFile.digest == digest).first()
    return _with_report(row) if row else None


async def result_files(batch: int) -> list[dict[str, Any]]:
    """Every file that came back for a batch, newest first, with its report."""
    rows = await (
        FundResultFile.select()
        .where(FundResultFile.batch == batch)
        .order_by(FundResultFile.id, ascending=False)
    )
    return [_with_report(row) for row in rows]


def _with_report(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "report": json.loads(row["report"])}


async def add_result_file(
    batch: int,
    digest: str,
    name: str,
    report: Sequence[Mapping[str, Any]],
    actor: Actor,
    now: datetime,
) -> None:
    await FundResultFile(
        batch=batch,
        digest=digest,
        file_name=name,
        report=json.dumps(report, ensure_ascii=False),
        uploaded_by=actor.account_id,
        uploaded_by_name=actor.name,
        uploaded_at=now,
    ).save()
