"""One fault run: faults and audits in turn, under load."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx

from lab.bench.report import say
from lab.fault.audit import Auditor
from lab.fault.disk import Disk, NoDisk, small_disk
from lab.fault.faults import FAULTS, Fault, ReaderHeldUp
from lab.fault.intents import intents
from lab.fault.load import Load
from lab.fault.rig import Rig
from lab.fault.wrong_clock import NoWrongClock, WrongClock


@dataclass(frozen=True)
class Wanted:
    """`kills` are to be reached, by as many rounds through `faults` as it takes."""

    kills: int
    processes: int
    clients: int
    seed: int
    voters: int = 200_000
    faults: Sequence[Fault] = FAULTS


def run(wanted: Wanted) -> dict[str, Any]:
    """The measurements of the run; everything it started is stopped again."""
    chance = random.Random(wanted.seed)  # noqa: S311 - faults, not secrets
    with _rig(wanted.processes) as (rig, notes):
        rig.open(wanted.voters)
        skipped = {one.name: one.lacks(rig) for one in wanted.faults if one.lacks(rig)}
        for name, why in skipped.items():
            say(f"left out: {name} ({why}{notes.get(name, '')})")
        csrf = httpx.get(f"{rig.url}/sign-in", trust_env=False).cookies["csrftoken"]
        load = Load(rig.port, csrf, intents(wanted.voters), wanted.clients)
        auditor = Auditor(rig.endpoints, rig.url, rig.folder, chance)
        began = time.monotonic()
        try:
            done = _break_again_and_again(rig, load, auditor, wanted, chance)
            auditor.look_at_all(load.sent)
        finally:
            load.stop()
            auditor.close()
        seconds = time.monotonic() - began
    return _measured(rig, load, auditor, done, skipped, seconds)


def _break_again_and_again(
    rig: Rig, load: Load, auditor: Auditor, wanted: Wanted, chance: random.Random
) -> Counter[str]:
    done: Counter[str] = Counter()
    possible = [one for one in wanted.faults if not one.lacks(rig)]
    rounds = cycle(possible)
    load.resume()
    while rig.kills < wanted.kills or len(done) < len(possible):
        fault = next(rounds)
        if rig.kills >= wanted.kills and done[fault.name]:
            continue
        time.sleep(chance.uniform(0.4, 1.2))
        try:
            fault.inflict(rig, chance)
        except ReaderHeldUp as held_up:
            auditor.findings.add("held_up", str(held_up))
        up_after = rig.wait_until_up()
        load.pause()
        auditor.look(load.sent)
        done[fault.name] += 1
        say(
            f"{fault.name}: up after {up_after:.1f} s; {rig.kills} kills,"
            f" {auditor.stored} stored, {len(auditor.findings.sentences)} findings"
        )
        load.resume()
    load.pause()
    return done


@contextmanager
def _rig(processes: int) -> Iterator[tuple[Rig, dict[str, str]]]:
    notes: dict[str, str] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fault-")))
        disk: Disk | None = None
        clock: WrongClock | None = None
        try:
            disk = stack.enter_context(small_disk(folder))
        except NoDisk as why:
            notes["full disk"] = notes["stalled fsync"] = f": {why}"
        try:
            clock = WrongClock(folder)
        except NoWrongClock as why:
            notes["clock"] = f": {why}"
        data = (folder if disk is None else disk.folder) / "engines"
        data.mkdir()
        rig = Rig(folder, data, processes, disk, clock)
        stack.callback(rig.close)
        yield rig, notes


def _measured(
    rig: Rig,
    load: Load,
    auditor: Auditor,
    done: Counter[str],
    skipped: dict[str, str],
    seconds: float,
) -> dict[str, Any]:
    found = auditor.findings
    acknowledged = sum(1 for one in load.sent if one.sequence)
    return {
        "findings": found.sentences,
        "faults": dict(done),
        "skipped": skipped,
        "processes": rig.processes,
        "seconds": round(seconds),
        "sent": len(load.sent),
        "refused": sum(1 for one in load.sent if one.refusal),
        "retries": load.retries,
        "answers": dict(load.statuses),
        "wrong_boards": found.wrong_boards,
        "bad_proofs": found.bad_proofs,
        "held_up": found.held_up,
        "kills": rig.kills,
        "acked": acknowledged,
        "stored": auditor.stored - 1,  # without the one that made the box
        "lost": found.lost,
        "extra": found.extra,
        "gaps": found.gaps,
        "overshoots": found.overshoots,
    }
