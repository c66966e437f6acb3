"""The votes of a contest as the detectors want them: columns, a few thousand rows at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np

from contest.editions.rules.contest import Contest
from contest.entrants.service import entrants_of
from core.beijing import BEIJING, beijing_day
from voting.review.detectors.observed import UNKNOWN, Observed, in_order
from voting.signals import store as store_signals

LOOK_BACK = timedelta(days=8)
"""Baselines need a day of votes, habits several; to read a month of votes would take minutes."""


@dataclass(frozen=True)
class Observation:
    """`beginning` is the Beijing midnight that seconds count from; `entrants` are the ids
    that the numbers of Observed stand for."""

    beginning: datetime
    entrants: tuple[int, ...]
    seen: Observed


async def observe(contest: Contest, now: datetime) -> Observation:
    """The votes that count now, of the last eight days."""
    first_day = beijing_day(max(now - LOOK_BACK, contest.opens_at or now - LOOK_BACK))
    beginning = datetime.combine(first_day, time(), BEIJING)
    ids = tuple(one.id for one in await entrants_of(contest.id))
    columns = _Columns(beginning, ids)
    after = 0
    while rows := await store_signals.votes_with_signals(contest.id, beginning, after):
        columns.add(rows)
        after = rows[-1]["sequence"]
    until = int((now - beginning).total_seconds())
    return Observation(beginning, ids, columns.observed(until))


class _Columns:
    """Rows as numbers: voters, prefixes and devices are numbered as they first appear."""

    def __init__(self, beginning: datetime, entrants: Iterable[int]) -> None:
        self._beginning = beginning
        self._entrants = {id_: number for number, id_ in enumerate(entrants)}
        self._voters: dict[bytes, int] = {}
        self._prefixes: dict[bytes, int] = {}
        self._devices: dict[bytes, int] = {}
        self._rows: list[tuple[int, ...]] = []

    def add(self, rows: Iterable[Any]) -> None:
        for row in rows:
            common = (
                row["sequence"],
                max(0, int((row["at"] - self._beginning).total_seconds())),
                self._voters.setdefault(row["voter"], len(self._voters)),
                _number(self._prefixes, row["prefix"]),
                _number(self._devices, row["device"]),
                UNKNOWN if row["account_minutes"] is None else row["account_minutes"],
            )
            for entrant in row["entries"]:
                self._rows.append((*common, self._entrants[entrant]))

    def observed(self, until: int) -> Observed:
        table = np.array(self._rows, dtype=np.int64).reshape(len(self._rows), 7).T
        sequence, second, voter, prefix, device, age, entrant = table
        return in_order(
            Observed(
                entrants=len(self._entrants),
                sequence=sequence,
                second=second,
                entrant=entrant,
                voter=voter,
                prefix=prefix,
                device=device,
                age=age,
                until=until,
            )
        )


def _number(numbers: dict[bytes, int], value: bytes | None) -> int:
    return UNKNOWN if value is None else numbers.setdefault(value, len(numbers))
