"""A judge's place on the panel, and what a declared conflict does to the sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.judging.rules.judge_sheet import EntryStatus


@dataclass(frozen=True)
class Seat:
    """One judge's place. `conflicts` gives the reason by entrant id, as the judge declared
    it; `has_declared` is true once the judge has answered, with or without a conflict."""

    id: int
    contest_id: int
    account_id: int
    number: int
    has_declared: bool
    conflicts: Mapping[int, str] = field(default_factory=dict)


def effective_status(
    seat: Seat, entrant_id: int, written: EntryStatus | None
) -> tuple[EntryStatus, str]:
    """The status of an entrant on a judge's sheet, and the reason a declaration gives it.

    A declared conflict recuses the judge from that entrant whatever is written later.
    """
    if entrant_id in seat.conflicts:
        return EntryStatus.RECUSED, seat.conflicts[entrant_id]
    return written or EntryStatus.DRAFT, ""
