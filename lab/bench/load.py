"""Closed-loop load by wrk, a compiled generator, over a fixed number of connections.

A request file of ours in Lua makes every request different where it must be.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

THREADS = 1

REPORT = """
done = function(summary, latency, requests)
    io.write(string.format(
        '\\nFIGURES {"requests": %d, "microseconds": %d, "refused": %d, "broken": %d,'
        .. ' "p50": %d, "p99": %d}\\n',
        summary.requests, summary.duration, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write
            + summary.errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
"""


class NoGenerator(RuntimeError):
    """There is no compiled load generator here."""


@dataclass(frozen=True)
class Load:
    """What one run of the generator saw; latencies in milliseconds."""

    answered: int
    refused: int
    broken: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def accepted(self) -> int:
        """Answers with a status below 400."""
        return self.answered - self.refused

    @property
    def per_second(self) -> float:
        return self.accepted / self.seconds


def generator() -> str:
    """The path of the generator. Raises NoGenerator with what to do."""
    found = shutil.which("wrk")
    if found is None:
        raise NoGenerator("no wrk here: install it (Debian's package wrk) and run again")
    return found


def run(script: Path, url: str, seconds: float, connections: int, *arguments: str) -> Load:
    command: Sequence[str] = (
        *(generator(), "-t", str(THREADS), "-c", str(connections), "-d", f"{seconds:.0f}s"),
        *("--timeout", "15s", "--latency", "-s", str(script), url, "--", *arguments),
    )
    done = subprocess.run(  # noqa: S603 - the generator found above
        command, capture_output=True, text=True, check=True, timeout=seconds + 60
    )
    found = re.search(r"^FIGURES (.*)$", done.stdout, re.MULTILINE)
    assert found is not None, done.stdout + done.stderr
    measurements = json.loads(found[1])
    return Load(
        answered=measurements["requests"],
        refused=measurements["refused"],
        broken=measurements["broken"],
        seconds=measurements["microseconds"] / 1e6,
        p50_ms=measurements["p50"] / 1000,
        p99_ms=measurements["p99"] / 1000,
    )
