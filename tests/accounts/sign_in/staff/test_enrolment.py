"""One-time links: good once, for three days, for their own person; the tablet they bind."""

import asyncio
from datetime import timedelta

import pyotp
import pytest

from accounts.administration import service as administration
from accounts.people.directory import create_account
from accounts.people.rules import Role
from accounts.sessions import service as sessions
from accounts.sessions.rules import SignedIn
from accounts.sign_in.staff import store as credential_store
from accounts.sign_in.staff.enrolment import (
    LINK_LIFETIME,
    enrol_judge,
    enrol_link,
    enrol_staff,
    find_enrolment,
)
from core.audit import SYSTEM, entries_about
from core.problems import Conflict, Invalid, NotFound
from core.runtime import Runtime
from tests.support.staff import PASSWORD, PIN, appointed, enrolled_judge, enrolled_staff

TICK = timedelta(microseconds=1)


async def enrol(runtime: Runtime, token: str, **typed: str) -> SignedIn:
    """As the person on their page would; `typed` replaces what is right."""
    now = runtime.clock.now()
    offered = await find_enrolment(token, runtime.keys, now)
    fields = {
        "password": PASSWORD,
        "again": PASSWORD,
        "code": pyotp.TOTP(offered.totp_secret).at(now),
        **typed,
    }
    return await enrol_staff(token, keys=runtime.keys, now=now, **fields)


async def is_spent(runtime: Runtime, token: str) -> bool:
    try:
        await find_enrolment(token, runtime.keys, runtime.clock.now())
    except NotFound as problem:
        return problem.code == "enrolment_spent"
    return False


async def test_link_shows_the_same_secret_each_time_and_spends_nothing(runtime: Runtime) -> None:
    now = runtime.clock.now()
    _account_id, login, token = await appointed(now, Role.ORGANISER)
    seen = [await find_enrolment(token, runtime.keys, now) for _ in range(3)]
    assert len({one.totp_secret for one in seen}) == 1
    assert seen[0].login == login
    assert seen[0].totp_secret in seen[0].totp_uri
    _other, _login, other_token = await appointed(now, Role.ORGANISER)
    other = await find_enrolment(other_token, runtime.keys, now)
    assert other.totp_secret != seen[0].totp_secret


async def test_link_signs_in_once(runtime: Runtime) -> None:
    account_id, _login, token = await appointed(runtime.clock.now(), Role.ORGANISER)
    signed_in = await enrol(runtime, token)
    person = await sessions.reader.principal(signed_in.token, "", runtime.clock.now())
    assert person is not None
    assert person.account_id == account_id
    assert await is_spent(runtime, token)
    with pytest.raises(NotFound):
        await enrol_staff(token, PASSWORD, PASSWORD, "1", runtime.keys, runtime.clock.now())
    actions = [entry["action"] for entry in await entries_about("account", account_id)]
    assert actions == ["account.enrolled", "account.enrolment_link_made", "account.created"]


async def test_link_ends_at_its_exact_moment(runtime: Runtime) -> None:
    made_at = runtime.clock.now()
    _account_id, _login, token = await appointed(made_at, Role.ORGANISER)
    await find_enrolment(token, runtime.keys, made_at + LINK_LIFETIME - TICK)
    with pytest.raises(NotFound, match="已经用过或已过期"):
        await find_enrolment(token, runtime.keys, made_at + LINK_LIFETIME)


async def test_of_two_uses_at_once_exactly_one_succeeds(runtime: Runtime) -> None:
    _account_id, _login, token = await appointed(runtime.clock.now(), Role.ORGANISER)
    said = await asyncio.gather(*(enrol(runtime, token) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in said) == ["NotFound", "SignedIn"]


async def test_new_link_replaces_the_one_before(runtime: Runtime) -> None:
    now = runtime.clock.now()
    account_id, _login, token = await appointed(now, Role.ORGANISER)
    link = await enrol_link(account_id, SYSTEM, now)
    assert await is_spent(runtime, token)
    assert not await is_spent(runtime, link.removeprefix("/enrol/"))


async def test_old_password_works_until_the_new_link_is_used(runtime: Runtime) -> None:
    now = runtime.clock.now()
    staff = await enrolled_staff(runtime)
    before = await credential_store.by_account(staff.account_id)
    link = await enrol_link(staff.account_id, SYSTEM, now)
    assert await credential_store.by_account(staff.account_id) == before
    await enrol(
        runtime, link.removeprefix("/enrol/"), password=PASSWORD[::-1], again=PASSWORD[::-1]
    )
    after = await credential_store.by_account(staff.account_id)
    assert before is not None
    assert after is not None
    assert after.password_hash != before.password_hash
    assert after.totp_sealed != before.totp_sealed


@pytest.mark.parametrize("token", ["", "nothing", "0" * 64, "中文"])
async def test_link_that_was_never_made_is_none(runtime: Runtime, token: str) -> None:
    assert await is_spent(runtime, token)


async def test_link_of_a_disabled_person_is_none(runtime: Runtime) -> None:
    now = runtime.clock.now()
    await enrolled_staff(runtime, Role.ADMINISTRATOR)
    account_id, _login, token = await appointed(now, Role.ORGANISER)
    await administration.set_disabled(account_id, True, SYSTEM, now)
    assert await is_spent(runtime, token)
    with pytest.raises(Conflict, match="已停用"):
        await enrol_link(account_id, SYSTEM, now)


async def test_who_signs_in_by_sms_gets_no_link(runtime: Runtime) -> None:
    now = runtime.clock.now()
    account_id = await create_account("甲", [Role.VOTER], actor=SYSTEM, now=now)
    with pytest.raises(Conflict, match="短信验证码"):
        await enrol_link(account_id, SYSTEM, now)


async def test_every_error_is_told_at_once_and_the_link_stays_good(runtime: Runtime) -> None:
    _account_id, _login, token = await appointed(runtime.clock.now(), Role.ORGANISER)
    with pytest.raises(Invalid) as refused:
        await enrol(runtime, token, password="short", again="other", code="000")
    assert [error.field for error in refused.value.errors] == ["password", "again", "code"]
    await enrol(runtime, token)


async def test_judge_sets_a_pin_on_the_tablet_in_hand(runtime: Runtime) -> None:
    now = runtime.clock.now()
    account_id, _login, token = await appointed(now, Role.JUDGE)
    offered = await find_enrolment(token, runtime.keys, now)
    assert (offered.for_judge, offered.totp_secret, offered.totp_uri) == (True, "", "")
    with pytest.raises(Invalid) as refused:
        await enrol_judge(token, "123456", "12", runtime.keys, now)
    assert [error.field for error in refused.value.errors] == ["pin", "again"]
    signed_in, device = await enrol_judge(token, PIN, PIN, runtime.keys, now)
    person = await sessions.reader.principal(signed_in.token, device, now)
    assert person is not None
    assert person.account_id == account_id
    assert await sessions.reader.principal(signed_in.token, "another", now) is None
    assert await is_spent(runtime, token)
    stored = await credential_store.by_account(account_id)
    assert stored is not None
    assert (stored.pin_hash or "").startswith("$argon2id$")
    assert stored.device_digest == sessions.digest(device)


async def test_new_tablet_signs_the_old_one_out(runtime: Runtime) -> None:
    now = runtime.clock.now()
    signed_in, device = await enrolled_judge(runtime)
    assert await sessions.reader.principal(signed_in.token, device, now) is not None
    link = await enrol_link(signed_in.account_id, SYSTEM, now)
    _again, other = await enrol_judge(link.removeprefix("/enrol/"), PIN, PIN, runtime.keys, now)
    assert await sessions.reader.principal(signed_in.token, device, now) is None
    assert await credential_store.by_device(sessions.digest(device)) is None
    assert await credential_store.by_device(sessions.digest(other)) is not None
