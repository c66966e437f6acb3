from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from core.crypto import KeyRing, load_keys
from tests.support.people import runtime_of, send_json
from tests.support.voting import Poll, open_poll, rulebook_text

KEY = "key-0123456789"


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load_keys(tmp_path_factory.mktemp("keys"))


async def poll_for(client: httpx.AsyncClient, redis: Redis, **rules: Any) -> Poll:
    runtime = runtime_of(client)
    return await open_poll(runtime.keys, redis, runtime.clock.now(), text=rulebook_text(**rules))


async def vote(
    client: httpx.AsyncClient, poll: Poll, *codes: str, key: str = KEY
) -> httpx.Response:
    body = {"entries": list(codes), "idempotency_key": key}
    return await send_json(client, "POST", f"/c/{poll.contest.slug}/votes", body)
