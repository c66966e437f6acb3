"""Runs again and again the tests that touch time, processes and sockets.

    python tools/repeat.py [--times 10] [--alone | --busy] [tests ...]

A test that hopes for something fails once in many runs, most likely on a busy machine: so the
runs are made on the machine as it is, and again beside a neighbour that keeps every processor
busy. Every failure is told with the end of its output, and the run goes on.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = (
    "tests/core/engines",
    "tests/core/database",
    "tests/core/limits",
    "tests/core/test_single_flight.py",
    "tests/core/test_redis_client.py",
    "tests/core/web/test_short_answer.py",
    "tests/core/files/test_spreadsheets.py",
    "tests/accounts/sessions",
    "tests/accounts/administration",
    "tests/accounts/own_data",
    "tests/accounts/test_housekeeping.py",
    "tests/live/boards",
    "tests/live/stage",
    "tests/scoring/judging/test_change_notification.py",
    "tests/voting/casting",
    "tests/voting/signals",
    "tests/voting/merkle_log",
    "tests/voting/review/cases/test_ticker.py",
    "tests/e2e",
    "tests/lab/fault",
    "tests/lab/replay/test_survives_kills.py",
    "tests/test_leaks.py",
)
BURN = "while True: pass"


def main() -> None:
    asked = _arguments()
    missing = [one for one in asked.tests if not (ROOT / one.partition("::")[0]).exists()]
    if missing:
        sys.exit(f"no such tests: {', '.join(missing)}")
    failures = 0
    for busy in (False, True):
        if (busy and asked.alone) or (not busy and asked.busy):
            continue
        name = "beside a busy neighbour" if busy else "on the machine as it is"
        print(f"{asked.times} runs {name}", flush=True)
        with _neighbour() if busy else _nobody():
            failures += sum(not _run(number, asked.tests) for number in range(1, asked.times + 1))
    sys.exit(f"{failures} runs failed" if failures else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--alone", action="store_true", help="without the busy neighbour")
    parser.add_argument("--busy", action="store_true", help="beside the busy neighbour alone")
    parser.add_argument("tests", nargs="*", default=list(TESTS))
    return parser.parse_args()


def _run(number: int, tests: list[str]) -> bool:
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-n", "2", *tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    print(
        f"  {number}: {lines[-1] if lines else done.stderr[-300:]}"
        f" ({time.monotonic() - begun:.0f} s)",
        flush=True,
    )
    if done.returncode:
        print("\n".join(lines[-60:]), flush=True)
    return done.returncode == 0


@contextmanager
def _neighbour() -> Iterator[None]:
    """Two endless loops for each processor, at the same priority as the tests."""
    loops = [
        subprocess.Popen([sys.executable, "-c", BURN]) for _one in range(2 * (os.cpu_count() or 1))
    ]
    try:
        yield
    finally:
        for one in loops:
            one.kill()
            one.wait()


@contextmanager
def _nobody() -> Iterator[None]:
    yield


if __name__ == "__main__":
    main()
