"""The list of accounts, for the packages above."""

import asyncpg
import pytest

from accounts import service
from accounts.people import store
from accounts.people.directory import (
    accounts_with_role,
    create_account,
    get_account,
    names,
    seal_phone,
)
from accounts.people.rules import Role
from core.audit import SYSTEM, Actor, entries_about
from core.problems import Invalid, NotFound
from core.runtime import Runtime

BY = Actor(7, "王管理", "10.0.0.7")


async def test_account_is_kept_whole_and_logged_with_who_made_it(runtime: Runtime) -> None:
    account_id = await create_account(
        "李四",
        [Role.TOWNSHIP_OFFICER],
        township="同江镇",
        contest_id=3,
        actor=BY,
        now=runtime.clock.now(),
    )
    account = await get_account(account_id)
    assert (account.name, account.township, account.contest_id) == ("李四", "同江镇", 3)
    assert account.roles == {Role.TOWNSHIP_OFFICER}
    assert not account.disabled
    (entry,) = await entries_about("account", account_id)
    assert (entry["action"], entry["actor_name"]) == ("account.created", "王管理")


async def test_impossible_roles_make_no_account(runtime: Runtime) -> None:
    with pytest.raises(Invalid):
        await create_account("赵五", [], actor=BY, now=runtime.clock.now())
    assert await store.find_accounts(name="赵五", role=None, limit=1, offset=0) == ([], 0)


async def test_one_phone_is_one_account_by_the_database_itself(runtime: Runtime) -> None:
    phone = seal_phone(runtime.keys, "13800000051")
    again = seal_phone(runtime.keys, "13800000051")
    assert (phone.index, phone.sealed != again.sealed) == (again.index, True)
    now = runtime.clock.now()
    await create_account("甲", [Role.VOTER], phone=phone, actor=SYSTEM, now=now)
    with pytest.raises(asyncpg.UniqueViolationError):
        await create_account("乙", [Role.VOTER], phone=again, actor=SYSTEM, now=now)


async def test_who_may_act_in_a_role_now_by_name(runtime: Runtime) -> None:
    now = runtime.clock.now()
    ids = {
        name: await create_account(name, [Role.FINANCE, Role.HOST], actor=SYSTEM, now=now)
        for name in ("c", "a", "b")
    }
    await store.set_disabled(ids["b"], now)
    assert [one.name for one in await accounts_with_role(Role.FINANCE)] == ["a", "c"]
    assert await names([ids["b"], ids["c"], 999_999]) == {ids["b"]: "b", ids["c"]: "c"}
    assert await names([]) == {}


async def test_nobody_is_not_found(runtime: Runtime) -> None:
    del runtime
    with pytest.raises(NotFound):
        await get_account(999_999)


def test_other_packages_see_what_the_service_offers_and_no_more() -> None:
    assert sorted(service.__all__) == service.__all__
    assert all(callable(getattr(service, name)) for name in service.__all__)
