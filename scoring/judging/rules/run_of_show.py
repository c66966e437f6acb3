"""The host's run of show: who comes next, what the one obvious next button is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class StepKind(StrEnum):
    OPEN = "open"
    CLOSE = "close"
    SIGN = "sign"


class TurnState(StrEnum):
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Turn:
    """One entrant's turn in one round."""

    round: str
    code: str
    state: TurnState


@dataclass(frozen=True)
class Step:
    """What the host does next: open or close this turn, or wait for the judges to sign."""

    kind: StepKind
    turn: Turn | None = None


def next_step(turns: Sequence[Turn]) -> Step:
    """The next step for turns in the order of the show."""
    for turn in turns:
        if turn.state is TurnState.OPEN:
            return Step(StepKind.CLOSE, turn)
    for turn in turns:
        if turn.state is TurnState.WAITING:
            return Step(StepKind.OPEN, turn)
    return Step(StepKind.SIGN)


def in_order(codes: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """The entrants' codes in the chosen order; those it does not name follow by code.

    A chosen code that no longer takes part (withdrawn) is passed over.
    """
    there = set(codes)
    named = [code for code in dict.fromkeys(chosen) if code in there]
    return named + sorted(there - set(named))
