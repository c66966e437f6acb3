"""What a declared conflict of interest does to a judge's sheet."""

from scoring.judging.panel.rules import Seat
from scoring.judging.sheets.rules.judge_sheet import EntryStatus


def effective_status(
    seat: Seat, entrant_id: int, written: EntryStatus | None
) -> tuple[EntryStatus, str]:
    """The status of an entrant on a judge's sheet, and the reason a declaration gives it.

    A declared conflict recuses the judge from that entrant whatever is written later.
    """
    if entrant_id in seat.conflicts:
        return EntryStatus.RECUSED, seat.conflicts[entrant_id]
    return written or EntryStatus.DRAFT, ""
