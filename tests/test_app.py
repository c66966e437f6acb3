from typing import Any

import httpx
import structlog
from redis.asyncio import Redis

from core.database import db
from tests.support.people import csrf_token


async def test_health_says_ok_when_both_engines_answer(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_redis_is_empty_for_every_test(redis: Redis) -> None:
    assert await redis.dbsize() == 0
    await redis.set("left", "over")


async def test_redis_is_empty_for_the_next_test(redis: Redis) -> None:
    assert await redis.dbsize() == 0
    await redis.set("left", "over")


async def test_client_that_hangs_up_in_its_body_is_no_error_of_ours(
    client: httpx.AsyncClient,
) -> None:
    application = client._transport.app  # type: ignore[attr-defined]
    token = await csrf_token(client)
    headers = [
        (b"host", b"127.0.0.1:8000"),
        (b"content-length", b"100"),
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"x-csrftoken", token.encode()),
        (b"cookie", f"csrftoken={token}".encode()),
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/sign-in",
        "raw_path": b"/sign-in",
        "headers": headers,
        "query_string": b"",
        "root_path": "",
        "http_version": "1.1",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "asgi": {"version": "3.0", "spec_version": "2.3"},
    }
    answers = []

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    with structlog.testing.capture_logs() as logged:
        await application(scope, receive, send)
    assert answers[0]["status"] == 500
    assert logged == []


async def test_pool_signs_in_as_the_limited_role(pool: None) -> None:
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT current_user") == "shibaiqian_app"
