"""How busy each network is, over all processes, at no question per request.

Each process counts by itself and brings what is worth telling to Redis once a second, all in
one go; it takes back what the others counted. So a network that is busy on ten processes is
known as busy on each of them within two seconds. Without Redis every process goes by its own
counts alone (failed_open): a network may then do as much on each process.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence

import structlog
from prometheus_client import Counter as Metric
from redis.asyncio import Redis
from redis.exceptions import RedisError

SPAN = 30
"""Seconds of one counting; the rate is of the last one or two, by how far this one has gone."""

VOTES_A_MINUTE = (1_500, 3_000, 6_000)
"""At which the votes of one network get dearer. A hall of 300 phones stays below the first as
long as each vote takes its owner more than twelve seconds."""

_SECONDS_BETWEEN_MEETINGS = 1.0
_MOST_KNOWN = 50_000
_WORTH_TELLING = 5
"""A network with fewer acts is nobody's crowd: most networks of a wide vote are never told of."""

_unmet = Metric("shibaiqian_crowd_unmet", "Seconds' counts that Redis did not take", ["crowd"])
_log = structlog.get_logger("crowd")


class Crowd:
    """Counts acts by network prefix. `steps` are acts a minute at which it gets dearer."""

    def __init__(self, name: str, redis: "Redis", steps: Sequence[int]) -> None:
        self._name = name
        self._redis = redis
        self._steps = tuple(steps)
        self._unsent: Counter[tuple[int, str]] = Counter()
        self._known: dict[tuple[int, str], int] = {}

    def note(self, prefix: str, now: float) -> int:
        """Count one act of a network at the Unix time `now`; at which step it is: 0 for free.

        "" is no network (loopback, a Unix socket): nobody's crowd.
        """
        if not prefix:
            return 0
        span = int(now // SPAN)
        self._unsent[span, prefix] += 1
        per_minute = self._rate(span, prefix, now)
        return sum(per_minute >= step for step in self._steps)

    def _rate(self, span: int, prefix: str, now: float) -> float:
        """Acts in the last minute's worth: this span's, and the one before as far as it is
        still within reach."""
        here = self._count(span, prefix)
        gone = (now % SPAN) / SPAN
        return (here + self._count(span - 1, prefix) * (1 - gone)) * 60 / SPAN

    def _count(self, span: int, prefix: str) -> int:
        key = span, prefix
        return self._known.get(key, 0) + self._unsent.get(key, 0)

    async def run(self) -> None:
        """Meet the other processes, until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_MEETINGS)
            await self.meet()

    async def meet(self) -> None:
        """Bring what was counted here since the last time, and take what all counted."""
        newest = max((span for span, _prefix in self._unsent), default=0)
        self._unsent = Counter({k: n for k, n in self._unsent.items() if k[0] >= newest - 1})
        bringing = {key: n for key, n in self._unsent.items() if n >= _WORTH_TELLING}
        if not bringing:
            return
        self._unsent -= Counter(bringing)
        pipe = self._redis.pipeline(transaction=False)
        for (span, prefix), count in bringing.items():
            name = f"crowd:{self._name}:{span}:{prefix}"
            pipe.incrby(name, count)
            pipe.expire(name, 3 * SPAN)
        try:
            totals = (await pipe.execute())[::2]
        except (RedisError, OSError) as error:
            self._known.update(
                {key: self._known.get(key, 0) + count for key, count in bringing.items()}
            )
            _unmet.labels(self._name).inc()
            _log.warning("crowd_unmet", error=repr(error))
        else:
            self._known.update(zip(bringing, map(int, totals), strict=True))
        self._forget(newest)

    def _forget(self, newest: int) -> None:
        self._known = {key: n for key, n in self._known.items() if key[0] >= newest - 1}
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
