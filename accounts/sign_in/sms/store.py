"""Queries on codes sent by SMS and on the accounts that they open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.people.rules import Role
from accounts.people.store import SealedNumber
from accounts.sign_in.sms.rules import SentCode
from accounts.sign_in.sms.tables import SmsCode
from core.database import db

# A spent code is kept for a day, so that using it again is told from guessing.
_KEPT = timedelta(days=1)
_READ_CODE = "SELECT * FROM sms_code WHERE public_id = $1"
_LOCK_CODE = _READ_CODE + " FOR UPDATE"


@dataclass(frozen=True)
class StoredCode:
    id: int
    phone: SealedNumber
    code_digest: bytes
    as_creator: bool
    adult_declared: bool
    state: SentCode


async def insert_code(
    public_id: str,
    phone: SealedNumber,
    code_digest: bytes,
    *,
    as_creator: bool,
    adult_declared: bool,
    now: datetime,
    expires_at: datetime,
) -> None:
    await SmsCode(
        public_id=public_id,
        phone_sealed=phone.sealed,
        phone_index=phone.index,
        code_digest=code_digest,
        as_creator=as_creator,
        adult_declared=adult_declared,
        sent_at=now,
        expires_at=expires_at,
    ).save()


async def delete_old_codes(now: datetime) -> None:
    await SmsCode.delete().where(SmsCode.sent_at < now - _KEPT)


async def delete_codes_of(account_id: int) -> None:
    """The codes that were sent to the number of an account."""
    async with db.connection() as connection:
        await connection.execute(
            "DELETE FROM sms_code WHERE phone_index ="
            " (SELECT phone_index FROM account WHERE id = $1)",
            account_id,
        )


async def find_code(public_id: str, *, lock: bool = False) -> StoredCode | None:
    """With `lock`, a second use of the same code waits for the first."""
    async with db.connection() as connection:
        row = await connection.fetchrow(_LOCK_CODE if lock else _READ_CODE, public_id)
    if row is None:
        return None
    return StoredCode(
        id=row["id"],
        phone=SealedNumber(row["phone_sealed"], row["phone_index"]),
        code_digest=row["code_digest"],
        as_creator=row["as_creator"],
        adult_declared=row["adult_declared"],
        state=SentCode(row["expires_at"], row["tries"], row["used_at"] is not None),
    )


async def note_wrong_try(code_id: int) -> None:
    async with db.connection() as connection:
        await connection.execute("UPDATE sms_code SET tries = tries + 1 WHERE id = $1", code_id)


async def note_used(code_id: int, now: datetime) -> None:
    async with db.connection() as connection:
        await connection.execute("UPDATE sms_code SET used_at = $2 WHERE id = $1", code_id, now)


async def open_phone_account(
    phone: SealedNumber,
    name: str,
    role: Role,
    *,
    consent_version: str,
    adult_declared: bool,
    now: datetime,
) -> tuple[int, frozenset[Role], bool]:
    """The account of a number, made or completed: (id, roles, whether it may sign in).

    One statement, so that two first sign-ins of one number make one account. Someone who erased
    their data gets the same, emptied account again: otherwise erasing would be a way to vote twice.
    """
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "INSERT INTO account AS a (name, roles, township, phone_sealed, phone_index,"
            " consent_version, consented_at, adult_declared_at, created_at)"
            " VALUES ($1, ARRAY[$2]::varchar[], '', $3, $4, $5, $6, $7, $6)"
            " ON CONFLICT (phone_index) DO UPDATE SET"
            " name = CASE WHEN a.erased_at IS NULL THEN a.name ELSE excluded.name END,"
            " roles = CASE WHEN a.roles @> excluded.roles THEN a.roles"
            "   ELSE a.roles || excluded.roles END,"
            " phone_sealed = excluded.phone_sealed, consent_version = excluded.consent_version,"
            " consented_at = excluded.consented_at, erased_at = NULL,"
            " adult_declared_at = coalesce(a.adult_declared_at, excluded.adult_declared_at)"
            " RETURNING id, roles, disabled_at",
            name,
            role.value,
            phone.sealed,
            phone.index,
            consent_version,
            now,
            now if adult_declared else None,
        )
    return row["id"], frozenset(map(Role, row["roles"])), row["disabled_at"] is None
