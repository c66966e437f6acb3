"""No route that changes anything takes a request without the token of our own pages."""

import httpx
import pytest

from access import ACCESS
from accounts.people.rules import Role
from accounts.sessions.guard import Open
from tests.support.people import csrf_token, sign_in_as
from tests.test_access import some_path

UNSAFE = sorted(key for key in ACCESS if key.partition(" ")[0] not in {"GET", "HEAD", "WS"})


def role_of(key: str) -> Role:
    """Somebody who may use the route."""
    right = ACCESS[key]
    return Role.VOTER if isinstance(right, Open) else sorted(right)[0]


def refused(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and "role_not_allowed" not in answer.text


async def test_every_unsafe_route_refuses_a_request_without_a_token(
    client: httpx.AsyncClient,
) -> None:
    """With a token the same request gets further, so it is the token that was missed."""
    wrong = []
    assert len(UNSAFE) > 50
    routes = [key for key in UNSAFE if " /demo/" not in key]
    token = await csrf_token(client)
    for role in sorted({role_of(key) for key in routes}):
        await sign_in_as(client, role)
        for key in (one for one in routes if role_of(one) is role):
            if key in {"POST /sign-out", "POST /sign-out/everywhere", "POST /me/erase"}:
                continue
            method, path = key.split(" ", 1)
            path = some_path(path)
            without = [
                await client.request(method, path, data={"_csrf_token": ""}),
                await client.request(method, path, json={}),
                await client.request(method, path, headers={"x-csrftoken": token[::-1]}),
            ]
            with_token = await client.request(method, path, headers={"x-csrftoken": token})
            if not all(map(refused, without)) or refused(with_token):
                said = [answer.status_code for answer in (*without, with_token)]
                wrong.append((key, said))
    assert wrong == []


@pytest.mark.parametrize("path", ["/sign-out", "/sign-out/everywhere", "/me/erase"])
async def test_nobody_is_signed_out_or_erased_by_a_foreign_page(
    client: httpx.AsyncClient, path: str
) -> None:
    await sign_in_as(client, Role.VOTER)
    await csrf_token(client)
    assert refused(await client.post(path, data={"sure": "1"}))
    assert (await client.get("/me/data.json")).status_code == 200


async def test_token_of_another_browser_is_none(client: httpx.AsyncClient) -> None:
    token = await csrf_token(client)
    client.cookies.clear()
    other = await csrf_token(client)
    assert other != token
    assert refused(await client.post("/sign-out", headers={"x-csrftoken": token}))


async def test_token_cannot_be_made_without_the_servers_key(client: httpx.AsyncClient) -> None:
    forged = "a" * 128
    cookie = {"cookie": f"csrftoken={forged}", "x-csrftoken": forged}
    assert refused(await client.post("/sign-out", headers=cookie))
