"""Queries on WeChat identities."""

from dataclasses import dataclass
from datetime import datetime

from accounts.people.rules import Role
from core.database import db


@dataclass(frozen=True)
class Linked:
    """The account that a WeChat identity signs in to."""

    account_id: int
    name: str
    roles: frozenset[Role]
    may_sign_in: bool


async def linked(openid_index: bytes) -> Linked | None:
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "SELECT a.id, a.name, a.roles, a.disabled_at FROM wechat_link w"
            " JOIN account a ON a.id = w.account"
            " WHERE w.openid_index = $1 AND a.erased_at IS NULL",
            openid_index,
        )
    if row is None:
        return None
    roles = frozenset(map(Role, row["roles"]))
    return Linked(row["id"], row["name"], roles, row["disabled_at"] is None)


async def link(openid_index: bytes, account_id: int, now: datetime) -> bool:
    """Let the identity sign in to this account from now on; whether that is new. An identity
    follows the phone that was verified last: people change numbers."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            "INSERT INTO wechat_link AS w (openid_index, account, linked_at) VALUES ($1, $2, $3)"
            " ON CONFLICT (openid_index) DO UPDATE SET account = excluded.account,"
            " linked_at = excluded.linked_at WHERE w.account <> excluded.account RETURNING id",
            openid_index,
            account_id,
            now,
        )
    return row is not None


async def delete_all_of(account_id: int) -> int:
    """How many there were."""
    async with db.connection() as connection:
        done = await connection.execute("DELETE FROM wechat_link WHERE account = $1", account_id)
    return int(done.rpartition(" ")[2])


async def count_of(account_id: int) -> int:
    async with db.connection() as connection:
        return int(
            await connection.fetchval(
                "SELECT count(*) FROM wechat_link WHERE account = $1", account_id
            )
        )
