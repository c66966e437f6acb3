"""Going through the sign-in pages, as people and the replay do."""

import re
from typing import Any

import httpx

from accounts.sign_in.sms import outbox_store as outbox
from tests.support.people import post_form, runtime_of

PHONE = "13812345678"


async def ask_for_code(
    client: httpx.AsyncClient, phone: str = PHONE, **fields: Any
) -> httpx.Response:
    form = {"phone": phone, "consent": "1", "adult": "1", **fields}
    return await post_form(client, "/sign-in", {k: v for k, v in form.items() if v is not None})


async def sent_code(client: httpx.AsyncClient, phone: str = PHONE) -> str:
    """The newest code that was sent to a number."""
    messages = await outbox.latest(runtime_of(client).keys, phone=phone)
    return messages[0].code


def code_address(answer: httpx.Response) -> str:
    """Where the answer to asking for a code leads, without the query."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def sign_in_by_sms(client: httpx.AsyncClient, phone: str = PHONE) -> httpx.Response:
    address = code_address(await ask_for_code(client, phone))
    return await post_form(client, address, {"code": await sent_code(client, phone)})


def wrong(code: str) -> str:
    """A code of the same length that is not this one."""
    return re.sub(r".$", lambda m: str((int(m[0]) + 1) % 10), code)
