"""Queries on what appointed people sign in with, and on enrolment links."""

from dataclasses import dataclass
from datetime import datetime

from accounts.sign_in.staff.rules.lockout import Attempts
from core.database import db

_COLUMNS = (
    "c.account AS account_id, c.login, c.password_hash, c.totp_sealed, c.totp_last_step,"
    " c.pin_hash, c.device_digest, c.failures, c.locked_until"
)


@dataclass(frozen=True)
class StoredCredential:
    account_id: int
    login: str | None
    password_hash: str | None
    totp_sealed: bytes | None
    totp_last_step: int
    pin_hash: str | None
    device_digest: bytes | None
    attempts: Attempts


async def _one(condition: str, value: object) -> StoredCredential | None:
    """The credential of an account that may sign in."""
    return await _first(f"a.disabled_at IS NULL AND {condition}", value)


async def _first(condition: str, value: object) -> StoredCredential | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(
            f"SELECT {_COLUMNS} FROM credential c JOIN account a ON a.id = c.account"  # noqa: S608
            f" WHERE {condition}",  # constants of this module
            value,
        )
    if row is None:
        return None
    fields = dict(row)
    attempts = Attempts(fields.pop("failures"), fields.pop("locked_until"))
    return StoredCredential(**fields, attempts=attempts)


async def by_login(login: str) -> StoredCredential | None:
    return await _one("c.login = $1", login)


async def by_device(device_digest: bytes) -> StoredCredential | None:
    return await _one("c.device_digest = $1", device_digest)


async def by_account(account_id: int) -> StoredCredential | None:
    return await _one("c.account = $1", account_id)


async def of_anybody(account_id: int) -> StoredCredential | None:
    """As `by_account`, also of an account that is disabled: to be shown, never to sign in."""
    return await _first("c.account = $1", account_id)


async def lock_by_account(account_id: int) -> StoredCredential | None:
    """As `by_account`, with the row locked, so that attempts on one account are counted one after
    another."""
    return await _one("c.account = $1 FOR UPDATE OF c", account_id)


async def note_attempts(account_id: int, attempts: Attempts) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE credential SET failures = $2, locked_until = $3 WHERE account = $1",
            account_id,
            attempts.failures,
            attempts.locked_until,
        )


async def note_totp_step(account_id: int, step: int) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE credential SET totp_last_step = $2 WHERE account = $1", account_id, step
        )


async def set_login(account_id: int, login: str | None) -> bool:
    """Make the account's empty credential; False when it has one, or the login is another's."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "INSERT INTO credential (account, login) VALUES ($1, $2)"
            " ON CONFLICT DO NOTHING RETURNING id",
            account_id,
            login,
        )
    return row is not None


async def set_staff_secrets(
    account_id: int, *, password_hash: str, totp_sealed: bytes, totp_step: int
) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE credential SET password_hash = $2, totp_sealed = $3, totp_last_step = $4,"
            " failures = 0, locked_until = NULL WHERE account = $1",
            account_id,
            password_hash,
            totp_sealed,
            totp_step,
        )


async def set_judge_secrets(account_id: int, *, pin_hash: str, device_digest: bytes) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE credential SET pin_hash = $2, device_digest = $3,"
            " failures = 0, locked_until = NULL WHERE account = $1",
            account_id,
            pin_hash,
            device_digest,
        )


async def clear_secrets(account_id: int) -> None:
    """What the person signed in with works no longer; the login stays theirs."""
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE credential SET password_hash = NULL, totp_sealed = NULL, pin_hash = NULL,"
            " device_digest = NULL, failures = 0, locked_until = NULL WHERE account = $1",
            account_id,
        )


async def insert_enrolment(
    account_id: int, token_digest: bytes, *, now: datetime, expires_at: datetime
) -> None:
    """A new link; every earlier one of the account stops working."""
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE enrolment SET used_at = $2 WHERE account = $1 AND used_at IS NULL",
            account_id,
            now,
        )
        await connection.execute(
            "INSERT INTO enrolment (account, token_digest, made_at, expires_at)"
            " VALUES ($1, $2, $3, $4)",
            account_id,
            token_digest,
            now,
            expires_at,
        )


async def open_enrolment(token_digest: bytes, now: datetime) -> int | None:
    """The account of a link that still works."""
    async with db.connection() as connection:
        account_id: int | None = await connection.fetchval(
            "SELECT account FROM enrolment"
            " WHERE token_digest = $1 AND used_at IS NULL AND expires_at > $2",
            token_digest,
            now,
        )
    return account_id


async def claim_enrolment(token_digest: bytes, now: datetime) -> bool:
    """Use a link up; of two calls at the same time exactly one gets True."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "UPDATE enrolment SET used_at = $2"
            " WHERE token_digest = $1 AND used_at IS NULL AND expires_at > $2 RETURNING id",
            token_digest,
            now,
        )
    return row is not None
