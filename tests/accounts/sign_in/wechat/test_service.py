"""Signing in by WeChat, against a stand-in that is spoken to over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from redis.asyncio import Redis

from accounts.sign_in.wechat import client as wechat
from app import create_app
from core.clock import SettableClock
from core.database import db
from core.settings import Settings, SettingsError, WechatApp, from_environment
from tests.support.lifespan import running
from tests.support.loopback import on_loopback
from tests.support.people import csrf_token, post_form
from tests.support.sign_in import ask_for_code, code_address, sent_code
from tests.support.wechat import APP_ID, SECRET, Wechat

IN_WECHAT = {
    "user-agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50",
    "accept": "text/html",
}


@pytest.fixture
async def stand_in(clock: SettableClock) -> AsyncIterator[tuple[Wechat, WechatApp]]:
    them = Wechat(clock)
    async with on_loopback(them.application()) as port:
        root = f"http://127.0.0.1:{port}"
        app = WechatApp(
            APP_ID, SECRET, f"{root}/connect/oauth2/authorize", f"{root}/sns/oauth2/access_token"
        )
        yield them, app


@pytest.fixture
async def phone(
    settings: Settings,
    clock: SettableClock,
    redis: Redis,
    stand_in: tuple[Wechat, WechatApp],
) -> AsyncIterator[httpx.AsyncClient]:
    """WeChat's own browser before a site that WeChat knows."""
    own = replace(settings, wechat=stand_in[1])
    async with running(create_app(own, clock)) as application:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", headers=IN_WECHAT
        ) as http:
            yield http


async def through_wechat(phone: httpx.AsyncClient, next_path: str = "/me") -> httpx.Response:
    """Press the button, let WeChat send us back, and go there."""
    away = await phone.get("/sign-in/wechat", params={"next": next_path})
    assert away.status_code == 303
    async with httpx.AsyncClient(trust_env=False) as them:
        back = await them.get(away.headers["location"])
    assert back.status_code == 302
    return await phone.get(back.headers["location"])


async def verify_phone(phone: httpx.AsyncClient, number: str) -> httpx.Response:
    asked = await ask_for_code(phone, phone=number, next="/me")
    form = {"code": await sent_code(phone, number), "next": "/me"}
    return await post_form(phone, code_address(asked), form)


async def who(phone: httpx.AsyncClient) -> dict[str, object]:
    answer = await phone.get("/me/data.json", headers={"accept": "application/json"})
    return dict(answer.json()) if answer.status_code == 200 else {}


async def test_first_time_ties_it_to_a_phone_and_then_it_is_enough(
    phone: httpx.AsyncClient,
) -> None:
    shown = await phone.get("/sign-in")
    assert "微信登录" in shown.text
    first = await through_wechat(phone)
    assert (first.status_code, urlsplit(first.headers["location"]).path) == (303, "/sign-in")
    assert "微信已确认" in (await phone.get(first.headers["location"])).text
    assert await who(phone) == {}, "an identity alone is nobody yet"
    assert (await verify_phone(phone, "13912340001")).status_code == 303
    own = await who(phone)
    assert (own["phone"], own["wechat"]) == ("139****0001", True)
    phone.cookies.clear()
    again = await through_wechat(phone, "/c/x?y=1")
    assert (again.status_code, again.headers["location"]) == (303, "/c/x?y=1")
    assert (await who(phone))["phone"] == "139****0001"
    assert (await _wechat_actions())[:2] == ["wechat.signed_in", "wechat.linked"]


async def _wechat_actions() -> list[str]:
    async with db.connection() as connection:
        rows = await connection.fetch(
            "SELECT action FROM audit_entry WHERE action LIKE 'wechat.%' ORDER BY id DESC"
        )
    return [row["action"] for row in rows]


async def test_two_identities_of_one_phone_are_one_voter(
    phone: httpx.AsyncClient, stand_in: tuple[Wechat, WechatApp], redis: Redis
) -> None:
    accounts = set()
    for person in ("one-of-her", "another-of-her"):
        stand_in[0].person = person
        phone.cookies.clear()
        await through_wechat(phone)
        await verify_phone(phone, "13912340002")
        phone.cookies.clear()
        await through_wechat(phone)
        async with db.connection() as connection:
            accounts.add(
                await connection.fetchval(
                    "SELECT account FROM wechat_link ORDER BY linked_at DESC, id DESC LIMIT 1"
                )
            )
        await redis.flushall()  # else a second code within the minute is refused
    assert len(accounts) == 1


async def test_answer_that_this_browser_did_not_ask_for_is_refused(
    phone: httpx.AsyncClient,
) -> None:
    away = await phone.get("/sign-in/wechat")
    state = parse_qs(urlsplit(away.headers["location"]).query)["state"][0]
    for query in (
        {"code": "code-0", "state": "x" * len(state)},
        {"code": "", "state": state},
        {"state": ""},
    ):
        answer = await phone.get("/sign-in/wechat/back", params=query)
        assert (answer.status_code, "没有完成" in answer.text) == (422, True)
    assert await who(phone) == {}


async def test_code_is_good_once_and_for_five_minutes(
    phone: httpx.AsyncClient, clock: SettableClock
) -> None:
    away = await phone.get("/sign-in/wechat")
    async with httpx.AsyncClient(trust_env=False) as them:
        back = (await them.get(away.headers["location"])).headers["location"]
    kept = dict(phone.cookies)
    assert (await phone.get(back)).status_code == 303
    phone.cookies.update(kept)
    assert (await phone.get(back)).status_code == 422
    away = await phone.get("/sign-in/wechat")
    async with httpx.AsyncClient(trust_env=False) as them:
        back = (await them.get(away.headers["location"])).headers["location"]
    clock.advance(timedelta(minutes=6))
    assert (await phone.get(back)).status_code == 422


@pytest.mark.parametrize("manner", ["busy", "silent", "html", "list"])
async def test_wechat_that_is_away_leaves_the_phone(
    phone: httpx.AsyncClient,
    stand_in: tuple[Wechat, WechatApp],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    manner: str,
) -> None:
    monkeypatch.setattr(wechat, "_WITHIN", 0.3)
    stand_in[0].manner = manner
    answer = await through_wechat(phone)
    assert answer.status_code == 503
    assert "请用手机验证码登录" in answer.text
    assert answer.headers["retry-after"] == "30"
    assert SECRET not in answer.text + capsys.readouterr().err + caplog.text


async def test_disabled_account_stays_out(
    phone: httpx.AsyncClient, stand_in: tuple[Wechat, WechatApp]
) -> None:
    stand_in[0].person = "somebody-disabled"
    await through_wechat(phone)
    await verify_phone(phone, "13912340003")
    async with db.connection() as connection:
        await connection.execute(
            "UPDATE account SET disabled_at = now() WHERE id ="
            " (SELECT account FROM wechat_link ORDER BY id DESC LIMIT 1)"
        )
    phone.cookies.clear()
    answer = await through_wechat(phone)
    assert (answer.status_code, "已停用" in answer.text) == (403, True)


async def test_erasing_forgets_the_identity(
    phone: httpx.AsyncClient, stand_in: tuple[Wechat, WechatApp]
) -> None:
    stand_in[0].person = "somebody-who-leaves"
    await through_wechat(phone)
    await verify_phone(phone, "13912340004")
    await csrf_token(phone)
    assert (await post_form(phone, "/me/erase", {"sure": "on"})).status_code in (200, 303)
    again = await through_wechat(phone)
    assert urlsplit(again.headers["location"]).path == "/sign-in", "a phone must be verified anew"


async def test_site_that_wechat_does_not_know_offers_nothing(client: httpx.AsyncClient) -> None:
    assert "微信登录" not in (await client.get("/sign-in", headers=IN_WECHAT)).text
    assert (await client.get("/sign-in/wechat")).status_code == 404


async def test_other_browsers_are_not_sent_there(phone: httpx.AsyncClient) -> None:
    shown = await phone.get("/sign-in", headers={"user-agent": "Mozilla/5.0 (iPhone)"})
    assert "微信登录" not in shown.text


@pytest.mark.parametrize("half", [{"WECHAT_APP_ID": "wx1"}, {"WECHAT_SECRET": "s"}])
def test_half_of_the_setting_is_none(half: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        from_environment(half)
    whole = from_environment({"WECHAT_APP_ID": "wx1", "WECHAT_SECRET": "never-shown"})
    assert whole.wechat is not None
    assert "never-shown" not in repr(whole)
