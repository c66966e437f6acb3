"""The administrator's pages."""

import httpx
import pytest

from accounts.people.rules import Role
from core.database import db
from core.runtime import Runtime
from core.web.forms import page_number
from tests.support.people import post_form, sign_in_as
from tests.support.staff import PASSWORD, enrolled_staff

HTML = {"accept": "text/html"}


@pytest.fixture(autouse=True)
async def administrator(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.ADMINISTRATOR, name="管理员甲")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("3", 3), ("", 1), (None, 1), ("0", 1), ("-2", 1), ("９", 1), ("1e3", 1), ("9" * 7, 1)],
)
def test_number_of_a_page(typed: object, number: int) -> None:
    assert page_number(typed) == number


async def test_list_is_narrowed_by_name_and_role(client: httpx.AsyncClient) -> None:
    for name, role in (("张三", "host"), ("张四", "finance")):
        form = {"name": name, "roles": role, "login": f"{role}.login"}
        assert (await post_form(client, "/admin/accounts", form)).status_code == 201
    for query, seen, unseen in (
        ("name=张", ["张三", "张四"], []),
        ("role=host", ["张三"], ["张四"]),
        ("name=张&role=finance", ["张四"], ["张三"]),
        ("name=%00张三&role=nonsense", ["张三"], ["张四"]),
    ):
        main = (await client.get(f"/admin/accounts?{query}", headers=HTML)).text
        rows = main.partition("<tbody>")[2]
        assert all(name in rows for name in seen), query
        assert not any(name in rows for name in unseen), query


async def test_link_is_shown_once_with_its_code_to_scan(client: httpx.AsyncClient) -> None:
    form = {"name": "李评委", "roles": "judge"}
    page = await post_form(client, "/admin/accounts", form, headers=HTML)
    assert page.status_code == 201
    assert "http://127.0.0.1:8000/enrol/" in page.text
    assert "<svg" in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_form_with_errors_comes_back_whole(client: httpx.AsyncClient) -> None:
    form = {"name": "", "roles": ["host", "king"], "login": "X", "contest_id": "一"}
    answer = await post_form(client, "/admin/accounts", form, headers=HTML)
    assert answer.status_code == 422
    for said in ("请填写姓名", "没有这种角色：king", "限定的评选编号", "评选编号应当是数字"):
        assert said in answer.text, said
    assert 'value="host" checked' in answer.text


@pytest.mark.parametrize("name", ["王" * 10_000, "\0", "<script>alert(1)</script>"])
async def test_odd_name_is_refused_or_shown_harmlessly(
    client: httpx.AsyncClient, name: str
) -> None:
    form = {"name": name, "roles": "host", "login": f"odd{len(name)}"}
    answer = await post_form(client, "/admin/accounts", form, headers=HTML)
    assert answer.status_code == (201 if name.startswith("<") else 422)
    assert "<script>alert" not in answer.text


async def test_page_of_a_person_shows_their_state_and_what_was_done_in_chinese(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    staff = await enrolled_staff(runtime)
    page = f"/admin/accounts/{staff.account_id}"
    await post_form(client, f"{page}/disabled", {"disabled": "1"})
    shown = (await client.get(page, headers=HTML)).text
    for said in ("已停用", "已登记", staff.login, "停用账号", "完成登记", "管理员甲"):
        assert said in shown, said
    assert "account.disabled" not in shown
    assert "等待登记" not in shown


async def test_locked_person_is_unlocked_on_their_page(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    staff = await enrolled_staff(runtime)
    form = {"login": staff.login, "password": PASSWORD, "code": "x"}
    for _turn in range(5):
        await post_form(client, "/staff/sign-in", form)
    page = f"/admin/accounts/{staff.account_id}"
    assert "锁定到" in (await client.get(page, headers=HTML)).text
    assert (await post_form(client, f"{page}/unlock")).status_code == 303
    shown = (await client.get(page, headers=HTML)).text
    assert "锁定到" not in shown
    assert "解除锁定" in shown, "in the list of what was done"


async def test_administrator_who_disables_themselves_last_is_refused(
    client: httpx.AsyncClient,
) -> None:
    me = (await client.get("/me/data.json")).json()
    async with db.connection() as connection:
        mine = await connection.fetchval("SELECT max(id) FROM account WHERE name = $1", me["name"])
        await connection.execute(
            "UPDATE account SET disabled_at = now() WHERE id <> $1"
            " AND roles @> ARRAY['administrator']::varchar[]",
            mine,
        )
    answer = await post_form(client, f"/admin/accounts/{mine}/disabled", {"disabled": "1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")


@pytest.mark.parametrize("act", ["roles", "disabled", "unlock", "enrolment"])
async def test_act_on_nobody_is_not_found(client: httpx.AsyncClient, act: str) -> None:
    form = {"roles": "host", "disabled": "1"}
    answer = await post_form(client, f"/admin/accounts/999999/{act}", form)
    assert answer.status_code == 404
