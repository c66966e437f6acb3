"""The votes that detectors look at, as columns, and what they find in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNKNOWN = -1
MINUTE, DAY = 60, 86_400


@dataclass(frozen=True)
class Observed:
    """One row for each vote (a ballot that names three entrants is three rows), by time.

    `second` counts from a Beijing midnight. `entrant` is 0 … entrants - 1; `voter`, `prefix`
    and `device` are numbers that mean nothing but sameness; `age` is the minutes the account
    had been known. UNKNOWN where there is no signal. `until` is the second up to which was
    looked: that no votes come any more tells something too.
    """

    entrants: int
    sequence: Ints
    second: Ints
    entrant: Ints
    voter: Ints
    prefix: Ints
    device: Ints
    age: Ints
    until: int = 0

    @property
    def size(self) -> int:
        return len(self.second)

    @property
    def minutes(self) -> int:
        """Whole minutes from the beginning to `until`, or to the last vote if that is later."""
        last = int(self.second[-1]) if self.size else -1
        return max(last, self.until - 1) // MINUTE + 1

    @property
    def day(self) -> Ints:
        return self.second // DAY


def in_order(seen: Observed) -> Observed:
    """The same votes by time."""
    order = np.argsort(seen.second, kind="stable")
    return Observed(
        entrants=seen.entrants,
        sequence=seen.sequence[order],
        second=seen.second[order],
        entrant=seen.entrant[order],
        voter=seen.voter[order],
        prefix=seen.prefix[order],
        device=seen.device[order],
        age=seen.age[order],
        until=seen.until,
    )


@dataclass(frozen=True)
class Finding:
    """What one detector found about one entrant: `observed` votes where `expected` would be
    usual. `rows` are rows of Observed; `q` is the p-value after false-discovery control."""

    detector: str
    entrant: int
    rows: Ints
    observed: float
    expected: float
    q: float


def per_minute(seen: Observed) -> Ints:
    """Votes by minute and entrant."""
    flat = np.bincount(
        seen.second // MINUTE * seen.entrants + seen.entrant,
        minlength=seen.minutes * seen.entrants,
    )
    return flat.reshape(seen.minutes, seen.entrants).astype(np.int64)


def distinct(*columns: Ints) -> tuple[tuple[Ints, ...], Ints]:
    """The distinct combinations of columns, and for each row the number of its own."""
    base = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        base = base * (int(column.max(initial=0)) + 2) + column + 1
    _keys, first, group = np.unique(base, return_index=True, return_inverse=True)
    return tuple(column[first] for column in columns), group.reshape(-1)
