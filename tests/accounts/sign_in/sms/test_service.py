import asyncio
from datetime import timedelta

import httpx
import pytest
from redis.asyncio import Redis

from accounts.sign_in.sms.rules import CODE_LIFETIME
from accounts.sign_in.sms.senders import OutboxSender
from accounts.sign_in.sms.service import CodeRequest, enter_code, request_code
from core import audit
from core.clock import SettableClock
from core.database import db
from core.problems import TooMany
from tests.support.people import csrf_token, post_form, runtime_of
from tests.support.sign_in import (
    PHONE,
    ask_for_code,
    code_address,
    sent_code,
    sign_in_by_sms,
    wrong,
)

ENTER = {"accept": "text/html"}


async def enter(client: httpx.AsyncClient, address: str, code: str) -> tuple[int, str]:
    answer = await post_form(client, address, {"code": code})
    return answer.status_code, answer.json()["code"] if answer.content else ""


async def test_voter_signs_in_and_goes_where_they_wanted(client: httpx.AsyncClient) -> None:
    asked = await ask_for_code(client, next="/c/ten-best?q=1")
    assert asked.headers["location"].endswith("?next=%2Fc%2Ften-best%3Fq%3D1")
    form = {"code": await sent_code(client), "next": "/c/ten-best?q=1"}
    done = await post_form(client, code_address(asked), form)
    assert (done.status_code, done.headers["location"]) == (303, "/c/ten-best?q=1")
    me = (await client.get("/me/data.json")).json()
    assert (me["roles"], me["phone"]) == (["voter"], "138****5678")
    cookie = next(v for v in done.headers.get_list("set-cookie") if v.startswith("sid="))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))


async def test_sign_in_by_phone_is_logged_without_the_number(client: httpx.AsyncClient) -> None:
    runtime = runtime_of(client)
    now = runtime.clock.now()
    wanted = CodeRequest(PHONE, as_creator=False, adult_declared=True)
    sender = OutboxSender(runtime)
    page = await request_code(wanted, sender, runtime, client_address="10.1.2.3", now=now)
    code = await sent_code(client)
    signed_in = await enter_code(page, code, runtime, client_address="10.1.2.3", now=now)
    (entry, *_older) = await audit.entries_about("account", signed_in.account_id)
    assert (entry["action"], entry["client_address"]) == ("phone.signed_in", "10.1.2.3")
    assert PHONE not in str(entry)


async def test_same_phone_comes_back_to_the_same_account(
    client: httpx.AsyncClient, redis: Redis
) -> None:
    ids = []
    for extra in ({}, {"as": "creator", "adult": None}):
        await redis.flushall()
        asked = await ask_for_code(client, "13900000001", **extra)
        code = await sent_code(client, "13900000001")
        await post_form(client, code_address(asked), {"code": code})
        async with db.connection() as connection:
            ids.append(await connection.fetchval("SELECT account FROM session ORDER BY id DESC"))
    assert ids[0] == ids[1]
    assert (await client.get("/me/data.json")).json()["roles"] == ["creator", "voter"]


async def test_every_error_of_the_form_is_told_at_once(client: httpx.AsyncClient) -> None:
    answer = await post_form(client, "/sign-in", {"phone": "12\0 34" + "5" * 10_000})
    fields = [error["field"] for error in answer.json()["errors"]]
    assert (answer.status_code, fields) == (422, ["phone", "phone", "phone", "consent", "adult"])


async def test_form_keeps_what_was_typed(client: httpx.AsyncClient) -> None:
    fields = {"_csrf_token": await csrf_token(client), "phone": "138 <b>", "consent": "1"}
    answer = await client.post("/sign-in", data=fields, headers=ENTER)
    assert answer.status_code == 422
    assert 'value="138 &lt;b&gt;"' in answer.text
    assert 'name="consent" value="1" checked' in answer.text


async def test_wrong_code_says_how_many_tries_are_left_and_then_dies(
    client: httpx.AsyncClient,
) -> None:
    address = code_address(await ask_for_code(client))
    code = await sent_code(client)
    answers = [await enter(client, address, wrong(code)) for _ in range(5)]
    assert answers == [(422, "code_wrong")] * 4 + [(422, "code_exhausted")]
    assert await enter(client, address, code) == (422, "code_exhausted")


async def test_expired_code_is_refused_at_the_very_second(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    address = code_address(await ask_for_code(client))
    code = await sent_code(client)
    clock.advance(CODE_LIFETIME)
    assert await enter(client, address, code) == (422, "code_expired")


async def test_code_works_until_just_before_its_end(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    address = code_address(await ask_for_code(client))
    clock.advance(CODE_LIFETIME - timedelta(microseconds=1))
    assert await enter(client, address, await sent_code(client)) == (303, "")


async def test_replayed_code_is_refused(client: httpx.AsyncClient) -> None:
    address = code_address(await ask_for_code(client))
    code = await sent_code(client)
    assert await enter(client, address, code) == (303, "")
    assert await enter(client, address, code) == (422, "code_used")


async def test_of_ten_uses_of_one_code_at_once_exactly_one_succeeds(
    client: httpx.AsyncClient,
) -> None:
    address = code_address(await ask_for_code(client))
    form = {"code": await sent_code(client), "_csrf_token": await csrf_token(client)}
    cookies = {"csrftoken": await csrf_token(client)}

    async def use() -> int:
        async with httpx.AsyncClient(
            transport=client._transport, base_url=client.base_url, cookies=cookies
        ) as browser:
            return (await browser.post(address, data=form)).status_code

    # each browser of its own closes with its client; the shared transport stays open
    answers = await asyncio.gather(*(use() for _ in range(10)))
    assert sorted(answers) == [303] + [422] * 9


async def test_code_of_one_page_does_not_open_another(client: httpx.AsyncClient) -> None:
    await ask_for_code(client, "13900000002")
    code = await sent_code(client, "13900000002")
    other = code_address(await ask_for_code(client, "13900000003"))
    if code == await sent_code(client, "13900000003"):
        code = wrong(code)
    assert await enter(client, other, code) == (422, "code_wrong")


async def test_unknown_code_page_is_refused(client: httpx.AsyncClient) -> None:
    assert await enter(client, "/sign-in/code/nothing", "123456") == (404, "no_such_code")


@pytest.mark.parametrize("code", ["", "\0", "1" * 10_000, "１２３４５６", "'; DROP TABLE account"])
async def test_nonsense_for_a_code_is_a_clear_refusal(client: httpx.AsyncClient, code: str) -> None:
    address = code_address(await ask_for_code(client))
    answer = await post_form(client, address, {"code": code})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "code")


async def test_second_code_within_a_minute_is_refused_with_the_time_to_wait(
    client: httpx.AsyncClient,
) -> None:
    code_address(await ask_for_code(client))
    answer = await ask_for_code(client)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_sms_phone")
    assert 0 < int(answer.headers["retry-after"]) <= 60


async def test_no_code_is_sent_while_it_cannot_be_counted(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> int:
        raise ConnectionError("no Redis")

    monkeypatch.setattr("core.limits.rate_limit.RateLimiter._hit", broken)
    answer = await ask_for_code(client, "13900000009")
    assert (answer.status_code, answer.json()["code"]) == (503, "limits_unavailable")


async def test_hall_of_300_phones_behind_one_address_signs_in(client: httpx.AsyncClient) -> None:
    runtime = runtime_of(client)
    now = runtime.clock.now()
    sender = OutboxSender(runtime)

    async def sign_in(phone: str) -> str:
        wanted = CodeRequest(phone, as_creator=False, adult_declared=True)
        page = await request_code(wanted, sender, runtime, client_address="10.1.2.3", now=now)
        code = await sent_code(client, phone)
        signed_in = await enter_code(page, code, runtime, client_address="10.1.2.3", now=now)
        return signed_in.token

    tokens = {await sign_in(f"137{n:08d}") for n in range(300)}
    assert len(tokens) == 300
    with pytest.raises(TooMany) as slowed:
        await sign_in("13700009999")
    assert (slowed.value.code, 0 < (slowed.value.retry_after or 0) <= 60) == (
        "too_many_sms_network",
        True,
    )


async def test_nothing_in_the_database_shows_phone_or_code(client: httpx.AsyncClient) -> None:
    await sign_in_by_sms(client, PHONE)
    code = await sent_code(client)
    async with db.connection() as connection:
        rows = [
            *await connection.fetch("SELECT * FROM account"),
            *await connection.fetch("SELECT * FROM sms_code"),
            *await connection.fetch("SELECT * FROM sms_outbox"),
            *await connection.fetch("SELECT * FROM session"),
            *await connection.fetch("SELECT * FROM audit_entry"),
        ]
    values = [value for row in rows for value in row.values()]
    plain = [v for v in values if isinstance(v, str)] + [
        v.decode("latin-1") for v in values if isinstance(v, bytes)
    ]
    assert [text for text in plain if PHONE in text or text == code] == []
    assert client.cookies["sid"] not in plain
