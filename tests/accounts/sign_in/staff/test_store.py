"""What people sign in with, as rows."""

from datetime import timedelta

from accounts.people import store
from accounts.people.directory import create_account
from accounts.people.rules import Role
from accounts.sign_in.staff import store as credentials
from accounts.sign_in.staff.rules.lockout import Attempts
from core.audit import SYSTEM
from core.database import db
from core.runtime import Runtime

HOUR = timedelta(hours=1)


async def somebody(runtime: Runtime) -> int:
    return await create_account("甲", [Role.HOST], actor=SYSTEM, now=runtime.clock.now())


async def test_login_is_one_persons_and_a_person_has_one_credential(runtime: Runtime) -> None:
    first, second = await somebody(runtime), await somebody(runtime)
    assert await credentials.set_login(first, "one.login")
    assert not await credentials.set_login(second, "one.login")
    assert not await credentials.set_login(first, "other.login")
    assert await credentials.set_login(second, None)
    found = await credentials.by_login("one.login")
    assert found is not None
    assert (found.account_id, found.password_hash, found.attempts) == (first, None, Attempts())
    assert await credentials.by_login("other.login") is None


async def test_disabled_person_is_found_for_showing_only(runtime: Runtime) -> None:
    account_id = await somebody(runtime)
    await credentials.set_login(account_id, "gone.login")
    await credentials.set_judge_secrets(account_id, pin_hash="x", device_digest=b"gone")
    await store.set_disabled(account_id, runtime.clock.now())
    assert await credentials.by_login("gone.login") is None
    assert await credentials.by_device(b"gone") is None
    assert await credentials.by_account(account_id) is None
    async with db.unit_of_work():
        assert await credentials.lock_by_account(account_id) is None
    assert await credentials.of_anybody(account_id) is not None


async def test_attempts_and_steps_are_kept_and_new_secrets_start_anew(runtime: Runtime) -> None:
    account_id, now = await somebody(runtime), runtime.clock.now()
    await credentials.set_login(account_id, "kept.login")
    await credentials.note_attempts(account_id, Attempts(3, now + HOUR))
    await credentials.note_totp_step(account_id, 77)
    found = await credentials.by_account(account_id)
    assert found is not None
    assert (found.attempts, found.totp_last_step) == (Attempts(3, now + HOUR), 77)
    await credentials.set_staff_secrets(
        account_id, password_hash="h", totp_sealed=b"s", totp_step=88
    )
    found = await credentials.by_account(account_id)
    assert found is not None
    assert (found.attempts, found.totp_last_step) == (Attempts(), 88)
    assert (found.password_hash, found.totp_sealed) == ("h", b"s")
    await credentials.clear_secrets(account_id)
    found = await credentials.by_account(account_id)
    assert found is not None
    assert (found.login, found.password_hash, found.totp_sealed) == ("kept.login", None, None)


async def test_link_is_open_until_its_end_or_its_one_use(runtime: Runtime) -> None:
    account_id, now = await somebody(runtime), runtime.clock.now()
    for digest in (b"old", b"new"):
        await credentials.insert_enrolment(account_id, digest, now=now, expires_at=now + HOUR)
    assert await credentials.open_enrolment(b"old", now) is None
    assert await credentials.open_enrolment(b"new", now) == account_id
    assert await credentials.open_enrolment(b"new", now + HOUR) is None
    assert not await credentials.claim_enrolment(b"new", now + HOUR)
    assert await credentials.claim_enrolment(b"new", now)
    assert not await credentials.claim_enrolment(b"new", now)
    assert not await credentials.claim_enrolment(b"none", now)
