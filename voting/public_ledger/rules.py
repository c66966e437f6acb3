"""When the rows of a ledger may be read by everyone: not before they stop being a count."""

from contest.editions.rules.contest import Phase
from contest.rulebooks.rules.vocabulary import Voting

_ANNOUNCED = frozenset({Phase.PUBLIC_NOTICE, Phase.FINAL})
_CLOSED = frozenset({Phase.JUDGING, Phase.TALLYING}) | _ANNOUNCED


def rows_open(voting: Voting, phase: Phase, *, board_frozen: bool) -> bool:
    """Whether the public may read the ledger's rows; before that, their hashes only.

    Whoever has the rows has the counts. So they open when voting has closed, but where the
    rulebook keeps counts back, or a board stands frozen for the ceremony, with the result.
    """
    if voting.count_display.mode == "live" and not board_frozen:
        return phase in _CLOSED
    return phase in _ANNOUNCED


def opens_after_voting(voting: Voting, *, board_frozen: bool) -> bool:
    """Whether the rows will open when voting closes, not only with the result."""
    return rows_open(voting, Phase.TALLYING, board_frozen=board_frozen)


def rows_open_to_staff(phase: Phase) -> bool:
    """Whether organisers and auditors may read them: once no vote can be added."""
    return phase in _CLOSED
