"""The running order: who comes next, and what the host has to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class ActKind(StrEnum):
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
class NextAct:
    """What the host does next: open or close this turn, or wait for the judges to sign."""

    kind: ActKind
    turn: Turn | None = None


def next_act(turns: Sequence[Turn]) -> NextAct:
    """The next act for turns in the running order."""
    for turn in turns:
        if turn.state is TurnState.OPEN:
            return NextAct(ActKind.CLOSE, turn)
    for turn in turns:
        if turn.state is TurnState.WAITING:
            return NextAct(ActKind.OPEN, turn)
    return NextAct(ActKind.SIGN)


def in_order(codes: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """The entrants' codes in the chosen order; those it does not name follow by code.

    A chosen code that no longer takes part (withdrawn) is passed over.
    """
    there = set(codes)
    named = [code for code in dict.fromkeys(chosen) if code in there]
    return named + sorted(there - set(named))
