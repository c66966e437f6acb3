"""A change of ballots: a void, or the restoration of ballots that a void took out of the count."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contest.editions.rules.contest import Phase
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotFound
from voting.ledger.rules.leaves import RestoreLeaf, VoidLeaf
from voting.ledger.rules.sequences import written

_SHOWN = 20
_VOID_PHASES = frozenset({Phase.VOTING, Phase.JUDGING, Phase.TALLYING})
# Also while the result is announced: an upheld objection may be about a void.
_RESTORE_PHASES = _VOID_PHASES | {Phase.PUBLIC_NOTICE}


class Kind(StrEnum):
    """The values are those of the ledger's leaves and of the database."""

    VOID = "void"
    RESTORE = "restore"

    @property
    def noun(self) -> str:
        """As the audit log calls it: "void.proposed", "restoration.approved"."""
        return "void" if self is Kind.VOID else "restoration"

    @property
    def act(self) -> str:
        """As a sentence calls the act."""
        return _("作废") if self is Kind.VOID else _("恢复")


@dataclass(frozen=True)
class Proposal:
    """What is proposed: the ballots by ascending number, and the published rule and reason."""

    ballots: tuple[int, ...]
    rule: str
    reason: str


@dataclass(frozen=True)
class Change:
    """A proposal and, once given, the second person's decision (`approved` None before).

    `void` is the id of the void whose ballots a restoration names, None for a void. `ballots`
    is how many it names, `not_counting` how many ballots do not count now because of it, `sequence`
    its own place in the ledger when approved.
    """

    id: int
    kind: Kind
    contest_id: int
    void: int | None
    rule: str
    reason: str
    proposed_by: int
    proposed_by_name: str
    proposed_at: datetime
    approved: bool | None
    decision_reason: str | None
    decided_by_name: str | None
    decided_at: datetime | None
    sequence: int | None
    ballots: int
    not_counting: int

    @property
    def restored(self) -> int:
        """How many ballots were voided by it and count again."""
        return self.ballots - self.not_counting if self.approved and self.kind is Kind.VOID else 0


def check_phase(kind: Kind, phase: Phase) -> None:
    """Raises Conflict outside the phases in which such a change may be proposed or decided."""
    if kind is Kind.VOID and phase not in _VOID_PHASES:
        raise Conflict("void_not_now", _("只能在投票开始之后、结果公示之前作废选票"))
    if kind is Kind.RESTORE and phase not in _RESTORE_PHASES:
        raise Conflict("restoration_not_now", _("结果正式公布之后不能再恢复选票"))


def check_voidable(sequences: Sequence[int], states: Mapping[int, str | None]) -> None:
    """Whether these ballots can be proposed for a void; `states` are of those that exist.

    Raises Invalid naming every ballot that is not there or already in a void.
    """
    missing = [number for number in sequences if number not in states]
    taken = [number for number in sequences if states.get(number) is not None]
    _refuse(
        "invalid_void",
        (_("账本里没有这些选票：%(numbers)s"), missing),
        (_("这些选票已在核验或已作废：%(numbers)s"), taken),
    )


def check_restorable(
    sequences: Sequence[int], void: Collection[int], waiting: Collection[int]
) -> None:
    """Whether these ballots can be proposed for a restoration: `void` are those that the void
    keeps from counting now, `waiting` those that an open proposal names already.

    Raises Invalid naming every ballot that cannot.
    """
    _refuse(
        "invalid_restoration",
        (_("这些选票不是由这一批作废的：%(numbers)s"), [n for n in sequences if n not in void]),
        (_("这些选票已有恢复提议在等决定：%(numbers)s"), [n for n in sequences if n in waiting]),
    )


def _refuse(code: str, *faults: tuple[str, list[int]]) -> None:
    errors = [
        FieldError("ballots", sentence % {"numbers": written(numbers[:_SHOWN])})
        for sentence, numbers in faults
        if numbers
    ]
    if errors:
        raise Invalid(code, _("请更正标出的内容后再提交"), errors=errors)


def no_such(kind: Kind) -> NotFound:
    if kind is Kind.VOID:
        return NotFound("no_such_void_batch", _("没有这一批作废提议"))
    return NotFound("no_such_restoration", _("没有这一次恢复提议"))


def name_told_apart(decider: str, account_id: int | None, proposer: str) -> str:
    """The ledger shows two names for two people, also when they are namesakes."""
    return decider if decider != proposer else f"{decider}（{account_id}）"


def leaf_of(
    change: Change,
    contest: str,
    sequence: int,
    ballots: Sequence[int],
    approved_by: str,
    minute: datetime,
) -> VoidLeaf:
    """The approved change as the ledger tells it: a restoration names its void as `batch`."""
    leaf = VoidLeaf if change.void is None else RestoreLeaf
    return leaf(
        contest=contest,
        sequence=sequence,
        batch=change.id if change.void is None else change.void,
        ballots=tuple(ballots),
        rule=change.rule,
        reason=change.reason,
        proposed_by=change.proposed_by_name,
        approved_by=approved_by,
        minute=minute,
    )
