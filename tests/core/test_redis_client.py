import asyncio

from core.engines.embedded import Endpoints
from core.redis_client import open_redis


async def test_three_hundred_questions_at_once_are_all_answered(engines: Endpoints) -> None:
    async with open_redis(engines.redis_url) as client:
        answers = await asyncio.gather(*(client.ping() for _question in range(300)))
        assert answers == [True] * 300
        held = (await client.info("clients"))["connected_clients"]
    assert held < 200
