"""Busy networks are told from quiet ones, over all processes, with and without Redis."""

from pathlib import Path

from redis.asyncio import Redis

from core.limits.network_rate import SPAN, VOTES_A_MINUTE, NetworkRate

STEPS = (20, 40)
AT = 1_000_000 * SPAN + 10.0
BUSY, QUIET = "203.0.113.0/24", "198.51.100.0/24"


def test_hall_of_three_hundred_phones_votes_for_free(redis: Redis) -> None:
    rate = NetworkRate("hall", redis, VOTES_A_MINUTE)
    # ten votes each, one every fifteen seconds: twenty a second from one address
    steps = {rate.note(BUSY, AT + n / 20) for n in range(3000)}
    assert steps == {0}


def test_the_busier_the_dearer_and_nobody_else_pays(redis: Redis) -> None:
    rate = NetworkRate("ladder", redis, STEPS)
    steps = [rate.note(BUSY, AT) for _vote in range(60)]
    assert steps == sorted(steps)
    assert set(steps) == {0, 1, 2}
    assert rate.note(QUIET, AT) == 0
    assert rate.note("", AT) == 0
    assert rate.note(BUSY, AT + 3 * SPAN) == 0, "it is quiet again"


def test_a_span_ends_without_a_jump(redis: Redis) -> None:
    rate = NetworkRate("edge", redis, STEPS)
    start = AT // SPAN * SPAN
    for _vote in range(15):
        rate.note(BUSY, start + SPAN - 0.1)
    assert rate.note(BUSY, start + SPAN + 0.1) == 1, "just as busy as a moment ago"


async def test_processes_count_together(redis: Redis) -> None:
    one, other = NetworkRate("both", redis, STEPS), NetworkRate("both", redis, STEPS)
    for _vote in range(9):
        assert one.note(BUSY, AT) == other.note(BUSY, AT)
    await one.exchange()
    await other.exchange()
    await one.exchange()
    assert other.note(BUSY, AT) == 1
    for _vote in range(5):
        one.note(BUSY, AT)
    await one.exchange()
    assert one.note(BUSY, AT) == 2
    assert await redis.ttl(f"network_rate:both:{int(AT // SPAN)}:{BUSY}") > 0


async def test_few_acts_are_not_told_of(redis: Redis) -> None:
    rate = NetworkRate("few", redis, STEPS)
    rate.note(BUSY, AT)
    await rate.exchange()
    assert await redis.keys("network_rate:few:*") == []
    for _vote in range(25):
        rate.note(BUSY, AT)
    assert rate.note(BUSY, AT) == 2, "and not forgotten either"


async def test_without_redis_it_goes_by_its_own_counts(tmp_path: Path) -> None:
    async with Redis(unix_socket_path=str(tmp_path / "none")) as gone:
        rate = NetworkRate("alone", gone, STEPS)
        for _vote in range(15):
            rate.note(BUSY, AT)
        await rate.exchange()
        assert rate.note(BUSY, AT) == 1
