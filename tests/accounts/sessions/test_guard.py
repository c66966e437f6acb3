"""The one guard: a row for each route, and the page that a stranger is sent to."""

from typing import Any

import httpx
import pytest
from litestar import Litestar, WebSocket, asgi, get, websocket
from litestar.types import Receive, Scope, Send

from accounts.people.rules import Role
from accounts.sessions.guard import AccessGuard, AccessTableError, Open, route_keys
from tests.support.people import sign_in_as

HTML = {"accept": "text/html"}


@get("/a/{number:int}")
async def page() -> None:
    return None


@websocket("/a/{number:int}/ws")
async def socket(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()


@asgi("/mounted", is_mount=True, copy_scope=True)
async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("nothing is ever mounted")


def routes_of(*handlers: Any) -> Any:
    return Litestar([*handlers], openapi_config=None).routes


def test_keys_are_the_rows_of_the_table_without_options() -> None:
    keys = {key for key, _method, _template in route_keys(routes_of(page, socket))}
    assert keys == {"GET /a/{number:int}", "WS /a/{number:int}/ws"}


def test_all_routes_without_a_row_are_named_at_once() -> None:
    with pytest.raises(AccessTableError) as missing:
        AccessGuard({}).bind(routes_of(page, socket))
    assert "GET /a/{number:int}" in str(missing.value)
    assert "WS /a/{number:int}/ws" in str(missing.value)
    rows = {"GET /a/{number:int}": Open.EVERYONE, "WS /a/{number:int}/ws": Open.SIGNED_IN}
    AccessGuard(rows).bind(routes_of(page, socket))


def test_row_of_another_method_is_no_row() -> None:
    with pytest.raises(AccessTableError):
        AccessGuard({"POST /a/{number:int}": Open.EVERYONE}).bind(routes_of(page))


def test_mounted_application_cannot_be_ruled_and_is_refused() -> None:
    with pytest.raises(AccessTableError, match="mounted"):
        AccessGuard({}).bind(routes_of(mounted))


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/me?a=1", "/sign-in?next=%2Fme%3Fa%3D1"),
        ("/admin/accounts", "/staff/sign-in?next=%2Fadmin%2Faccounts"),
        ("/judge", "/tablet/sign-in?next=%2Fjudge"),
        ("/c/nothing/my-votes", "/sign-in?next=%2Fc%2Fnothing%2Fmy-votes"),
    ],
)
async def test_stranger_is_led_to_their_own_sign_in_page_and_back(
    client: httpx.AsyncClient, path: str, leads_to: str
) -> None:
    answer = await client.get(path, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
    fragment = await client.get(path, headers={**HTML, "x-fragment": "true"})
    assert fragment.headers["x-sign-in"].startswith(leads_to.partition("?")[0])
    assert (await client.get(path)).status_code == 401


async def test_person_without_the_right_is_told_so_and_not_led_round(
    client: httpx.AsyncClient,
) -> None:
    await sign_in_as(client, Role.VOTER)
    answer = await client.get("/admin/accounts", headers=HTML)
    assert (answer.status_code, "没有使用这一页的权限" in answer.text) == (403, True)


async def test_one_right_role_among_others_is_enough(client: httpx.AsyncClient) -> None:
    await sign_in_as(client, Role.FINANCE, Role.AUDITOR, Role.HOST)
    assert (await client.get("/audit")).status_code == 200
