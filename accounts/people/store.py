"""Queries on accounts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.people.rules import Account, Role
from accounts.people.tables import Account as AccountTable
from core.database import db
from core.database.pg_arrays import written

_COLUMNS = "id, name, roles, township, contest_id, disabled_at"


@dataclass(frozen=True)
class SealedNumber:
    """A telephone or identity number as stored: sealed, and a keyed digest to find it by."""

    sealed: bytes
    index: bytes


def _account(row: Mapping[str, Any]) -> Account:
    return Account(
        id=row["id"],
        name=row["name"],
        roles=frozenset(map(Role, row["roles"])),
        township=row["township"],
        contest_id=row["contest_id"],
        disabled=row["disabled_at"] is not None,
    )


async def insert_account(
    name: str,
    roles: Collection[Role],
    *,
    township: str,
    contest_id: int | None,
    phone: SealedNumber | None,
    now: datetime,
) -> int:
    account = AccountTable(
        name=name,
        roles=sorted(roles),
        township=township,
        contest_id=contest_id,
        phone_sealed=phone.sealed if phone else None,
        phone_index=phone.index if phone else None,
        created_at=now,
    )
    await account.save()
    return account.id


async def account_by_id(account_id: int) -> Account | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(
            f"SELECT {_COLUMNS} FROM account WHERE id = $1",  # noqa: S608 - constant columns
            account_id,
        )
    return _account(row) if row else None


async def accounts_with_role(role: Role) -> list[Account]:
    """Those who may act in the role now, by name."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM account"  # noqa: S608 - constant columns
            " WHERE roles @> ARRAY[$1]::varchar[] AND disabled_at IS NULL ORDER BY name, id",
            role.value,
        )
    return [_account(row) for row in rows]


async def names(ids: Collection[int]) -> dict[int, str]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT id, name FROM account WHERE id = ANY($1::int[])", list(ids)
        )
    return {row["id"]: row["name"] for row in rows}


async def first_seen(ids: Collection[int]) -> dict[int, datetime]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT id, created_at FROM account WHERE id = ANY($1::text::int[])", written(ids)
        )
    return {row["id"]: row["created_at"] for row in rows}


async def lock_role(role: Role) -> None:
    """Lock the accounts of everybody who may act in the role, so that the second of two changes
    sees the first."""
    async with db.connection() as connection:
        await connection.execute(
            "SELECT id FROM account WHERE roles @> ARRAY[$1]::varchar[]"
            " AND disabled_at IS NULL ORDER BY id FOR UPDATE",
            role.value,
        )


async def set_roles(account_id: int, roles: Collection[Role], township: str) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE account SET roles = $2, township = $3 WHERE id = $1",
            account_id,
            sorted(roles),
            township,
        )


async def set_disabled(account_id: int, disabled_at: datetime | None) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE account SET disabled_at = $2 WHERE id = $1", account_id, disabled_at
        )


async def find_accounts(
    *, name: str, role: Role | None, limit: int, offset: int
) -> tuple[list[Account], int]:
    """One page by id, newest first, and how many there are in all."""
    where = (
        "($1 = '' OR position(lower($1) in lower(name)) > 0)"
        " AND ($2::varchar IS NULL OR roles @> ARRAY[$2]::varchar[])"
    )
    async with db.connection() as connection:
        total = await connection.fetchval(
            f"SELECT count(*) FROM account WHERE {where}",  # noqa: S608 - constants
            name,
            role,
        )
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM account WHERE {where}"  # noqa: S608 - constants
            " ORDER BY id DESC LIMIT $3 OFFSET $4",
            name,
            role,
            limit,
            offset,
        )
    return [_account(row) for row in rows], total


@dataclass(frozen=True)
class PersonalData:
    """What is stored about a person themselves; numbers still sealed."""

    phone_sealed: bytes | None
    identity_sealed: bytes | None
    consent_version: str
    consented_at: datetime | None
    adult_declared_at: datetime | None
    created_at: datetime


async def personal_data(account_id: int) -> PersonalData | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT phone_sealed, identity_sealed, consent_version, consented_at,"
            " adult_declared_at, created_at FROM account WHERE id = $1",
            account_id,
        )
    return PersonalData(**row) if row else None


async def erase_personal_data(account_id: int, name: str, now: datetime) -> None:
    """Delete everything but the keyed digest of the number, by which the same person gets the same
    account again."""
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE account SET name = $2, township = '', phone_sealed = NULL,"
            " identity_sealed = NULL, identity_index = NULL, consented_at = NULL,"
            " adult_declared_at = NULL, erased_at = $3 WHERE id = $1",
            account_id,
            name,
            now,
        )


async def set_identity(account_id: int, identity: SealedNumber | None) -> bool:
    """False when another account holds the same number; part of a unit of work."""
    async with db.connection() as connection:
        if identity is not None:
            # of two who register one number at the same time, the second waits and finds the first
            await connection.execute(
                "SELECT pg_advisory_xact_lock($1)", int.from_bytes(identity.index[:7])
            )
        row = await connection.fetchrow(
            "UPDATE account SET identity_sealed = $2, identity_index = $3 WHERE id = $1"
            " AND NOT EXISTS (SELECT 1 FROM account"
            "   WHERE identity_index = $3 AND id <> $1) RETURNING id",
            account_id,
            identity.sealed if identity else None,
            identity.index if identity else None,
        )
    return row is not None
