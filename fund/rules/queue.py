"""Who is paid first when money is short: whoever was approved first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    """One entitlement in the queue; `gross` in fen."""

    entitlement: int
    gross: int


def fundable(queue: Iterable[Waiting], available: Mapping[int, int]) -> list[tuple[int, int]]:
    """(entitlement, budget line) of those that money is there for now.

    `queue` is in order of approval, `available` is fen by line in the order in which lines are
    used. The first that cannot be paid whole by one line ends the list: nobody is paid in part,
    and nobody who asks for less overtakes somebody who was approved earlier.
    """
    left = dict(available)
    funded = []
    for waiting in queue:
        line = next((line for line, fen in left.items() if fen >= waiting.gross), None)
        if line is None:
            break
        left[line] -= waiting.gross
        funded.append((waiting.entitlement, line))
    return funded
