"""How busy each network is, over all processes, at no question per request.

Each process counts by itself and brings what is worth telling to Redis once a second, all in
one go; it takes back what the others counted. So a network that is busy on ten processes is
known as busy on each of them within two seconds. Without Redis every process goes by its own
counts alone (failed_open): a network may then do as much on each process.
"""

import asyncio
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
_WORTH_TELLING = 5
"""A network with fewer acts is nobody's crowd: most networks of a wide vote are never told of."""

_unmet = Metric("shibaiqian_crowd_unmet", "Seconds' counts that Redis did not take", ["crowd"])
_log = structlog.get_logger("crowd")


class _Span:
    """The counts of one span: what Redis said last, what was added here since, and which of
    that is worth telling."""

    __slots__ = ("known", "mine", "telling")

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.mine: dict[str, int] = {}
        self.telling: set[str] = set()

    def add(self, prefix: str) -> int:
        mine = self.mine[prefix] = self.mine.get(prefix, 0) + 1
        if mine >= _WORTH_TELLING:
            self.telling.add(prefix)
        return mine + self.known.get(prefix, 0)

    def count(self, prefix: str) -> int:
        return self.mine.get(prefix, 0) + self.known.get(prefix, 0)


class Crowd:
    """Counts acts by network prefix. `steps` are acts a minute at which it gets dearer."""

    def __init__(self, name: str, redis: "Redis", steps: Sequence[int]) -> None:
        self._name = name
        self._redis = redis
        self._steps = tuple(steps)
        self._spans: dict[int, _Span] = {}

    def note(self, prefix: str, now: float) -> int:
        """Count one act of a network at the Unix time `now`; at which step it is: 0 for free.

        "" is no network (loopback, a Unix socket): nobody's crowd.
        """
        if not prefix:
            return 0
        number, gone = divmod(now, SPAN)
        here = self._spans.get(int(number)) or self._begin(int(number))
        acts = float(here.add(prefix))
        before = self._spans.get(int(number) - 1)
        if before is not None:
            # the span before, as far as it is still within reach of half a minute
            acts += before.count(prefix) * (1 - gone / SPAN)
        per_minute = acts * 60 / SPAN
        if per_minute < self._steps[0]:
            return 0
        return sum(per_minute >= step for step in self._steps)

    def _begin(self, number: int) -> _Span:
        self._spans = {n: span for n, span in self._spans.items() if n >= number - 1}
        self._spans[number] = _Span()
        return self._spans[number]

    async def run(self) -> None:
        """Meet the other processes, until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_MEETINGS)
            await self.meet()

    async def meet(self) -> None:
        """Bring what was counted here since the last time, and take what all counted."""
        brought = [
            (number, span, prefix, span.mine[prefix])
            for number, span in self._spans.items()
            for prefix in span.telling
        ]
        if not brought:
            return
        pipe = self._redis.pipeline(transaction=False)
        for number, _span, prefix, count in brought:
            name = f"crowd:{self._name}:{number}:{prefix}"
            pipe.incrby(name, count)
            pipe.expire(name, 3 * SPAN)
        try:
            totals = (await pipe.execute())[::2]
        except (RedisError, OSError) as error:
            # it stays what is counted here, and is brought next time
            _unmet.labels(self._name).inc()
            _log.warning("crowd_unmet", error=repr(error))
            return
        for (_number, span, prefix, count), total in zip(brought, totals, strict=True):
            span.known[prefix] = int(total)
            span.mine[prefix] -= count
            span.telling.discard(prefix)
