"""One's own data: seen masked, downloaded, deleted."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from accounts.people.rules import Role
from accounts.sessions.middleware import SESSION_COOKIE
from core.audit import entries_about
from core.clock import SettableClock
from core.database import db
from tests.support.people import post_form, runtime_of, sign_in_as
from tests.support.sign_in import sign_in_by_sms

HTML = {"accept": "text/html"}
NUMBER = "11010519491231002X"


async def account_row(account_id: int) -> dict[str, Any]:
    async with db.connection() as connection:
        return dict(await connection.fetchrow("SELECT * FROM account WHERE id = $1", account_id))


async def test_page_shows_all_that_is_held_and_no_number_whole(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await sign_in_by_sms(client, "13900000071")
    page = (await client.get("/me", headers=HTML)).text
    assert "139****0071" in page
    assert "13900000071" not in page
    data = (await client.get("/me/data.json")).json()
    assert data["adult_declared_at"] == data["created_at"] == data["consented_at"]
    assert datetime.fromisoformat(data["created_at"]) == clock.now()
    assert (data["consent_version"], len(data["sessions"])) == ("2026-11", 1)
    assert "13900000071" not in str(data)


async def test_erasing_leaves_nothing_of_a_person_and_signs_out_everywhere(
    client: httpx.AsyncClient,
) -> None:
    me = await sign_in_as(client, Role.CREATOR, name="陈创作", township="同江镇")
    form = {"identity": NUMBER, "identity_consent": "1"}
    assert (await post_form(client, "/me/identity", form)).status_code == 303
    unsure = await post_form(client, "/me/erase", headers=HTML)
    assert (unsure.status_code, "请先确认删除后不能恢复" in unsure.text) == (422, True)
    answer = await post_form(client, "/me/erase", {"sure": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await client.get("/me/data.json")).status_code == 401
    row = await account_row(me.account_id)
    left = {key for key, value in row.items() if value} - {"id", "roles", "created_at"}
    assert left == {"name", "phone_index", "erased_at"}
    assert row["name"] == "已删除"
    newest = (await entries_about("account", me.account_id))[0]
    assert (newest["action"], newest["actor_name"]) == ("account.erased", "已删除")
    assert newest["client_address"] == ""


async def test_erased_person_comes_back_to_the_same_account(client: httpx.AsyncClient) -> None:
    await sign_in_by_sms(client, "13900000072")
    async with db.connection() as connection:
        mine = await connection.fetchval("SELECT account FROM session ORDER BY id DESC")
    await post_form(client, "/me/erase", {"sure": "1"})
    client.cookies.delete(SESSION_COOKIE)
    await runtime_of(client).redis.flushall()
    await sign_in_by_sms(client, "13900000072")
    async with db.connection() as connection:
        again = await connection.fetchval("SELECT account FROM session ORDER BY id DESC")
    assert again == mine
    assert (await client.get("/me/data.json")).json()["name"] == "尾号0072"


async def test_appointed_person_cannot_erase_a_record_of_office(client: httpx.AsyncClient) -> None:
    me = await sign_in_as(client, Role.FINANCE, name="周财务")
    page = (await client.get("/me", headers=HTML)).text
    assert "/me/erase" not in page
    refused = await post_form(client, "/me/erase", {"sure": "1"})
    assert (refused.status_code, refused.json()["code"]) == (409, "appointed")
    assert (await account_row(me.account_id))["name"] == "周财务"


async def test_identity_number_is_sealed_masked_and_erased_on_its_own(
    client: httpx.AsyncClient,
) -> None:
    number = "110105194912310046"
    me = await sign_in_as(client, Role.CREATOR)
    form = {"identity": number}
    unconsented = await post_form(client, "/me/identity", form, headers=HTML)
    assert (unconsented.status_code, "请先单独同意" in unconsented.text) == (422, True)
    form = {"identity": number, "identity_consent": "1"}
    assert (await post_form(client, "/me/identity", form)).status_code == 303
    page = (await client.get("/me", headers=HTML)).text
    assert ("110105********0046" in page, number in page) == (True, False)
    assert number not in repr(await account_row(me.account_id))
    assert (await post_form(client, "/me/identity/erase")).status_code == 303
    row = await account_row(me.account_id)
    assert (row["identity_sealed"], row["identity_index"]) == (None, None)
    actions = [entry["action"] for entry in await entries_about("account", me.account_id)]
    assert actions[:2] == ["account.identity_erased", "account.identity_set"]


@pytest.mark.parametrize("role", [Role.VOTER, Role.ORGANISER])
async def test_nobody_but_a_creator_leaves_an_identity_number(
    client: httpx.AsyncClient, role: Role
) -> None:
    await sign_in_as(client, role)
    form = {"identity": NUMBER, "identity_consent": "1"}
    assert (await post_form(client, "/me/identity", form)).status_code == 403
    assert "/me/identity" not in (await client.get("/me", headers=HTML)).text
