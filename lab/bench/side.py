"""One of the servers that a bench loads in turn, and its measurements."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.bench.load import Load
from lab.bench.report import say
from lab.bench.servers import Served

CONNECTIONS = 256
"""Clients that vote at the same time; each votes again once it has its answer."""

ROUND_SECONDS = 2.5
"""Rounds are short and many: a disturbance of the machine lasts some seconds and affects few of
them."""


@dataclass
class Side:
    """One server under measurement, and the measurements of its rounds."""

    name: str
    served: Served
    load: Callable[[float], Load]
    runs: list[Load] = field(default_factory=list)
    cpu_seconds: float = 0.0

    def round(self, seconds: float) -> None:
        before = self.served.cpu_seconds()
        self.runs.append(self.load(seconds))
        self.cpu_seconds += self.served.cpu_seconds() - before

    @property
    def per_second(self) -> float:
        return statistics.median(one.per_second for one in self.runs)

    @property
    def p99_ms(self) -> float:
        return statistics.median(one.p99_ms for one in self.runs)

    @property
    def accepted(self) -> int:
        return sum(one.accepted for one in self.runs)

    def measured(self) -> dict[str, Any]:
        return {
            "per_second": round(self.per_second, 1),
            "p50_ms": round(statistics.median(one.p50_ms for one in self.runs), 2),
            "p99_ms": round(self.p99_ms, 2),
            "answered": sum(one.answered for one in self.runs),
            "refused": sum(one.refused for one in self.runs),
            "broken": sum(one.broken for one in self.runs),
            "app_cpu_microseconds_each": round(
                1e6 * self.cpu_seconds / max(1, sum(one.answered for one in self.runs))
            ),
        }


def warm_up(sides: Sequence[Side]) -> None:
    """Warm up: first requests compile, connect and fill caches."""
    for side in sides:
        side.load(2.0)


def in_turn(sides: Sequence[Side], rounds: int) -> None:
    """Load each in turn, round after round, so that a slow moment of the machine affects all."""
    for number in range(rounds):
        for side in sides:
            side.round(ROUND_SECONDS)
            say(f"{number + 1}/{rounds} {side.name}: {side.runs[-1].per_second:.0f}/s")
