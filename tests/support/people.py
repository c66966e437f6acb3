"""Signed-in browsers for web tests, without going through the sign-in pages."""

import itertools
from typing import Any

import httpx
from litestar.datastructures import State

from accounts import service
from accounts.people.rules import Principal, Role
from accounts.sessions import service as sessions
from accounts.sessions.middleware import SESSION_COOKIE
from core.audit import SYSTEM
from core.database import db
from core.runtime import Runtime

_phones = itertools.count(13_800_000_000)


def state_of(client: httpx.AsyncClient) -> State:
    """The state of the application that the `client` fixture speaks to, behind its layers."""
    application: Any = client._transport.app  # type: ignore[attr-defined]
    while not hasattr(application, "state"):
        application = application.app
    state = application.state
    assert isinstance(state, State)
    return state


def runtime_of(client: httpx.AsyncClient) -> Runtime:
    runtime = state_of(client).runtime
    assert isinstance(runtime, Runtime)
    return runtime


async def sign_in_as(
    client: httpx.AsyncClient,
    *roles: Role,
    name: str = "测试人员",
    township: str = "",
    contest_id: int | None = None,
) -> Principal:
    """A new account with these roles, signed in on `client` (whoever was, is no longer)."""
    runtime = runtime_of(client)
    now = runtime.clock.now()
    account_id = await service.create_account(
        name,
        roles,
        phone=service.seal_phone(runtime.keys, str(next(_phones))),
        township=township,
        contest_id=contest_id,
        actor=SYSTEM,
        now=now,
    )
    return await sign_in_account(client, account_id)


async def sign_in_account(client: httpx.AsyncClient, account_id: int) -> Principal:
    """An existing account, signed in on `client`."""
    runtime = runtime_of(client)
    account = await service.get_account(account_id)
    async with db.unit_of_work():
        token = await sessions.open_session(account_id, account.roles, runtime.clock.now())
    client.cookies.delete(SESSION_COOKIE)
    client.cookies.set(SESSION_COOKIE, token)
    return account.principal


def sign_out(client: httpx.AsyncClient) -> None:
    """The browser forgets its session; the session itself stays."""
    client.cookies.delete(SESSION_COOKIE)


async def csrf_token(client: httpx.AsyncClient) -> str:
    if "csrftoken" not in client.cookies:
        await client.get("/healthz")
    return client.cookies["csrftoken"]


async def post_form(
    client: httpx.AsyncClient, path: str, data: dict[str, Any] | None = None, **extra: Any
) -> httpx.Response:
    """POST a form as a page of ours would, token included; `extra` goes to httpx."""
    fields = {"_csrf_token": await csrf_token(client), **(data or {})}
    return await client.post(path, data=fields, **extra)


async def send_json(client: httpx.AsyncClient, method: str, path: str, body: Any) -> httpx.Response:
    """Send JSON as a script of ours would, with the token in its header."""
    headers = {"x-csrftoken": await csrf_token(client)}
    return await client.request(method, path, json=body, headers=headers)
