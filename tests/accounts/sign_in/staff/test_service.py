"""Staff by password and authenticator, judges by tablet and PIN: what opens, what locks."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher
from limits import parse

from accounts.administration import service as administration
from accounts.people.rules import Role
from accounts.sessions import service as sessions
from accounts.sessions.rules import SignedIn
from accounts.sign_in.staff import hashing
from accounts.sign_in.staff import service as staff_sign_in
from accounts.sign_in.staff import store as credential_store
from accounts.sign_in.staff.rules.lockout import LOCK_TIME
from accounts.sign_in.staff.rules.totp import STEP_SECONDS
from accounts.sign_in.staff.service import check_pin, sign_in_on_tablet, tablet_owner
from core.audit import SYSTEM, entries_about
from core.clock import SettableClock
from core.problems import Invalid, NotAllowed, Problem, TooMany
from core.runtime import Runtime
from tests.support.cheap_hashing import SERVERS_HASHER
from tests.support.sign_in import wrong
from tests.support.staff import PASSWORD, PIN, Staff, appointed, enrolled_judge, enrolled_staff

STEP = timedelta(seconds=STEP_SECONDS)
TICK = timedelta(microseconds=1)
ADDRESS = "10.1.2.3"
WRONG_PIN = "314159"


@pytest.fixture(autouse=True)
def own_hour(clock: SettableClock) -> None:
    """No test meets a code or a lock of the one before."""
    clock.advance(timedelta(hours=1))


async def sign_in(
    runtime: Runtime, staff: Staff, *, password: str = PASSWORD, code: str | None = None
) -> SignedIn:
    now = runtime.clock.now()
    typed = staff.code(now) if code is None else code
    return await staff_sign_in.sign_in(
        staff.login, password, typed, runtime, client_address=ADDRESS, now=now
    )


async def code_of(refused: Any) -> str:
    """What the answer to a refused sign-in says to programs; "" when it is let in."""
    try:
        await refused
    except Problem as problem:
        return problem.code
    return ""


async def actions(account_id: int) -> list[str]:
    return [entry["action"] for entry in await entries_about("account", account_id)]


async def test_password_and_code_open_a_session_and_are_logged(runtime: Runtime) -> None:
    staff = await enrolled_staff(runtime, Role.ORGANISER, Role.HOST)
    signed_in = await sign_in(runtime, staff)
    person = await sessions.reader.principal(signed_in.token, "", runtime.clock.now())
    assert person is not None
    assert person.account_id == staff.account_id
    assert person.roles == {Role.ORGANISER, Role.HOST}
    (newest, *_rest) = await entries_about("account", staff.account_id)
    assert (newest["action"], newest["client_address"]) == ("staff.signed_in", ADDRESS)


async def test_password_is_kept_as_argon2id_and_the_secret_sealed(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "_HASHER", SERVERS_HASHER)
    staff = await enrolled_staff(runtime)
    stored = await credential_store.by_account(staff.account_id)
    assert stored is not None
    assert (stored.password_hash or "").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in (stored.password_hash or "")
    assert staff.secret.encode() not in (stored.totp_sealed or b"")


async def test_answer_does_not_say_which_of_the_three_was_wrong(runtime: Runtime) -> None:
    staff = await enrolled_staff(runtime)
    unknown = replace(staff, login="no.such.person")
    unenrolled = replace(staff, login=(await appointed(runtime.clock.now(), Role.HOST))[1])
    right = staff.code(runtime.clock.now())
    said = []
    for attempt in (
        sign_in(runtime, staff, password=PASSWORD + "!"),
        sign_in(runtime, staff, code=wrong(right)),
        sign_in(runtime, staff, code=""),
        sign_in(runtime, unknown),
        sign_in(runtime, unenrolled),
    ):
        with pytest.raises(Invalid) as refused:
            await attempt
        problem = refused.value
        said.append((problem.code, problem.message, problem.errors))
    assert len(set(said)) == 1
    assert said[0][0] == "sign_in_wrong"


async def test_unknown_login_costs_as_much_work_as_a_known_one(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = await enrolled_staff(runtime)
    verified: list[str] = []

    class Counted(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            verified.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    monkeypatch.setattr(hashing, "_HASHER", Counted())
    for login in (staff.login, "no.such.person"):
        await code_of(sign_in(runtime, replace(staff, login=login), password="not the one at all"))
    assert len(verified) == 2
    assert len(set(verified)) == 1, "both with the same parameters"


async def test_nobodys_hash_opens_nothing() -> None:
    assert not await hashing.matches(None, "nobody")
    assert await hashing.matches(await hashing.hashed("nobody"), "nobody")
    assert not await hashing.matches("no hash at all", "nobody")


async def test_code_is_good_once(runtime: Runtime, clock: SettableClock) -> None:
    staff = await enrolled_staff(runtime)
    code = staff.code(clock.now())
    await sign_in(runtime, staff, code=code)
    assert await code_of(sign_in(runtime, staff, code=code)) == "sign_in_wrong"
    before = staff.code(clock.now() - STEP)
    assert await code_of(sign_in(runtime, staff, code=before)) == "sign_in_wrong"
    clock.advance(STEP)
    assert await code_of(sign_in(runtime, staff)) == ""


async def test_code_that_enrolled_is_spent_too(runtime: Runtime, clock: SettableClock) -> None:
    staff = await enrolled_staff(runtime)
    clock.advance(-timedelta(minutes=1))
    assert await code_of(sign_in(runtime, staff)) == "sign_in_wrong"


async def test_of_five_uses_of_one_code_at_once_exactly_one_signs_in(runtime: Runtime) -> None:
    staff = await enrolled_staff(runtime)
    said = await asyncio.gather(*(code_of(sign_in(runtime, staff)) for _ in range(5)))
    assert sorted(said) == [""] + ["sign_in_wrong"] * 4


async def test_fifth_failure_locks_for_a_quarter_of_an_hour(
    runtime: Runtime, clock: SettableClock
) -> None:
    staff = await enrolled_staff(runtime)
    said = [await code_of(sign_in(runtime, staff, password="wrong words")) for _ in range(5)]
    assert said == ["sign_in_wrong"] * 4 + ["account_locked"]
    assert (await actions(staff.account_id))[:5] == ["account.locked"] + [
        "account.sign_in_failed"
    ] * 4
    clock.advance(LOCK_TIME - TICK)
    assert await code_of(sign_in(runtime, staff)) == "account_locked"
    clock.advance(TICK)
    assert await code_of(sign_in(runtime, staff)) == ""


async def test_right_password_starts_the_count_anew(runtime: Runtime, clock: SettableClock) -> None:
    staff = await enrolled_staff(runtime)
    for _turn in range(2):
        for _failure in range(4):
            await code_of(sign_in(runtime, staff, code="x"))
        clock.advance(STEP)
        assert await code_of(sign_in(runtime, staff)) == ""


async def test_parallel_guesses_get_no_extra_try(runtime: Runtime) -> None:
    staff = await enrolled_staff(runtime)
    said = await asyncio.gather(
        *(code_of(sign_in(runtime, staff, password=f"guess {n}")) for n in range(8))
    )
    assert sorted(said) == ["account_locked"] * 4 + ["sign_in_wrong"] * 4
    counted = [one for one in await actions(staff.account_id) if "failed" in one or "locked" in one]
    assert len(counted) == 5


async def test_administrator_unlocks(runtime: Runtime) -> None:
    staff = await enrolled_staff(runtime)
    for _failure in range(5):
        await code_of(sign_in(runtime, staff, code="x"))
    _login, locked_until, _enrolled = await administration.sign_in_state(staff.account_id)
    assert locked_until == runtime.clock.now() + LOCK_TIME
    await administration.unlock(staff.account_id, SYSTEM, runtime.clock.now())
    assert await code_of(sign_in(runtime, staff)) == ""


async def test_disabled_person_is_a_stranger(runtime: Runtime) -> None:
    staff = await enrolled_staff(runtime)
    await enrolled_staff(runtime, Role.ADMINISTRATOR)
    await administration.set_disabled(staff.account_id, True, SYSTEM, runtime.clock.now())
    assert await code_of(sign_in(runtime, staff)) == "sign_in_wrong"


async def test_network_that_tries_without_end_is_slowed(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = replace(staff_sign_in.PER_NETWORK, rates=(parse("2 per minute"),))
    monkeypatch.setattr(staff_sign_in, "PER_NETWORK", twice)
    staff = await enrolled_staff(runtime)
    await code_of(sign_in(runtime, staff, code="x"))
    await sign_in(runtime, staff)
    with pytest.raises(TooMany):
        await sign_in(runtime, staff)


async def on_tablet(runtime: Runtime, device: str, pin: str) -> str:
    now = runtime.clock.now()
    return await code_of(sign_in_on_tablet(device, pin, runtime, client_address=ADDRESS, now=now))


async def test_judge_signs_in_on_their_own_tablet_only(runtime: Runtime) -> None:
    first, device = await enrolled_judge(runtime)
    now = runtime.clock.now()
    again = await sign_in_on_tablet(device, PIN, runtime, client_address=ADDRESS, now=now)
    assert (again.account_id, again.token != first.token) == (first.account_id, True)
    assert await on_tablet(runtime, "another tablet", PIN) == "unknown_device"
    assert await on_tablet(runtime, "", PIN) == "unknown_device"
    assert await on_tablet(runtime, device, WRONG_PIN) == "pin_wrong"
    assert (await actions(first.account_id))[:2] == ["account.sign_in_failed", "judge.signed_in"]


async def test_tablet_tells_whose_it_is(runtime: Runtime) -> None:
    _signed_in, device = await enrolled_judge(runtime)
    assert await tablet_owner(device) == "王一"
    assert await tablet_owner("") is None
    assert await tablet_owner("another tablet") is None


async def test_five_wrong_pins_lock_the_tablet_and_the_signature(
    runtime: Runtime, clock: SettableClock
) -> None:
    signed_in, device = await enrolled_judge(runtime)
    said = [await on_tablet(runtime, device, WRONG_PIN) for _ in range(5)]
    assert said == ["pin_wrong"] * 4 + ["account_locked"]
    with pytest.raises(NotAllowed):
        await check_pin(signed_in.account_id, PIN, clock.now())
    clock.advance(LOCK_TIME)
    assert await check_pin(signed_in.account_id, PIN, clock.now())
    assert await on_tablet(runtime, device, PIN) == ""


async def test_pin_of_nobody_is_wrong(runtime: Runtime) -> None:
    now = runtime.clock.now()
    assert not await check_pin(999_999, PIN, now)
    staff = await enrolled_staff(runtime)
    assert not await check_pin(staff.account_id, PIN, now)
