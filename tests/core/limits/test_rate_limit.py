"""Limits are counted once for each request, however many come together, and say what they do
without Redis."""

import asyncio

import pytest
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from core.limits.rate_limit import Limit, RateLimiter, WithoutRedis, limit
from core.problems import TooMany, Unavailable


def five(name: str, without_redis: WithoutRedis = WithoutRedis.REFUSE) -> Limit:
    return limit(name, "5 per hour", without_redis=without_redis, message="太频繁，请稍后再试")


def counted(name: str, outcome: str) -> float:
    labels = {"limit": name, "outcome": outcome}
    return REGISTRY.get_sample_value("shibaiqian_rate_limit_total", labels) or 0


async def outcomes(limiters: list[RateLimiter], given: Limit, times: int) -> list[bool]:
    """Whether each of so many hits at once was let through."""
    hits = [limiters[n % len(limiters)].hit(given, "somebody") for n in range(times)]
    answers = await asyncio.gather(*hits, return_exceptions=True)
    assert all(one is None or isinstance(one, TooMany) for one in answers), answers
    return [one is None for one in answers]


async def test_exactly_so_many_pass_though_all_come_at_once(redis: Redis, engines: object) -> None:
    """As from several processes: each limiter has connections of its own."""
    url = engines.redis_url  # type: ignore[attr-defined]
    async with Redis.from_url(url) as other:
        limiters = [RateLimiter(redis), RateLimiter(other)]
        assert sum(await outcomes(limiters, five("at_once"), 40)) == 5
    assert (counted("at_once", "allowed"), counted("at_once", "refused")) == (5, 35)


async def test_everybody_has_a_limit_of_their_own(redis: Redis) -> None:
    limiter = RateLimiter(redis)
    assert sum(await outcomes([limiter], five("own"), 6)) == 5
    await limiter.hit(five("own"), "somebody else")
    await limiter.hit(five("another limit"), "somebody")


async def test_refusal_says_when_there_is_room_again(redis: Redis) -> None:
    limiter = RateLimiter(redis)
    await outcomes([limiter], five("room"), 5)
    with pytest.raises(TooMany) as refused:
        await limiter.hit(five("room"), "somebody")
    assert refused.value.code == "too_many_room"
    assert refused.value.message == "太频繁，请稍后再试"
    assert refused.value.retry_after is not None
    assert 3500 < refused.value.retry_after <= 3601


async def test_every_rate_of_a_limit_holds(redis: Redis) -> None:
    both = limit(
        "both", "2 per minute", "3 per hour", without_redis=WithoutRedis.ALLOW, message="慢一点"
    )
    assert sorted(await outcomes([RateLimiter(redis)], both, 3)) == [False, True, True]


async def test_without_redis_each_limit_does_what_it_says_and_is_counted() -> None:
    async with Redis(host="127.0.0.1", port=1) as nowhere:
        limiter = RateLimiter(nowhere)
        await limiter.hit(five("slows", WithoutRedis.ALLOW), "somebody")
        with pytest.raises(Unavailable) as refused:
            await limiter.hit(five("protects", WithoutRedis.REFUSE), "somebody")
    assert (refused.value.code, refused.value.retry_after) == ("limits_unavailable", 10)
    assert counted("slows", "failed_open") == 1
    assert counted("protects", "failed_closed") == 1
