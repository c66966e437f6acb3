"""The rate of votes of each network, over all processes, and the rates at which votes get dearer.

Each process counts by itself. Once a second it adds its counts to those in Redis, all in one
call, and reads the totals. So a network that is busy on ten processes is known to be busy on
each of them within two seconds. Without Redis every process uses its own counts alone (it fails
open): a network may then do as much on each process.
"""

import asyncio
from collections.abc import Sequence

import structlog
from prometheus_client import Counter as Metric
from redis.asyncio import Redis
from redis.exceptions import RedisError

SPAN = 30
"""Seconds of one count. The rate is taken over the present span and, as far as it is less than
SPAN seconds ago, the span before."""

VOTES_A_MINUTE = (1_500, 3_000, 6_000)
"""Votes a minute at which a challenge is asked of a network, and at which it gets harder. A hall
of 300 phones stays below the first as long as each vote takes its owner over twelve seconds."""

_SECONDS_BETWEEN_EXCHANGES = 1.0
_LEAST_SHARED = 5
"""A network with fewer new requests is not reported to Redis: in a wide vote that is most."""

_failed = Metric(
    "shibaiqian_network_rate_not_shared", "Exchanges of counts that Redis did not take", ["counted"]
)
_log = structlog.get_logger("network_rate")


class _Span:
    """The counts of one span by network: `known` as Redis said last, `mine` added here since,
    `to_share` the networks whose counts go to Redis at the next exchange."""

    __slots__ = ("known", "mine", "to_share")

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.mine: dict[str, int] = {}
        self.to_share: set[str] = set()

    def add(self, prefix: str) -> int:
        mine = self.mine[prefix] = self.mine.get(prefix, 0) + 1
        if mine >= _LEAST_SHARED:
            self.to_share.add(prefix)
        return mine + self.known.get(prefix, 0)

    def count(self, prefix: str) -> int:
        return self.mine.get(prefix, 0) + self.known.get(prefix, 0)


class NetworkRate:
    """Counts requests by network. `steps` are the requests a minute at which a step begins."""

    def __init__(self, name: str, redis: "Redis", steps: Sequence[int]) -> None:
        self._name = name
        self._redis = redis
        self._steps = tuple(steps)
        self._spans: dict[int, _Span] = {}

    def note(self, prefix: str, now: float) -> int:
        """Count one request of a network at the Unix time `now`; returns its step, 0 for free.

        The network "" (loopback, a Unix socket) is not counted.
        """
        if not prefix:
            return 0
        number, gone = divmod(now, SPAN)
        here = self._spans.get(int(number)) or self._begin(int(number))
        requests = float(here.add(prefix))
        before = self._spans.get(int(number) - 1)
        if before is not None:
            # Of the span before only the part that lies within the last SPAN seconds counts.
            requests += before.count(prefix) * (1 - gone / SPAN)
        per_minute = requests * 60 / SPAN
        if per_minute < self._steps[0]:
            return 0
        return sum(per_minute >= step for step in self._steps)

    def _begin(self, number: int) -> _Span:
        self._spans = {n: span for n, span in self._spans.items() if n >= number - 1}
        self._spans[number] = _Span()
        return self._spans[number]

    async def run(self) -> None:
        """Exchange counts with the other processes, until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_EXCHANGES)
            await self.exchange()

    async def exchange(self) -> None:
        """Add what was counted here since the last time to Redis, and read the totals of all."""
        own = [
            (number, span, prefix, span.mine[prefix])
            for number, span in self._spans.items()
            for prefix in span.to_share
        ]
        if not own:
            return
        pipe = self._redis.pipeline(transaction=False)
        for number, _span, prefix, count in own:
            name = f"network_rate:{self._name}:{number}:{prefix}"
            pipe.incrby(name, count)
            pipe.expire(name, 3 * SPAN)
        try:
            totals = (await pipe.execute())[::2]
        except (RedisError, OSError) as error:
            # The counts stay in `mine` and go to Redis at the next exchange.
            _failed.labels(self._name).inc()
            _log.warning("network_rate_not_shared", error=repr(error))
            return
        for (_number, span, prefix, count), total in zip(own, totals, strict=True):
            span.known[prefix] = int(total)
            span.mine[prefix] -= count
            span.to_share.discard(prefix)
