"""What the administrator does with accounts, and what nobody may do."""

import asyncio
from datetime import datetime

import httpx
import pytest

from accounts import service
from accounts.administration import service as administration
from accounts.administration.service import (
    NewPerson,
    appoint,
    change_roles,
    set_disabled,
    sign_in_state,
)
from accounts.people import store
from accounts.people.rules import Role
from accounts.sessions import service as sessions
from accounts.sign_in.staff import store as credential_store
from core.audit import SYSTEM, entries_about
from core.database import db
from core.problems import Conflict, Invalid, NotFound
from core.runtime import Runtime
from tests.support.eventually import somebody_waits_for_a_lock
from tests.support.people import post_form, sign_in_as
from tests.support.staff import appointed, enrolled_judge, enrolled_staff

ADMINISTRATOR, ORGANISER, JUDGE = Role.ADMINISTRATOR, Role.ORGANISER, Role.JUDGE
OFFICER = Role.TOWNSHIP_OFFICER


async def only_administrators(now: datetime, count: int) -> list[int]:
    """So many, and no other in this database."""
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE account SET disabled_at = $1 WHERE roles @> ARRAY['administrator']::varchar[]",
            now,
        )
    return [(await appointed(now, ADMINISTRATOR))[0] for _ in range(count)]


async def test_disabled_person_is_enabled_before_enrolling_anew(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, ADMINISTRATOR)
    form = {"name": "新人", "roles": "organiser", "login": "new.person"}
    account_id = (await post_form(client, "/admin/accounts", form)).json()["account_id"]
    page = f"/admin/accounts/{account_id}"
    assert (await post_form(client, f"{page}/disabled", {"disabled": "1"})).status_code == 303
    refused = await post_form(client, f"{page}/enrolment")
    assert (refused.status_code, refused.json()["code"]) == (409, "account_disabled")
    await post_form(client, f"{page}/disabled", {"disabled": "0"})
    assert (await post_form(client, f"{page}/enrolment")).status_code == 201


async def test_disabled_person_is_still_shown_as_enrolled(runtime: Runtime) -> None:
    now = runtime.clock.now()
    await only_administrators(now, 1)
    staff = await enrolled_staff(runtime)
    await set_disabled(staff.account_id, True, SYSTEM, now)
    assert await sign_in_state(staff.account_id) == (staff.login, None, True)
    account_id, login, _token = await appointed(now, ORGANISER)
    assert await sign_in_state(account_id) == (login, None, False)
    voter = await service.create_account("甲", [Role.VOTER], actor=SYSTEM, now=now)
    assert await sign_in_state(voter) == ("", None, False)


async def test_every_error_of_a_new_person_is_told_at_once(runtime: Runtime) -> None:
    person = NewPerson("王一", frozenset({ADMINISTRATOR, Role.AUDITOR, OFFICER}), "X", "", None)
    with pytest.raises(Invalid) as refused:
        await appoint(person, SYSTEM, runtime.clock.now())
    assert [error.field for error in refused.value.errors] == ["roles", "login", "township"]


@pytest.mark.parametrize(
    ("roles", "login", "field"),
    [
        ({Role.VOTER}, "person.x", "roles"),
        (set(), "person.x", "roles"),
        ({JUDGE}, "person.x", "login"),
        ({ORGANISER}, "", "login"),
        ({JUDGE, ORGANISER}, "person.x", "roles"),
    ],
)
async def test_person_who_cannot_be_appointed_is_refused(
    runtime: Runtime, roles: set[Role], login: str, field: str
) -> None:
    person = NewPerson("王一", frozenset(roles), login, "", None)
    with pytest.raises(Invalid) as refused:
        await appoint(person, SYSTEM, runtime.clock.now())
    assert [error.field for error in refused.value.errors] == [field]


async def test_login_that_is_taken_makes_no_account(runtime: Runtime) -> None:
    now = runtime.clock.now()
    _account_id, login, _token = await appointed(now, ORGANISER)
    person = NewPerson("同名登录", frozenset({Role.HOST}), login, "", None)
    with pytest.raises(Invalid, match="已经有人使用"):
        await appoint(person, SYSTEM, now)
    assert await store.find_accounts(name="同名登录", role=None, limit=9, offset=0) == ([], 0)


async def test_officer_needs_a_township_also_when_they_become_one_later(runtime: Runtime) -> None:
    now = runtime.clock.now()
    await only_administrators(now, 1)
    account_id, _login, _token = await appointed(now, Role.HOST)
    with pytest.raises(Invalid) as refused:
        await change_roles(account_id, [OFFICER], "", SYSTEM, now)
    assert [error.field for error in refused.value.errors] == ["township"]
    assert (await service.get_account(account_id)).roles == {Role.HOST}
    await change_roles(account_id, [OFFICER], "同江镇", SYSTEM, now)
    account = await service.get_account(account_id)
    assert account.roles == {OFFICER}
    assert account.township == "同江镇"
    details = (await entries_about("account", account_id, 1))[0]["details"]
    assert "同江镇" in str(details)


async def test_officer_is_made_on_the_page_and_keeps_what_was_typed(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    await sign_in_as(client, ADMINISTRATOR)
    account_id, _login, _token = await appointed(runtime.clock.now(), Role.HOST)
    page = f"/admin/accounts/{account_id}"
    form = {"roles": OFFICER.value, "township": "镇" * 41}
    refused = await post_form(client, f"{page}/roles", form, headers={"accept": "text/html"})
    assert (refused.status_code, "乡镇最多40个字" in refused.text) == (422, True)
    assert f'value="{"镇" * 41}"' in refused.text
    form = {"roles": OFFICER.value, "township": "街津口乡"}
    assert (await post_form(client, f"{page}/roles", form)).status_code == 303
    shown = (await client.get(page, headers={"accept": "text/html"})).text
    assert 'value="街津口乡"' in shown


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ORGANISER, {JUDGE}),
        (JUDGE, {ORGANISER}),
        (ORGANISER, {Role.VOTER}),
        (ORGANISER, set()),
        (ORGANISER, {ADMINISTRATOR, Role.AUDITOR}),
    ],
)
async def test_roles_that_one_account_cannot_change_to_are_refused(
    runtime: Runtime, before: Role, after: set[Role]
) -> None:
    now = runtime.clock.now()
    account_id, _login, _token = await appointed(now, before)
    with pytest.raises(Invalid):
        await change_roles(account_id, after, "", SYSTEM, now)
    assert (await service.get_account(account_id)).roles == {before}


async def test_last_administrator_stays_one(runtime: Runtime) -> None:
    now = runtime.clock.now()
    (last,) = await only_administrators(now, 1)
    with pytest.raises(Conflict, match="至少要保留一位"):
        await set_disabled(last, True, SYSTEM, now)
    with pytest.raises(Conflict, match="至少要保留一位"):
        await change_roles(last, [ORGANISER], "", SYSTEM, now)
    account = await service.get_account(last)
    assert account.roles == {ADMINISTRATOR}
    assert not account.disabled


async def test_two_administrators_who_disable_each_other_at_once_leave_one(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = runtime.clock.now()
    pair = await only_administrators(now, 2)
    write = store.set_disabled
    both_written = asyncio.Event()
    written: list[int] = []

    async def write_and_wait(account_id: int, at: datetime | None) -> None:
        await write(account_id, at)
        written.append(account_id)
        if len(written) == 2:
            both_written.set()
        # without the lock the other comes this far too; with it this one goes on alone
        await somebody_waits_for_a_lock(unless=both_written.is_set)

    monkeypatch.setattr(store, "set_disabled", write_and_wait)
    said = await asyncio.gather(
        *(set_disabled(one, True, SYSTEM, now) for one in pair), return_exceptions=True
    )
    assert [type(one) for one in said if one is not None] == [Conflict]
    assert len(await service.accounts_with_role(ADMINISTRATOR)) == 1


async def test_disabling_signs_out_at_once_and_enabling_signs_nobody_in(runtime: Runtime) -> None:
    now = runtime.clock.now()
    await only_administrators(now, 1)
    signed_in, device = await enrolled_judge(runtime)
    assert await sessions.reader.principal(signed_in.token, device, now) is not None
    await set_disabled(signed_in.account_id, True, SYSTEM, now)
    assert await sessions.reader.principal(signed_in.token, device, now) is None
    await set_disabled(signed_in.account_id, False, SYSTEM, now)
    assert await sessions.reader.principal(signed_in.token, device, now) is None
    actions = [entry["action"] for entry in await entries_about("account", signed_in.account_id)]
    assert actions[:2] == ["account.enabled", "account.disabled"]


async def test_changed_roles_hold_from_the_next_request_on(runtime: Runtime) -> None:
    now = runtime.clock.now()
    await only_administrators(now, 1)
    staff = await enrolled_staff(runtime)
    async with db.unit_of_work():
        token = await sessions.open_session(staff.account_id, frozenset({ORGANISER}), now)
    await sessions.reader.principal(token, "", now)
    await change_roles(staff.account_id, [Role.HOST], "", SYSTEM, now)
    person = await sessions.reader.principal(token, "", now)
    assert person is not None
    assert person.roles == {Role.HOST}


async def test_reset_ends_everything_the_person_signed_in_with(runtime: Runtime) -> None:
    now = runtime.clock.now()
    signed_in, device = await enrolled_judge(runtime)
    link = await administration.reset(signed_in.account_id, SYSTEM, now)
    assert link.startswith("/enrol/")
    assert await sessions.reader.principal(signed_in.token, device, now) is None
    stored = await credential_store.by_account(signed_in.account_id)
    assert stored is not None
    assert (stored.pin_hash, stored.device_digest) == (None, None)


async def test_nobody_is_not_found(runtime: Runtime) -> None:
    now = runtime.clock.now()
    for act in (
        set_disabled(999_999, True, SYSTEM, now),
        change_roles(999_999, [ORGANISER], "", SYSTEM, now),
        administration.unlock(999_999, SYSTEM, now),
        administration.reset(999_999, SYSTEM, now),
    ):
        with pytest.raises(NotFound):
            await act
