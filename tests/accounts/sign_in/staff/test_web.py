"""Pages on which appointed people enrol and sign in, as their browsers meet them."""

import re

import httpx
import pyotp
import pytest

from accounts.people.rules import Role
from accounts.sessions.middleware import DEVICE_COOKIE, SESSION_COOKIE
from accounts.sign_in.staff.web import qr_svg
from core.runtime import Runtime
from tests.support.people import post_form
from tests.support.staff import PASSWORD, PIN, appointed, enrolled_staff

HTML = {"accept": "text/html"}


async def test_staff_sign_in_leads_to_where_they_wanted(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    staff = await enrolled_staff(runtime)
    now = runtime.clock.now()
    form = {
        "login": f" {staff.login.upper()} ",
        "password": PASSWORD,
        "code": f"{staff.code(now)[:3]} {staff.code(now)[3:]}",
        "next": "/organiser",
    }
    answer = await post_form(client, "/staff/sign-in", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/organiser")
    cookie = next(v for v in answer.headers.get_list("set-cookie") if v.startswith("sid="))
    assert {"HttpOnly", "SameSite=lax", "Max-Age=43200"} <= set(cookie.split("; "))
    assert (await client.get("/me")).status_code == 200


async def test_refused_page_keeps_the_login_but_neither_password_nor_code(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    staff = await enrolled_staff(runtime)
    form = {"login": staff.login, "password": "not my password", "code": "314159"}
    answer = await post_form(client, "/staff/sign-in", form, headers=HTML)
    assert (answer.status_code, "登录名、密码或动态码不正确" in answer.text) == (422, True)
    assert f'value="{staff.login}"' in answer.text
    assert "not my password" not in answer.text
    assert "314159" not in answer.text


async def test_locked_account_is_told_until_when(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    staff = await enrolled_staff(runtime)
    form = {"login": staff.login, "password": "not my password", "code": "314159"}
    for _turn in range(4):
        await post_form(client, "/staff/sign-in", form)
    answer = await post_form(client, "/staff/sign-in", form, headers=HTML)
    assert (answer.status_code, "账号锁定到 09:15:00" in answer.text) == (403, True)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"login": "x" * 10_000, "password": "y" * 10_000, "code": "z" * 10_000},
        {"login": "\0", "password": "\0", "code": "\0"},
    ],
)
async def test_every_error_of_nonsense_is_told(
    client: httpx.AsyncClient, form: dict[str, str]
) -> None:
    answer = await post_form(client, "/staff/sign-in", form)
    fields = {error["field"] for error in answer.json()["errors"]}
    assert (answer.status_code, fields) == (422, {"login", "password", "code"})


async def test_organiser_enrols_by_link_and_is_signed_in(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    now = runtime.clock.now()
    _account_id, login, token = await appointed(now, Role.ORGANISER)
    page = (await client.get(f"/enrol/{token}", headers=HTML)).text
    assert login in page
    assert "<svg" in page
    found = re.search(r"[A-Z2-7]{32}", page)
    assert found is not None
    form = {"password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(found[0]).at(now)}
    bad = await post_form(client, f"/enrol/{token}", {**form, "again": "x"}, headers=HTML)
    assert (bad.status_code, PASSWORD in bad.text) == (422, False)
    done = await post_form(client, f"/enrol/{token}", form)
    assert (done.status_code, done.headers["location"]) == (303, "/me")
    assert (await client.get("/me")).status_code == 200
    assert (await post_form(client, f"/enrol/{token}", form)).status_code == 404
    spent = await client.get(f"/enrol/{token}", headers=HTML)
    assert (spent.status_code, "已经用过或已过期" in spent.text) == (404, True)


async def test_judges_tablet_is_known_again_and_no_other(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    _account_id, _login, token = await appointed(runtime.clock.now(), Role.JUDGE)
    unknown = await client.get("/tablet/sign-in", headers=HTML)
    assert "王一" not in unknown.text
    refused = await post_form(client, "/tablet/sign-in", {"pin": PIN})
    assert (refused.status_code, refused.json()["code"]) == (403, "unknown_device")
    done = await post_form(client, f"/enrol/{token}", {"pin": PIN, "again": PIN})
    assert (done.status_code, done.headers["location"]) == (303, "/judge")
    cookies = done.headers.get_list("set-cookie")
    device = next(v for v in cookies if v.startswith(f"{DEVICE_COOKIE}="))
    assert {"HttpOnly", "SameSite=lax"} <= set(device.split("; "))
    assert (await client.get("/judge")).status_code == 200
    stolen = {"cookie": f"{SESSION_COOKIE}={client.cookies[SESSION_COOKIE]}"}
    client.cookies.delete(SESSION_COOKIE)
    assert (await client.get("/tablet/sign-in", headers=HTML)).text.count("王一") >= 1
    wrong_pin = await post_form(client, "/tablet/sign-in", {"pin": "314159"}, headers=HTML)
    assert (wrong_pin.status_code, "PIN 码不正确" in wrong_pin.text) == (422, True)
    again = await post_form(client, "/tablet/sign-in", {"pin": PIN, "next": "/judge"})
    assert (again.status_code, again.headers["location"]) == (303, "/judge")
    client.cookies.clear()
    assert (await client.get("/judge", headers=stolen)).status_code == 401


def test_qr_code_needs_no_style_of_its_own() -> None:
    svg = qr_svg("http://127.0.0.1:8000/enrol/x")
    assert svg.startswith("<svg")
    assert "style=" not in svg
