import httpx
from redis.asyncio import Redis

from core import db


async def test_health_says_ok_when_both_engines_answer(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_redis_is_empty_for_every_test(redis: Redis) -> None:
    assert await redis.dbsize() == 0
    await redis.set("left", "over")


async def test_redis_is_empty_for_the_next_test(redis: Redis) -> None:
    assert await redis.dbsize() == 0
    await redis.set("left", "over")


async def test_pool_signs_in_as_the_limited_role(pool: None) -> None:
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT current_user") == "shibaiqian_app"
