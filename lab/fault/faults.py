"""The faults and how long each lasts: each breaks something, waits under load, and repairs it."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from lab.bench.poll import SLUG
from lab.fault.rig import Rig

HOUR = 3600
_FULL_SECONDS = 3.0
_STALL_SECONDS = 4.0
_WRONG_SECONDS = 2.5
_READ_WITHIN = 2.0
_READS = (f"/c/{SLUG}/board.json", f"/c/{SLUG}", "/")


class ReaderHeldUp(Exception):
    """While commits were stalled, a page that only reads was not served."""


@dataclass(frozen=True)
class Fault:
    """`lacks` says why it cannot be done on this rig, "" when it can."""

    name: str
    inflict: Callable[[Rig, random.Random], None]
    kills: bool = False
    lacks: Callable[[Rig], str] = lambda _rig: ""


def _pause(chance: random.Random) -> None:
    """Wait for a random time before what was killed is started again."""
    time.sleep(chance.uniform(0, 0.8))


def _kill_app(rig: Rig, chance: random.Random) -> None:
    victim = chance.choice(rig.apps)
    rig.kill(victim)
    _pause(chance)
    rig.start(victim)


def _kill_postgres(rig: Rig, chance: random.Random) -> None:
    rig.kill("postgres")
    _pause(chance)
    rig.start("postgres")


def _kill_redis(rig: Rig, chance: random.Random) -> None:
    rig.kill("redis")
    _pause(chance)
    rig.start("redis")


def _kill_everything(rig: Rig, chance: random.Random) -> None:
    rig.kill(*rig.everything)
    _pause(chance)
    rig.start(*rig.everything)


def _flush(rig: Rig, _chance: random.Random) -> None:
    rig.flush_redis()


def _fill_disk(rig: Rig, _chance: random.Random) -> None:
    assert rig.disk is not None
    try:
        rig.disk.fill()
        time.sleep(_FULL_SECONDS)
    finally:
        rig.disk.free()
    time.sleep(1)
    rig.restart_postgres_if_down()


def _stall(rig: Rig, _chance: random.Random) -> None:
    """Stall writes and fsyncs of PostgreSQL for a while; pages that only read must still be
    served."""
    assert rig.disk is not None
    rig.disk.freeze()
    try:
        end = time.monotonic() + _STALL_SECONDS
        while time.monotonic() < end:
            for path in _READS:
                _read(rig.url + path)
            time.sleep(0.2)
    finally:
        rig.disk.thaw()


def _read(address: str) -> None:
    try:
        answer = httpx.get(address, timeout=_READ_WITHIN, trust_env=False)
    except httpx.TransportError as error:
        raise ReaderHeldUp(f"{address}: {error!r}") from error
    if answer.status_code != 200:
        raise ReaderHeldUp(f"{address}: {answer.status_code}")


def _step_clock(seconds: int) -> Callable[[Rig, random.Random], None]:
    def step(rig: Rig, _chance: random.Random) -> None:
        assert rig.clock is not None
        try:
            rig.clock.step(seconds)
            time.sleep(_WRONG_SECONDS)
        finally:
            rig.clock.step(0)
        time.sleep(_WRONG_SECONDS)

    return step


def _no_disk(rig: Rig) -> str:
    return "" if rig.disk is not None else "no small disk can be mounted here"


def _no_clock(rig: Rig) -> str:
    return "" if rig.clock is not None else "libfaketime is not installed"


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
