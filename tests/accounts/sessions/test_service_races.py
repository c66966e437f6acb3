"""A session that ends while it is being read."""

from collections.abc import Collection

import pytest

from accounts.people.directory import create_account
from accounts.people.rules import Role
from accounts.sessions import service as sessions
from accounts.sessions import store as session_store
from accounts.sessions.service import SessionReader
from accounts.sessions.store import SessionRow
from core.audit import SYSTEM
from core.database import db
from core.runtime import Runtime


async def test_who_signs_out_while_being_read_is_not_believed_afterwards(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, reader = runtime.clock.now(), SessionReader()
    account_id = await create_account("甲", [Role.HOST], actor=SYSTEM, now=now)
    async with db.unit_of_work():
        token = await sessions.open_session(account_id, frozenset({Role.HOST}), now)
    read_many = session_store.read_many

    async def read_before_the_sign_out(digests: Collection[bytes]) -> dict[bytes, SessionRow]:
        rows = await read_many(digests)
        await session_store.delete(sessions.digest(token))
        reader.forget(account_id)
        return rows

    with monkeypatch.context() as patched:
        patched.setattr(session_store, "read_many", read_before_the_sign_out)
        await reader.principal(token, "", now)
    assert await reader.principal(token, "", now) is None
