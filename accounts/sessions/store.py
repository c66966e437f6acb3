"""Queries on sessions; they are read at every request and therefore written by hand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from accounts.people.rules import Principal, Role
from core.database import db
from core.database.pg_arrays import written_bytes
from core.value import Value


class SessionRow(Value, frozen=True):
    id: int
    principal: Principal
    seen_at: datetime
    expires_at: datetime
    device_digest: bytes | None


async def read_many(digests: Collection[bytes]) -> dict[bytes, SessionRow]:
    """The sessions of accounts that may sign in, by token digest; unknown ones are left out."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT s.token_digest, s.id, s.seen_at, s.expires_at, s.device_digest,"
            " a.id AS account_id, a.name, a.roles, a.township, a.contest_id"
            " FROM session s JOIN account a ON a.id = s.account"
            " WHERE s.token_digest = ANY($1::text::bytea[]) AND a.disabled_at IS NULL",
            written_bytes(digests),
        )
    return {
        row["token_digest"]: SessionRow(
            row["id"],
            Principal(
                row["account_id"],
                row["name"],
                _roles(tuple(row["roles"])),
                row["township"],
                row["contest_id"],
            ),
            row["seen_at"],
            row["expires_at"],
            row["device_digest"],
        )
        for row in rows
    }


@cache
def _roles(names: tuple[str, ...]) -> frozenset[Role]:
    """Cached: there are few sets of roles, and every request needs one."""
    return frozenset(map(Role, names))


async def insert(
    account_id: int,
    token_digest: bytes,
    *,
    device_digest: bytes | None,
    expires_at: datetime,
    now: datetime,
) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "INSERT INTO session (account, token_digest, device_digest, opened_at, seen_at,"
            " expires_at) VALUES ($1, $2, $3, $4, $4, $5)",
            account_id,
            token_digest,
            device_digest,
            now,
            expires_at,
        )


async def note_seen(session_id: int, now: datetime) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2", session_id, now
        )


async def delete(token_digest: bytes) -> None:
    async with db.connection() as connection:
        await connection.execute("DELETE FROM session WHERE token_digest = $1", token_digest)


async def delete_all_of(account_id: int) -> int:
    """How many there were."""
    async with db.connection() as connection:
        return len(
            await connection.fetch(
                "DELETE FROM session WHERE account = $1 RETURNING id", account_id
            )
        )


async def delete_expired(now: datetime) -> None:
    async with db.connection() as connection:
        await connection.execute("DELETE FROM session WHERE expires_at <= $1", now)


async def shift_all(step: timedelta) -> None:
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE session SET opened_at = opened_at + $1, seen_at = seen_at + $1,"
            " expires_at = expires_at + $1",
            step,
        )


@dataclass(frozen=True)
class SessionTimes:
    opened_at: datetime
    seen_at: datetime


async def times_of(account_id: int, now: datetime) -> list[SessionTimes]:
    """A person's sessions that have not reached their absolute end, newest first."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT opened_at, seen_at FROM session WHERE account = $1 AND expires_at > $2"
            " ORDER BY opened_at DESC",
            account_id,
            now,
        )
    return [SessionTimes(**row) for row in rows]
