"""The outermost layers before the whole application."""

import httpx
import pytest

from accounts.people.rules import Role
from tests.support.people import csrf_token, post_form, sign_in_as

HOSTILE = (
    "https://evil.example",
    "null",
    "http://127.0.0.1:8000.evil.example",
    "http://127.0.0.1:8001",
    "http://127.0.0.1:8000@evil.example",
    "http://[::1",
    "http://[not-an-address]",
    "//127.0.0.1:8000.evil.example",
    "127.0.0.1:8000",
)


@pytest.mark.parametrize("origin", HOSTILE)
async def test_foreign_origin_changes_nothing(client: httpx.AsyncClient, origin: str) -> None:
    headers = {"origin": origin, "x-csrftoken": await csrf_token(client)}
    answer = await client.post("/sign-out", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


async def test_own_origin_is_let_through(client: httpx.AsyncClient) -> None:
    headers = {"origin": "http://127.0.0.1:8000", "x-csrftoken": await csrf_token(client)}
    assert (await client.post("/sign-out", headers=headers)).status_code == 303


@pytest.mark.parametrize("token", ["", "0" * 96, "a", "\u00e9" * 8])
async def test_unsafe_request_needs_the_token_of_its_own_cookie(
    client: httpx.AsyncClient, token: str
) -> None:
    await csrf_token(client)
    answer = await client.post("/sign-out", headers={b"x-csrftoken": token.encode("latin-1")})
    assert answer.status_code == 403


async def test_pages_are_kept_by_no_shared_cache_and_a_signed_in_persons_by_none(
    client: httpx.AsyncClient,
) -> None:
    public = await client.get("/", headers={"accept": "text/html"})
    assert public.headers["cache-control"] == "private, no-cache"
    await sign_in_as(client, Role.VOTER)
    for path in ("/", "/me", "/receipts"):
        answer = await client.get(path, headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path


async def test_files_that_never_change_may_still_be_kept(client: httpx.AsyncClient) -> None:
    page = await client.get("/", headers={"accept": "text/html"})
    start = page.text.index("/static/")
    name = page.text[start : page.text.index('"', start)]
    assert "no-store" not in (await client.get(name)).headers.get("cache-control", "")


async def test_every_answer_names_a_fresh_nonce_and_lets_no_other_script_run(
    client: httpx.AsyncClient,
) -> None:
    first, second, missing = [await client.get(path) for path in ("/", "/", "/no-such-page")]
    policies = [one.headers["content-security-policy"] for one in (first, second, missing)]
    assert len(set(policies)) == 3
    for policy in policies:
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("headers", [{}, {"origin": "http://127.0.0.1:8000"}])
async def test_form_of_this_site_is_taken(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await post_form(client, "/sign-out", headers=headers)).status_code == 303
