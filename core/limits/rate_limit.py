"""How often something may be done: counted in Redis, atomically, across all processes.

Litestar's own limiter reads and then writes, so two requests at once both pass; the `limits`
library counts in one Lua script.

What happens when Redis does not answer is said with each limit and counted in
`shibaiqian_rate_limit_total`: an ALLOW limit only slows requests down (what it guards is also safe
without it), a REFUSE limit guards what nothing else does.
"""

import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.i18n import _
from core.problems import TooMany, Unavailable

_OUTCOMES = Counter(
    "shibaiqian_rate_limit",
    "Requests met by a rate limit: allowed, refused, failed_open or failed_closed",
    ["limit", "outcome"],
)
_log = structlog.get_logger("rate_limit")


class WithoutRedis(Enum):
    """What a limit does while Redis cannot be asked."""

    ALLOW = "failed_open"
    REFUSE = "failed_closed"


@dataclass(frozen=True)
class Limit:
    """`rates` in the notation of the limits library, such as "5 per hour"; all must hold."""

    name: str
    rates: tuple[RateLimitItem, ...]
    without_redis: WithoutRedis
    message: str


def limit(name: str, *rates: str, without_redis: WithoutRedis, message: str) -> Limit:
    return Limit(name, tuple(map(parse, rates)), without_redis, message)


class RateLimiter:
    """Counts hits in a moving window, so that the end of a minute or hour never admits twice as
    many."""

    def __init__(self, redis: "Redis") -> None:
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type] # its docs name it
        )
        self._limiter = MovingWindowRateLimiter(storage)

    async def hit(self, limit: Limit, identity: str, *, count: bool = True) -> None:
        """Count one more for `identity`, or only see whether there would be room.

        Raises TooMany with the seconds until there is room again, or Unavailable when the
        limit may not be passed uncounted.
        """
        try:
            wait = await self._hit(
                limit, identity, self._limiter.hit if count else self._limiter.test
            )
        except (RedisError, OSError) as error:
            _OUTCOMES.labels(limit.name, limit.without_redis.value).inc()
            _log.warning("rate_limit_uncounted", limit=limit.name, error=str(error))
            if limit.without_redis is WithoutRedis.REFUSE:
                raise Unavailable(
                    "limits_unavailable", _("系统正忙，请稍后再试"), retry_after=10
                ) from error
            return
        _OUTCOMES.labels(limit.name, "allowed" if wait is None else "refused").inc()
        if wait is not None:
            raise TooMany(f"too_many_{limit.name}", limit.message, retry_after=wait)

    async def within(self, limit: Limit, identity: str) -> bool:
        """Count one more for `identity` if there is room, and say whether there was; without
        Redis there always is with an ALLOW limit, and never with a REFUSE limit."""
        try:
            await self.hit(limit, identity)
        except (TooMany, Unavailable):
            return False
        return True

    async def has_room(self, limit: Limit, identity: str) -> bool:
        """Whether one more would be within the limit; counts nothing."""
        try:
            await self.hit(limit, identity, count=False)
        except (TooMany, Unavailable):
            return False
        return True

    async def _hit(
        self, limit: Limit, identity: str, fits: Callable[..., Awaitable[bool]]
    ) -> int | None:
        """None when it is within the limit, else the seconds to wait, at least 1."""
        for rate in limit.rates:
            if not await fits(rate, limit.name, identity):
                stats = await self._limiter.get_window_stats(rate, limit.name, identity)
                # the window runs on the machine's time, not on the application's clock
                return max(1, math.ceil(stats.reset_time - time.time()))
        return None
