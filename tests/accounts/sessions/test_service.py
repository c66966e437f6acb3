"""Sessions: issued here or worthless, new at each sign-in, ended when they must end."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

import httpx
import pytest

from accounts.people.directory import create_account
from accounts.people.rules import Role
from accounts.sessions import service as sessions
from accounts.sessions import store as session_store
from accounts.sessions.middleware import SESSION_COOKIE
from accounts.sessions.rules import JUDGE_LIFETIME, PUBLIC_LIFETIME, STAFF_LIFETIME, Lifetime
from accounts.sessions.service import CACHE_TIME, SessionReader
from accounts.sessions.store import SessionRow
from core.audit import SYSTEM
from core.clock import SettableClock
from core.database import db
from core.runtime import Runtime
from tests.support.eventually import turns
from tests.support.people import post_form, sign_in_account, sign_in_as
from tests.support.sign_in import sign_in_by_sms

TICK = timedelta(microseconds=1)


async def opened(runtime: Runtime, role: Role, *, device: str | None = None) -> tuple[int, str]:
    """A new person and the token of their session."""
    now = runtime.clock.now()
    account_id = await create_account("甲", [role], actor=SYSTEM, now=now)
    async with db.unit_of_work():
        token = await sessions.open_session(account_id, frozenset({role}), now, device=device)
    return account_id, token


async def status(client: httpx.AsyncClient) -> int:
    return (await client.get("/me/data.json")).status_code


async def test_session_belongs_to_the_person_who_signed_in(runtime: Runtime) -> None:
    account_id, token = await opened(runtime, Role.HOST)
    person = await SessionReader().principal(token, "", runtime.clock.now())
    assert person is not None
    assert person.account_id == account_id
    assert person.roles == {Role.HOST}


async def test_table_shows_no_token(runtime: Runtime) -> None:
    _account_id, token = await opened(runtime, Role.HOST)
    async with db.connection() as connection:
        rows = await connection.fetch("SELECT * FROM session")
    assert sessions.digest(token) in {row["token_digest"] for row in rows}
    assert token.encode() not in {row["token_digest"] for row in rows}


@pytest.mark.parametrize("token", ["planted", "", "0" * 64, "x" * 10_000, "中文"])
async def test_id_that_was_not_issued_here_is_nobody(
    client: httpx.AsyncClient, runtime: Runtime, token: str
) -> None:
    assert await SessionReader().principal(token, "", runtime.clock.now()) is None
    header = f"{SESSION_COOKIE}={token}".encode()
    answer = await client.get("/me/data.json", headers={b"cookie": header})
    assert answer.status_code == 401


async def test_planted_id_stays_worthless_when_its_bearer_signs_in(
    client: httpx.AsyncClient,
) -> None:
    client.cookies.set(SESSION_COOKIE, "planted-by-somebody-else")
    answer = await sign_in_by_sms(client, "13900000041")
    issued = answer.cookies[SESSION_COOKIE]
    assert issued != "planted-by-somebody-else"
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, "planted-by-somebody-else")
    assert await status(client) == 401
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, issued)
    assert await status(client) == 200


async def test_signing_in_again_ends_the_session_before_and_renews_the_form_token(
    client: httpx.AsyncClient,
) -> None:
    await sign_in_as(client, Role.CREATOR)
    before = client.cookies[SESSION_COOKIE]
    answer = await sign_in_by_sms(client, "13900000042")
    after = answer.cookies[SESSION_COOKIE]
    assert after != before
    assert [v for v in answer.headers.get_list("set-cookie") if v.startswith('csrftoken="";')]
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, before)
    assert await status(client) == 401


LIVES = [
    (Role.VOTER, PUBLIC_LIFETIME),
    (Role.JUDGE, JUDGE_LIFETIME),
    (Role.FINANCE, STAFF_LIFETIME),
]


@pytest.mark.parametrize(("role", "life"), LIVES)
async def test_unused_session_ends_after_its_pause(
    runtime: Runtime, role: Role, life: Lifetime
) -> None:
    _account_id, token = await opened(runtime, role)
    end = runtime.clock.now() + life.idle
    assert await SessionReader().principal(token, "", end) is None
    assert await SessionReader().principal(token, "", end - TICK) is not None


@pytest.mark.parametrize(("role", "life"), LIVES)
async def test_session_in_use_ends_at_its_absolute_end(
    runtime: Runtime, role: Role, life: Lifetime
) -> None:
    _account_id, token = await opened(runtime, role)
    begun = runtime.clock.now()
    reader = SessionReader()
    now = begun
    while now < begun + life.absolute - life.idle / 2:
        now += life.idle / 2
        assert await reader.principal(token, "", now) is not None
    last = begun + life.absolute - TICK
    assert await reader.principal(token, "", last) is not None
    assert await reader.principal(token, "", last + TICK) is None, "also when it is held"


async def test_use_is_noted_in_steps_and_never_set_back(runtime: Runtime) -> None:
    account_id, token = await opened(runtime, Role.HOST)
    begun = runtime.clock.now()
    step = STAFF_LIFETIME.idle / 30
    for later, noted in (
        (step - TICK, timedelta()),
        (step, step),
        (step + step - TICK, step),
        (timedelta(), step),
    ):
        await SessionReader().principal(token, "", begun + later)
        (times,) = await session_store.times_of(account_id, begun)
        assert times.seen_at == begun + noted


async def test_session_of_a_tablet_works_on_that_tablet_alone(runtime: Runtime) -> None:
    _account_id, token = await opened(runtime, Role.JUDGE, device="tablet")
    reader, now = SessionReader(), runtime.clock.now()
    for _held in range(2):
        assert await reader.principal(token, "tablet", now) is not None
        assert await reader.principal(token, "another", now) is None
        assert await reader.principal(token, "", now) is None


async def test_signing_out_ends_this_session_and_no_other(client: httpx.AsyncClient) -> None:
    person = await sign_in_as(client, Role.HOST)
    here = client.cookies[SESSION_COOKIE]
    await sign_in_account(client, person.account_id)
    elsewhere = client.cookies[SESSION_COOKIE]
    answer = await post_form(client, "/sign-out")
    (told,) = answer.headers.get_list("set-cookie")
    assert (answer.status_code, told.startswith('sid="";'), "Max-Age=0" in told) == (
        303,
        True,
        True,
    )
    assert client.cookies[SESSION_COOKIE] == elsewhere
    assert await status(client) == 401
    client.cookies.delete(SESSION_COOKIE)
    client.cookies.set(SESSION_COOKIE, here)
    assert await status(client) == 200


async def test_signing_out_everywhere_ends_all_of_ones_own_sessions(
    client: httpx.AsyncClient,
) -> None:
    await sign_in_as(client, Role.HOST)
    of_another = client.cookies[SESSION_COOKIE]
    person = await sign_in_as(client, Role.HOST)
    here = client.cookies[SESSION_COOKIE]
    await sign_in_account(client, person.account_id)
    elsewhere = client.cookies[SESSION_COOKIE]
    assert (await post_form(client, "/sign-out/everywhere")).status_code == 303
    answers = {}
    for token in (here, elsewhere, of_another):
        client.cookies.delete(SESSION_COOKIE)
        client.cookies.set(SESSION_COOKIE, token)
        answers[token] = await status(client)
    assert list(answers.values()) == [401, 401, 200]


async def test_signing_out_without_a_session_is_no_error(client: httpx.AsyncClient) -> None:
    assert (await post_form(client, "/sign-out")).status_code == 303


async def test_another_process_notices_within_the_time_that_sessions_are_held(
    runtime: Runtime,
) -> None:
    _account_id, token = await opened(runtime, Role.HOST)
    here, elsewhere = SessionReader(), SessionReader()
    now = runtime.clock.now()
    assert await elsewhere.principal(token, "", now) is not None
    await session_store.delete(sessions.digest(token))
    assert await here.principal(token, "", now) is None
    assert await elsewhere.principal(token, "", now + CACHE_TIME - TICK) is not None
    assert await elsewhere.principal(token, "", now + CACHE_TIME) is None


async def test_forgetting_one_person_keeps_the_others(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await opened(runtime, Role.HOST) for _ in range(2)]
    reader, now = SessionReader(), runtime.clock.now()
    for _account_id, token in people:
        await reader.principal(token, "", now)
    reader.forget(people[0][0])
    asked: list[bytes] = []
    read_many = session_store.read_many

    async def counted(digests: Collection[bytes]) -> dict[bytes, SessionRow]:
        asked.extend(digests)
        return await read_many(digests)

    monkeypatch.setattr(session_store, "read_many", counted)
    for _account_id, token in people:
        assert await reader.principal(token, "", now) is not None
    assert asked == [sessions.digest(people[0][1])]


async def test_no_more_sessions_are_held_than_fit(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "CACHE_SIZE", 2)
    reader, now = SessionReader(), runtime.clock.now()
    for _turn in range(5):
        _account_id, token = await opened(runtime, Role.HOST)
        assert await reader.principal(token, "", now) is not None
        assert len(reader._held) <= 2


async def test_many_at_once_share_a_query(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = [(await opened(runtime, Role.VOTER))[1] for _ in range(20)]
    sizes: list[int] = []
    read_many = session_store.read_many

    async def counted(digests: Collection[bytes]) -> dict[bytes, SessionRow]:
        sizes.append(len(digests))
        return await read_many(digests)

    monkeypatch.setattr(session_store, "read_many", counted)
    reader, now = SessionReader(), runtime.clock.now()
    found = await asyncio.gather(*(reader.principal(token, "", now) for token in tokens * 2))
    assert all(found)
    assert (sum(sizes), len(sizes) <= 2) == (20, True)


async def test_query_that_fails_is_told_to_all_who_wait_and_then_forgotten(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _account_id, token = await opened(runtime, Role.VOTER)
    reader, now = SessionReader(), runtime.clock.now()

    async def broken(_digests: Collection[bytes]) -> dict[bytes, SessionRow]:
        raise ConnectionError("PostgreSQL is restarting")

    with monkeypatch.context() as patched:
        patched.setattr(session_store, "read_many", broken)
        said = await asyncio.gather(
            *(reader.principal(token, "", now) for _ in range(3)), return_exceptions=True
        )
        assert [type(one) for one in said] == [ConnectionError] * 3
    assert await reader.principal(token, "", now) is not None


async def test_client_that_hangs_up_takes_nobody_elses_answer_along(runtime: Runtime) -> None:
    _account_id, token = await opened(runtime, Role.VOTER)
    reader, now = SessionReader(), runtime.clock.now()
    waiting = [asyncio.create_task(reader.principal(token, "", now)) for _ in range(2)]
    await turns()
    waiting[0].cancel()
    assert await waiting[1] is not None
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]


async def test_rehearsal_of_a_week_signs_nobody_out(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await sign_in_as(client, Role.HOST)
    week = timedelta(days=7)
    clock.advance(week)
    await sessions.carry_over(week)
    assert await status(client) == 200
    clock.advance(week)
    assert await status(client) == 401
