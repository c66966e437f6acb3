"""Every route, as every role and signed out, answers as the access table says."""

import asyncio
import re

import httpx
import pytest
from litestar import Litestar, get

from access import ACCESS
from accounts.people.rules import Role
from accounts.sessions.guard import (
    WS_NOT_ALLOWED,
    WS_SIGN_IN_REQUIRED,
    AccessGuard,
    AccessTableError,
    Open,
    route_keys,
)
from tests.support.people import csrf_token, sign_in_as, sign_out

REFUSED = "role_not_allowed"


def application_of(client: httpx.AsyncClient) -> Litestar:
    application = client._transport.app  # type: ignore[attr-defined]
    while not isinstance(application, Litestar):
        application = application.app
    return application


def some_path(template: str) -> str:
    """An address that the template matches, of things that do not exist."""
    return re.sub(r"\{(\w+):(\w+)\}", lambda m: "999999" if m[2] == "int" else "nothing", template)


async def knock(client: httpx.AsyncClient, key: str) -> httpx.Response:
    method, template = key.split(" ", 1)
    headers = {"x-csrftoken": await csrf_token(client)}
    return await client.request(method, some_path(template), headers=headers)


async def test_table_has_exactly_the_routes_of_the_server(client: httpx.AsyncClient) -> None:
    keys = {key for key, _, _ in route_keys(application_of(client).routes)}
    missing_in_table = keys - ACCESS.keys()
    stale = {key for key in ACCESS.keys() - keys if " /demo/" not in key}
    assert (missing_in_table, stale) == (set(), set())


async def test_every_route_answers_every_role_as_the_table_says(
    client: httpx.AsyncClient,
) -> None:
    wrong = []
    keys = [key for key, _, _ in route_keys(application_of(client).routes)]
    routes = [key for key in keys if not key.startswith("WS ")]
    for role in Role:
        signed_in = False
        for key in routes:
            if not signed_in:
                await sign_in_as(client, role)
            answer = await knock(client, key)
            # an act that was taken may have been to sign out, or to erase the account
            signed_in = key.startswith("GET ") or answer.status_code >= 400
            right = ACCESS[key]
            allowed = isinstance(right, Open) or role in right
            refused = answer.status_code == 403 and REFUSED in answer.text
            if refused == allowed or answer.status_code == 401:
                wrong.append((key, role.value, answer.status_code))
    sign_out(client)
    for key in routes:
        answer = await knock(client, key)
        if (answer.status_code == 401) == (ACCESS[key] is Open.EVERYONE):
            wrong.append((key, "signed out", answer.status_code))
    assert wrong == []


async def knock_socket(client: httpx.AsyncClient, key: str, origin: str = "") -> object:
    """The code that a socket is closed with before it opens; None when it opens. The client
    goes away at once."""
    path = some_path(key.removeprefix("WS "))
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = [(b"host", b"127.0.0.1:8000"), (b"cookie", cookies.encode())]
    if origin:
        headers.append((b"origin", origin.encode()))
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "subprotocols": [],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    sent: list[dict[str, object]] = []
    told: list[dict[str, object]] = [
        {"type": "websocket.connect"},
        {"type": "websocket.disconnect", "code": 1001},
    ]

    async def receive() -> dict[str, object]:
        return told.pop(0) if told else await asyncio.Future()

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await client._transport.app(scope, receive, send)  # type: ignore[attr-defined]
    return sent[0].get("code")


SOCKETS = sorted(key for key in ACCESS if key.startswith("WS "))


@pytest.mark.parametrize("key", SOCKETS)
async def test_every_socket_answers_every_role_as_the_table_says(
    client: httpx.AsyncClient, key: str
) -> None:
    right = ACCESS[key]
    for role in Role:
        await sign_in_as(client, role)
        allowed = isinstance(right, Open) or role in right
        code = await knock_socket(client, key)
        assert (code == WS_NOT_ALLOWED, code == WS_SIGN_IN_REQUIRED) == (not allowed, False), role
    sign_out(client)
    code = await knock_socket(client, key)
    assert (code == WS_SIGN_IN_REQUIRED) == (right is not Open.EVERYONE)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://["])
@pytest.mark.parametrize("key", SOCKETS)
async def test_socket_opened_by_another_site_is_refused(
    client: httpx.AsyncClient, key: str, origin: str
) -> None:
    assert await knock_socket(client, key, origin) == 1008


async def test_server_refuses_to_start_on_a_route_without_a_row() -> None:
    @get("/forgotten/{slug:str}")
    async def forgotten() -> None:
        return None

    guard = AccessGuard({})
    application = Litestar([forgotten], openapi_config=None)
    with pytest.raises(AccessTableError, match=r"GET /forgotten/\{slug:str\}"):
        guard.bind(application.routes)
