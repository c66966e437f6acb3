"""What a running server holds, built once by the composition root and passed down."""

from dataclasses import dataclass
from functools import cached_property

from redis.asyncio import Redis

from core.clock import Clock
from core.crypto import KeyRing
from core.limits.challenge import Challenges
from core.limits.network_rate import VOTES_A_MINUTE, NetworkRate
from core.limits.rate_limit import RateLimiter
from core.settings import Settings


@dataclass(frozen=True)
class Runtime:
    """Settings, clock, keys and the Redis client of this process.

    Handlers receive it as the dependency `runtime`; services take it, or only the parts
    they need, as an argument.
    """

    settings: Settings
    clock: Clock
    keys: KeyRing
    redis: "Redis"

    @cached_property
    def limits(self) -> RateLimiter:
        return RateLimiter(self.redis)

    @cached_property
    def challenges(self) -> Challenges:
        return Challenges(self.keys, self.redis)

    @cached_property
    def vote_rate(self) -> NetworkRate:
        return NetworkRate("votes", self.redis, VOTES_A_MINUTE)
