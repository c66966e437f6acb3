"""What the big screen shows, as the host left it: board, nothing, one card, or the reveal."""

from dataclasses import dataclass, replace
from enum import StrEnum

from live.stage.rules.reveal import RevealPlan, RevealState, reveal_state


class Mode(StrEnum):
    BOARD = "board"
    BLANK = "blank"
    CARD = "card"
    REVEAL = "reveal"


@dataclass(frozen=True)
class Show:
    """The state of one contest's screen. `plan` is there in the modes `card` and `reveal`."""

    version: int = 0
    mode: Mode = Mode.BOARD
    step: int = 0
    plan: RevealPlan | None = None

    @property
    def has_next(self) -> bool:
        return self.plan is not None and self.step < self.plan.last_step

    @property
    def has_back(self) -> bool:
        return self.plan is not None and self.step > self.first_step

    @property
    def first_step(self) -> int:
        """A reveal begins with nothing shown; a card shows at least the entrant."""
        return 0 if self.mode is Mode.REVEAL else 1


@dataclass(frozen=True)
class ScreenState:
    """What screens receive: never more of the plan than the step allows.

    `kind` distinguishes it from a board on the same socket.
    """

    version: int
    mode: Mode
    title: str
    provisional: bool
    stage: RevealState | None
    kind: str = "show"


def turned_to(show: Show, mode: Mode, plan: RevealPlan | None = None) -> Show:
    """The screen in another mode, at the beginning of its plan."""
    turned = replace(show, version=show.version + 1, mode=mode, plan=plan, step=0)
    return replace(turned, step=turned.first_step) if plan else turned


def stepped(show: Show, steps: int) -> Show:
    """One step on (1) or back (-1); at either end the show stays as it is."""
    possible = show.has_next if steps > 0 else show.has_back
    if not possible:
        return show
    return replace(show, version=show.version + 1, step=show.step + steps)


def screen_state(show: Show, title: str, *, provisional: bool) -> ScreenState:
    return ScreenState(
        version=show.version,
        mode=show.mode,
        title=title,
        provisional=provisional,
        stage=reveal_state(show.plan, show.step) if show.plan else None,
    )
