"""What the queries on sessions leave out."""

from datetime import timedelta

from accounts.people import store
from accounts.people.directory import create_account
from accounts.people.rules import Principal, Role
from accounts.sessions import store as session_store
from core.audit import SYSTEM
from core.runtime import Runtime

DIGESTS = [bytes([n]) * 32 for n in range(4)]
HOUR = timedelta(hours=1)


async def test_only_sessions_of_people_who_may_sign_in_are_found(runtime: Runtime) -> None:
    now = runtime.clock.now()
    ids = [
        await create_account(
            f"人{n}", [Role.TOWNSHIP_OFFICER], township="同江镇", actor=SYSTEM, now=now
        )
        for n in range(2)
    ]
    for account_id, digest in zip(ids, DIGESTS, strict=False):
        await session_store.insert(
            account_id, digest, device_digest=None, expires_at=now + HOUR, now=now
        )
    await store.set_disabled(ids[1], now)
    found = await session_store.read_many(DIGESTS)
    assert found.keys() == {DIGESTS[0]}
    row = found[DIGESTS[0]]
    wanted = Principal(ids[0], "人0", frozenset({Role.TOWNSHIP_OFFICER}), "同江镇", None)
    assert (row.principal, row.seen_at, row.expires_at) == (wanted, now, now + HOUR)
    assert await session_store.read_many([]) == {}


async def test_own_sessions_are_listed_newest_first_without_ended_ones(runtime: Runtime) -> None:
    now = runtime.clock.now()
    account_id = await create_account("甲", [Role.VOTER], actor=SYSTEM, now=now)
    for hours, digest in enumerate(DIGESTS[2:], 1):
        at = now + hours * HOUR
        await session_store.insert(
            account_id, digest, device_digest=None, expires_at=at + HOUR, now=at
        )
    listed = await session_store.times_of(account_id, now + 2 * HOUR)
    assert [one.opened_at for one in listed] == [now + 2 * HOUR]
    listed = await session_store.times_of(account_id, now)
    assert [one.opened_at for one in listed] == [now + 2 * HOUR, now + HOUR]
    assert await session_store.delete_all_of(account_id) == 2
    assert await session_store.times_of(account_id, now) == []
