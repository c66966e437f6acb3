"""Sessions: rows in PostgreSQL, so that losing Redis signs nobody out.

The cookie holds 32 random bytes, the row their SHA-256: who reads the table can sign in as
nobody. An id that was not issued here finds no row and is nobody, so none can be planted;
every sign-in issues a new one.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from accounts.people.rules import Principal, Role
from accounts.sessions import store as session_store
from accounts.sessions.rules import is_alive, lifetime_of, seen_step
from accounts.sessions.store import SessionRow
from core.value import Value

# Another process may have signed the person out: for so long this one may not notice.
CACHE_TIME = timedelta(seconds=5)
CACHE_SIZE = 50_000


def digest(token: str) -> bytes:
    """What is stored of a random token; it needs no salt, having 256 bits of its own."""
    return hashlib.sha256(token.encode()).digest()


class _Held(Value, frozen=True):
    principal: Principal
    device_digest: bytes | None
    good_from: datetime
    good_until: datetime


class SessionReader:
    """Who a session id belongs to, for the middleware of one process.

    Found sessions are held for CACHE_TIME. Requests that arrive while a query is under way
    share the next one: at a vote's opening each request brings another session, and one
    query for a hundred costs about as much as one for one.
    """

    def __init__(self) -> None:
        self._held: dict[bytes, _Held] = {}
        self._waiting: dict[bytes, list[asyncio.Future[SessionRow | None]]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._forgettings = 0

    async def principal(self, token: str, device: str, now: datetime) -> Principal | None:
        """None for an unknown, ended or disabled session, or one of another device."""
        key = digest(token)
        held = self._held.get(key)
        if held is None or not held.good_from <= now < held.good_until:
            held = await self._read(key, now)
        if held is None:
            return None
        if held.device_digest is not None and held.device_digest != digest(device):
            return None
        return held.principal

    def forget(self, account_id: int) -> None:
        """Drop what is cached about a person; call it after the commit."""
        self._forgettings += 1
        for key in [k for k, h in self._held.items() if h.principal.account_id == account_id]:
            del self._held[key]

    def forget_all(self) -> None:
        self._forgettings += 1
        self._held.clear()

    async def _read(self, key: bytes, now: datetime) -> _Held | None:
        self._held.pop(key, None)
        before = self._forgettings
        row = await self._shared_query(key)
        if row is None:
            return None
        lifetime = lifetime_of(row.principal.roles)
        if not is_alive(lifetime, expires_at=row.expires_at, seen_at=row.seen_at, now=now):
            return None
        if now - row.seen_at >= seen_step(lifetime):
            await session_store.note_seen(row.id, now)
        if len(self._held) >= CACHE_SIZE:
            self._held.clear()
        until = min(now + CACHE_TIME, row.expires_at)
        held = _Held(row.principal, row.device_digest, now, until)
        if before == self._forgettings:  # otherwise read before `forget`
            self._held[key] = held
        return held

    async def _shared_query(self, key: bytes) -> SessionRow | None:
        # a future for each who waits: a request that is cancelled must not cancel the answer of the
        # others
        future: asyncio.Future[SessionRow | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(future)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_waiting())
        return await future

    async def _read_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, {}
            try:
                rows = await session_store.read_many(batch)
            except Exception as error:
                for _key, future in _undone(batch):
                    future.set_exception(error)
            else:
                for key, future in _undone(batch):
                    future.set_result(rows.get(key))


def _undone(
    batch: Mapping[bytes, Iterable["asyncio.Future[SessionRow | None]"]],
) -> Iterator[tuple[bytes, "asyncio.Future[SessionRow | None]"]]:
    return ((key, one) for key, futures in batch.items() for one in futures if not one.done())


reader = SessionReader()


async def open_session(
    account_id: int, roles: frozenset[Role], now: datetime, *, device: str | None = None
) -> str:
    """The token of a new session; part of the caller's unit of work.

    With `device` (the content of that device's own cookie) it works on that device alone.
    """
    token = secrets.token_urlsafe(32)
    await session_store.insert(
        account_id,
        digest(token),
        device_digest=None if device is None else digest(device),
        expires_at=now + lifetime_of(roles).absolute,
        now=now,
    )
    return token


async def close_session(token: str, account_id: int) -> None:
    await session_store.delete(digest(token))
    reader.forget(account_id)


async def delete_all_of(account_id: int) -> int:
    """How many sessions there were; the caller forgets them once its unit of work is done."""
    return await session_store.delete_all_of(account_id)


async def close_all_sessions(account_id: int) -> int:
    """Sign a person out everywhere; how many sessions there were."""
    count = await delete_all_of(account_id)
    reader.forget(account_id)
    return count


async def delete_expired(now: datetime) -> None:
    await session_store.delete_expired(now)


async def carry_over(step: timedelta) -> None:
    """Move every session along when a rehearsal's clock is set forward by `step`.

    Otherwise rehearsing a week would sign out the people who rehearse it.
    """
    await session_store.shift_all(step)
    reader.forget_all()
