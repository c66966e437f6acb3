"""What is done to the product. Each fault breaks, waits under load, and mends again."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from lab.bench.poll import SLUG
from lab.fault.stage import Stage

HOUR = 3600
_FULL_SECONDS = 3.0
_STALL_SECONDS = 4.0
_WRONG_SECONDS = 2.5
_READ_WITHIN = 2.0
_READS = (f"/c/{SLUG}/board.json", f"/c/{SLUG}", "/")


class ReaderHeldUp(Exception):
    """While no commit came back, a page that only reads did not come either."""


@dataclass(frozen=True)
class Fault:
    """`lacks` says why it cannot be done on this stage, "" when it can."""

    name: str
    inflict: Callable[[Stage, random.Random], None]
    kills: bool = False
    lacks: Callable[[Stage], str] = lambda _stage: ""


def _pause(chance: random.Random) -> None:
    """How long what was killed stays away: sometimes clients meet nobody, sometimes not."""
    time.sleep(chance.uniform(0, 0.8))


def _kill_app(stage: Stage, chance: random.Random) -> None:
    victim = chance.choice(stage.apps)
    stage.kill(victim)
    _pause(chance)
    stage.start(victim)


def _kill_postgres(stage: Stage, chance: random.Random) -> None:
    stage.kill("postgres")
    _pause(chance)
    stage.start("postgres")


def _kill_redis(stage: Stage, chance: random.Random) -> None:
    stage.kill("redis")
    _pause(chance)
    stage.start("redis")


def _kill_everything(stage: Stage, chance: random.Random) -> None:
    stage.kill(*stage.everything)
    _pause(chance)
    stage.start(*stage.everything)


def _flush(stage: Stage, _chance: random.Random) -> None:
    stage.flush_redis()


def _fill_disk(stage: Stage, _chance: random.Random) -> None:
    assert stage.disk is not None
    try:
        stage.disk.fill()
        time.sleep(_FULL_SECONDS)
    finally:
        stage.disk.free()
    time.sleep(1)
    stage.restart_postgres_if_down()


def _stall(stage: Stage, _chance: random.Random) -> None:
    """No write or fsync of PostgreSQL comes back for a while; readers must not notice."""
    assert stage.disk is not None
    stage.disk.freeze()
    try:
        end = time.monotonic() + _STALL_SECONDS
        while time.monotonic() < end:
            for path in _READS:
                _read(stage.url + path)
            time.sleep(0.2)
    finally:
        stage.disk.thaw()


def _read(address: str) -> None:
    try:
        answer = httpx.get(address, timeout=_READ_WITHIN, trust_env=False)
    except httpx.TransportError as error:
        raise ReaderHeldUp(f"{address}: {error!r}") from error
    if answer.status_code != 200:
        raise ReaderHeldUp(f"{address}: {answer.status_code}")


def _step_clock(seconds: int) -> Callable[[Stage, random.Random], None]:
    def step(stage: Stage, _chance: random.Random) -> None:
        assert stage.clock is not None
        try:
            stage.clock.step(seconds)
            time.sleep(_WRONG_SECONDS)
        finally:
            stage.clock.step(0)
        time.sleep(_WRONG_SECONDS)

    return step


def _no_disk(stage: Stage) -> str:
    return "" if stage.disk is not None else "no small disk can be mounted here"


def _no_clock(stage: Stage) -> str:
    return "" if stage.clock is not None else "libfaketime is not installed"


FAULTS = (
    Fault("kill app", _kill_app, kills=True),
    Fault("kill postgres", _kill_postgres, kills=True),
    Fault("kill redis", _kill_redis, kills=True),
    Fault("kill everything", _kill_everything, kills=True),
    Fault("flush redis", _flush),
    Fault("full disk", _fill_disk, lacks=_no_disk),
    Fault("stalled fsync", _stall, lacks=_no_disk),
    Fault("clock an hour ahead", _step_clock(HOUR), lacks=_no_clock),
    Fault("clock an hour back", _step_clock(-HOUR), lacks=_no_clock),
)
