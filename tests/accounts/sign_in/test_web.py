"""Pages of signing in by code: where they lead, and where they must not."""

from dataclasses import replace

import httpx
import pytest

from accounts.administration import service as administration
from accounts.people.rules import Role
from accounts.sessions.web_support import safe_next
from core.audit import SYSTEM
from core.database import db
from core.problems import Unavailable
from core.runtime import Runtime
from tests.support.people import post_form
from tests.support.sign_in import ask_for_code, code_address, sent_code, sign_in_by_sms
from tests.support.staff import enrolled_staff

HTML = {"accept": "text/html"}


@pytest.mark.parametrize("path", ["/", "/me", "/c/ten-best?q=1&r=%E4%B8%AD", "/a//b"])
def test_path_on_this_site_is_gone_to(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        None,
        5,
        "me",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: sid=planted",
        "/\0",
        "/" + "a" * 500,
    ],
)
def test_anything_else_leads_home(wanted: object) -> None:
    assert safe_next(wanted) == "/"


async def test_signing_in_never_leads_to_another_site(client: httpx.AsyncClient) -> None:
    asked = await ask_for_code(client, "13900000061", next="//evil.example")
    assert asked.headers["location"].endswith("?next=%2F")
    form = {"code": await sent_code(client, "13900000061"), "next": "https://evil.example"}
    done = await post_form(client, code_address(asked), form)
    assert (done.status_code, done.headers["location"]) == (303, "/")


async def test_pages_show_the_masked_number_and_what_to_do(client: httpx.AsyncClient) -> None:
    page = (await client.get("/sign-in?next=/c/x", headers=HTML)).text
    assert 'name="next" value="/c/x"' in page
    asked = await ask_for_code(client, "13900000062")
    page = (await client.get(asked.headers["location"], headers=HTML)).text
    assert "139****0062" in page
    assert "13900000062" not in page
    again = await post_form(client, code_address(asked), {"code": "x"}, headers=HTML)
    assert (again.status_code, "139****0062" in again.text) == (422, True)


@pytest.mark.parametrize("slip", ["12ab", "12345", "1234567", "一二三四五六"])
async def test_slip_of_the_finger_costs_no_try(client: httpx.AsyncClient, slip: str) -> None:
    asked = await ask_for_code(client, "13900000067")
    for _try in range(6):
        answer = await post_form(client, code_address(asked), {"code": slip}, headers=HTML)
        assert (answer.status_code, "请填写短信里的 6 位数字" in answer.text) == (422, True)
    right = "".join(chr(ord(one) + 0xFEE0) for one in await sent_code(client, "13900000067"))
    done = await post_form(client, code_address(asked), {"code": right}, headers=HTML)
    assert done.status_code == 303, "full-width digits are digits"


async def test_dead_code_leads_to_another(client: httpx.AsyncClient) -> None:
    asked = await ask_for_code(client, "13900000068")
    wrong = "000000" if await sent_code(client, "13900000068") != "000000" else "000001"
    pages = [
        await post_form(client, code_address(asked), {"code": wrong, "next": "/me"}, headers=HTML)
        for _try in range(5)
    ]
    assert ["重新获取验证码" in page.text for page in pages] == [False] * 4 + [True]
    assert 'href="/sign-in?next=/me"' in pages[-1].text.replace("%2F", "/")
    unknown = await client.get("/sign-in/code/unknown?next=/me", headers=HTML)
    assert (unknown.status_code, "重新获取验证码" in unknown.text) == (404, True)


async def test_expired_session_comes_back_to_the_page_whose_form_was_sent(
    client: httpx.AsyncClient,
) -> None:
    async def sent_from(before: str) -> str:
        headers = {**HTML, "referer": before}
        answer = await post_form(client, "/c/nothing/votes", {"entries": "001"}, headers=headers)
        return answer.headers["location"]

    here = str(client.base_url)
    ballot = await sent_from(f"{here}/c/nothing/ballot?entry=001")
    assert ballot == "/sign-in?next=%2Fc%2Fnothing%2Fballot%3Fentry%3D001"
    for foreign in ("https://evil.example/c/nothing/ballot", "http://[", ""):
        assert await sent_from(foreign) == "/sign-in?next=%2F"


async def test_disabled_voter_gets_no_session(client: httpx.AsyncClient, runtime: Runtime) -> None:
    await enrolled_staff(runtime, Role.ADMINISTRATOR)
    await sign_in_by_sms(client, "13900000063")
    async with db.connection() as connection:
        account_id = await connection.fetchval("SELECT account FROM session ORDER BY id DESC")
    await administration.set_disabled(account_id, True, SYSTEM, runtime.clock.now())
    await runtime.redis.flushall()
    refused = await sign_in_by_sms(client, "13900000063")
    assert (refused.status_code, refused.json()["code"]) == (403, "account_disabled")
    assert "sid" not in refused.cookies


async def test_creator_need_not_be_of_age(client: httpx.AsyncClient) -> None:
    young = {"as": "creator", "adult": None}
    assert (await ask_for_code(client, "13900000064", **young)).status_code == 303
    asked = await ask_for_code(client, "13900000065", adult=None)
    assert [error["field"] for error in asked.json()["errors"]] == ["adult"]


async def test_code_that_could_not_be_sent_is_told_on_the_page(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise Unavailable("sms_not_sent", "短信没有发出去，请稍后再试", retry_after=30)

    monkeypatch.setattr("accounts.sign_in.sms.senders.OutboxSender.send_code", fails)
    form = {"phone": "13900000066", "consent": "1", "adult": "1"}
    answer = await post_form(client, "/sign-in", form, headers=HTML)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "短信没有发出去，请稍后再试（请在 30 秒后再试）" in answer.text
    assert 'value="13900000066"' in answer.text


async def test_cookies_are_for_https_alone_where_the_site_has_it(runtime: Runtime) -> None:
    assert not runtime.settings.secure_cookies
    assert replace(runtime.settings, public_url="https://vote.example").secure_cookies
