import asyncio

import httpx
import pytest

from accounts.own_data import service as own_data
from accounts.people import store
from accounts.people.directory import create_account
from accounts.people.rules import Role
from core.audit import SYSTEM
from core.problems import Invalid
from core.runtime import Runtime
from tests.support.eventually import somebody_waits_for_a_lock
from tests.support.people import post_form, sign_in_as

NUMBER = "11010519491231002X"
FULL_WIDTH = NUMBER.translate({ord(str(n)): 0xFF10 + n for n in range(10)})


async def register(client: httpx.AsyncClient, number: str) -> httpx.Response:
    await sign_in_as(client, Role.CREATOR)
    form = {"identity": number, "identity_consent": "1"}
    return await post_form(client, "/me/identity", form)


async def test_one_number_is_one_account_however_it_is_typed(client: httpx.AsyncClient) -> None:
    assert (await register(client, FULL_WIDTH)).status_code == 303
    assert (await client.get("/me/data.json")).json()["identity"] == "110105********002X"
    for again in (NUMBER, NUMBER.lower(), f" {NUMBER[:6]} {NUMBER[6:]}"):
        refused = await register(client, again)
        assert (refused.status_code, refused.json()["code"]) == (422, "identity_refused")


@pytest.mark.parametrize("number", ["11010519491231002\0", NUMBER[:-1] + "1", "1" * 10_000, ""])
async def test_number_that_is_none_is_refused(client: httpx.AsyncClient, number: str) -> None:
    assert (await register(client, number)).json()["errors"][0]["field"] == "identity"


async def test_of_two_who_register_one_number_at_once_the_second_is_refused(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "110105194912310038"
    now, keys = runtime.clock.now(), runtime.keys
    people = [await create_account("甲", [Role.CREATOR], actor=SYSTEM, now=now) for _ in range(2)]
    set_identity = store.set_identity
    written = asyncio.Event()
    go_on = asyncio.Event()

    async def first_lingers(*arguments: object) -> bool:
        done = await set_identity(*arguments)  # type: ignore[arg-type]
        if not written.is_set():
            written.set()
            await go_on.wait()
        return done

    monkeypatch.setattr(store, "set_identity", first_lingers)

    async def register(account_id: int) -> None:
        await own_data.set_identity(account_id, number, keys, SYSTEM, now)

    first = asyncio.create_task(register(people[0]))
    await written.wait()
    second = asyncio.create_task(register(people[1]))
    await somebody_waits_for_a_lock()
    go_on.set()
    await first
    with pytest.raises(Invalid, match="已登记在另一个账号上"):
        await second
